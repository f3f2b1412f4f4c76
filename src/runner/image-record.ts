import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { type Builder, builderKinds } from '../builders/builder.js';
import { machineFault } from './machine-fault.js';
import { ownerFile } from './scratch-owner.js';

/** The note of images, in a run's scratch folder. */
export const imagesFile = 'images.json';

/** What of a scratch folder stays for whoever is to remove the images that it notes. */
export const noteFiles: readonly string[] = [ownerFile, imagesFile];

/** Variables that decide which of the builders of one kind is meant, and where it keeps its images. */
const deciding = [
  'BUILDKIT_HOST',
  'BUILDRACE_SIMULATOR_STATE',
  'BUILDX_BUILDER',
  'BUILDX_CONFIG',
  'CONTAINERS_CONF',
  'CONTAINERS_STORAGE_CONF',
  'CONTAINER_CONNECTION',
  'CONTAINER_HOST',
  'CONTAINER_SSHKEY',
  'DOCKER_CERT_PATH',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'DOCKER_HOST',
  'DOCKER_TLS',
  'DOCKER_TLS_VERIFY',
  'HOME',
  'STORAGE_DRIVER',
  'STORAGE_OPTS',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
] as const;
/** Of these, the instance is a folder. */
const inFolders: readonly string[] = ['buildah', 'podman'] satisfies Builder['kind'][];

const recordSchema = z.object({
  schemaVersion: z.literal(1),
  kind: z.enum(builderKinds),
  instance: z.string().nullable(),
  /** Those of the deciding variables that were set. */
  env: z.partialRecord(z.enum(deciding), z.string()),
  /** Names as plans have them, filled in: nothing that a program could take for a flag. */
  tags: z.array(z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._/:-]{0,510}$/)).min(1),
});
/** Images that a run was about to make, for who comes after a run that was killed. */
export type ImageRecord = z.infer<typeof recordSchema>;

/**
 * Notes the images before the first of them can be there, beside those that could not be removed so far. Nothing is noted
 * of a builder that leaves none.
 */
export function noteImages(
  scratch: string,
  builder: Builder,
  env: Readonly<NodeJS.ProcessEnv>,
  tags: readonly string[],
): void {
  if (tags.length === 0 || builder.removeImages(tags) === null) return;
  const { kind, instance } = builder;
  const set = deciding.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  const isFolder = instance !== null && inFolders.includes(kind);
  const record = {
    schemaVersion: 1,
    kind,
    instance: isFolder ? path.resolve(instance) : instance,
    env: Object.fromEntries(set),
    tags: [...new Set([...(imagesIn(scratch)?.tags ?? []), ...tags])],
  };
  write(scratch, record);
}

function write(scratch: string, record: object): void {
  const file = path.join(scratch, imagesFile);
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** They were removed: all that are noted (null), or some of them. */
export function forgetImages(scratch: string, removed: readonly string[] | null = null): void {
  const noted = removed === null ? null : imagesIn(scratch);
  const tags = noted?.tags.filter((tag) => removed?.includes(tag) !== true) ?? [];
  if (noted === null || tags.length === 0) {
    rmSync(path.join(scratch, imagesFile), { force: true });
    return;
  }
  try {
    write(scratch, { ...noted, tags });
  } catch (error) {
    // A note that names too many does no harm: it stays as it was.
    if (machineFault(error) === null) throw error;
  }
}

/** Whether images are noted, and all else of the scratch folder is gone but for whose it was. */
export function holdsNotesOfImages(scratch: string): boolean {
  try {
    const names = readdirSync(scratch);
    return names.includes(imagesFile) && names.every((name) => noteFiles.includes(name));
  } catch {
    return false;
  }
}

/** Null where none are noted, or not as `noteImages` does it. */
export function imagesIn(scratch: string): ImageRecord | null {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path.join(scratch, imagesFile), 'utf8')));
  } catch {
    return null;
  }
}

/** The environment in which the noted builder is meant, made of this one. */
export function environmentOf(
  { env }: ImageRecord,
  now: Readonly<NodeJS.ProcessEnv> = process.env,
): NodeJS.ProcessEnv {
  const others = Object.entries(now).filter(([name]) => !deciding.some((one) => one === name));
  return { ...Object.fromEntries(others), ...env };
}
