import path from 'node:path';
import * as z from 'zod';
import type { Builder, BuildRequest, Command, Probe, Surroundings } from './builder.js';
import { withDeadline } from './deadline.js';
import { dockerLike, joinedPlatforms, repeated } from './flags.js';
import { notOnPath } from './mends.js';
import { findProgram } from './path.js';
import { notFound, probeOf, versionIn, versionOutput } from './probe.js';
import { cacheRefusal, platformRefusal } from './refusals.js';
import { whyFailed } from './text.js';

/** What tells `buildah` from `podman`: one has the other's builder inside, and both the storage of containers/storage. */
export interface StorageProgram {
  readonly kind: 'buildah' | 'podman';
  readonly remove: readonly string[];
  /** See `Builder.leaves`. */
  readonly leaves: string;
}

/** What is read of `buildah info` and of `podman info --format json`. */
const infoSchema = z.looseObject({
  host: z.looseObject({
    os: z.string(),
    arch: z.string(),
    variant: z.string().optional(),
    /** podman only: the builds are in a virtual machine, or on another one. */
    serviceIsRemote: z.boolean().optional(),
  }),
  store: z
    .looseObject({ GraphRoot: z.string().optional(), graphRoot: z.string().optional() })
    .transform(({ GraphRoot, graphRoot }) => GraphRoot ?? graphRoot ?? null),
});

type Call = (...args: string[]) => Command;

/** A builder without a daemon: every lane works on the storage itself. INSTANCE is a storage root of its own. */
export function createOnStorage(
  program: StorageProgram,
  instance: string | null,
  surroundings: Surroundings,
  emulated: () => Promise<readonly string[]>,
): Builder {
  const { kind, remove, leaves } = program;
  const root = instance === null ? null : path.resolve(instance);
  const call: Call = (...args) => ({
    file: kind,
    args: [...(root === null ? [] : ['--root', root, '--runroot', path.join(root, 'run')]), ...args],
  });
  return {
    kind,
    instance,
    simulated: false,
    progressStream: 'stdout',
    // There is none: every lane works on the storage itself.
    hasReachedDaemon: () => true,
    leaves,
    probe: () => ask(kind, instance, surroundings, call, emulated),
    refuses: (request, probe) =>
      progressRefusal(kind, request) ??
      cacheRefusal(request, kind) ??
      platformRefusal(request, probe.platforms),
    build: (request) =>
      call(
        'build',
        ...dockerLike(request),
        // With `--manifest` the name would be a list, which `rmi` of 1.28 cannot remove, and a second build adds to it.
        ...repeated('-t', request.tags),
        ...joinedPlatforms(request),
        request.context,
      ),
    wake: () => [],
    removeImages: (tags) => call(...remove, ...tags),
  };
}

async function ask(
  kind: StorageProgram['kind'],
  instance: string | null,
  { env, platform, run }: Surroundings,
  call: Call,
  emulated: () => Promise<readonly string[]>,
): Promise<Probe> {
  if (!(await findProgram(kind, env))) return notFound(kind, instance, notOnPath(kind, platform));
  const within = withDeadline(run);
  // buildah's `info` is JSON by itself, and takes a template only.
  const asJson = kind === 'podman' ? ['--format', 'json'] : [];
  const commands = { version: { file: kind, args: ['--version'] }, info: call('info', ...asJson) };
  const [version, info] = await Promise.all([within(commands.version), within(commands.info)]);
  const known = infoOf(info.stdout);
  return probeOf(kind, instance, {
    found: true,
    answers: known !== null,
    name: known?.storage ?? null,
    version: versionIn(version.stdout),
    // What this machine's kernel emulates says nothing of another one.
    platforms: known && !known.isRemote ? [...new Set([known.platform, ...(await emulated())])] : null,
    missing: known
      ? []
      : [{ what: `${kind} cannot open its storage (${whyFailed(info)})`, mend: `${kind} info` }],
    versionOutput: versionOutput([[commands.version, version]]),
  });
}

function infoOf(
  text: string,
): { readonly platform: string; readonly storage: string | null; readonly isRemote: boolean } | null {
  try {
    const { host, store } = infoSchema.parse(JSON.parse(text));
    const parts = [host.os, host.arch, ...(host.variant ? [host.variant] : [])];
    return { platform: parts.join('/'), storage: store, isRemote: host.serviceIsRemote ?? false };
  } catch {
    return null;
  }
}

function progressRefusal(kind: StorageProgram['kind'], request: BuildRequest): string | null {
  if (request.progress === 'auto' || request.progress === 'plain') return null;
  return `${kind} has one output only, and no progress ${request.progress}`;
}
