import { normalizePlatform } from '../platforms.js';
import { digestOf, isDigest } from './digest.js';
import { configSchema, type IndexEntry, indexSchema, json, manifestSchema, parseAs } from './documents.js';
import { RegistryError } from './errors.js';
import { get, type Session } from './http.js';

const mostManifestBytes = 4 * 1024 * 1024;
const mostConfigBytes = 8 * 1024 * 1024;
/** Time that all requests for one image may take together. */
const limitMs = 30_000;
/** An index may name an index; deeper than this nothing is followed. */
const mostIndexes = 3;

const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** The grammar of the distribution specification ("Pulling manifests"): nothing of it needs escaping in a URL. */
const nameForm = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** One platform of an image, as a registry has it. */
export interface ReadImage {
  /** Of the manifest, `sha256:…`. */
  readonly digest: string;
  /** Of the config, `sha256:…`. */
  readonly configDigest: string;
  /** The inline cache record (`moby.buildkit.cache.v0`) decoded, null where the config has none. */
  readonly inlineCache: unknown;
}

/**
 * Reads `name:reference` (a tag or a digest) from a plain-http registry. Of an index the manifest of `platform` is
 * taken, and without one the first that is no attestation.
 * @throws {RegistryError} one sentence, also where content is not what its digest says.
 */
export async function readImage(
  registry: string,
  name: string,
  reference: string,
  platform?: string,
): Promise<ReadImage> {
  if (!nameForm.test(name) || !(tagForm.test(reference) || isDigest(reference)))
    throw new RegistryError(`${JSON.stringify(`${name}:${reference}`)} is no name of an image in a registry`);
  const session: Session = { registry, signal: AbortSignal.timeout(limitMs) };
  const { digest, configDigest } = await findManifest(session, name, reference, platform);
  return { digest, configDigest, inlineCache: await inlineCacheOf(session, name, configDigest) };
}

async function findManifest(
  session: Session,
  name: string,
  reference: string,
  platform: string | undefined,
): Promise<{ readonly digest: string; readonly configDigest: string }> {
  let wanted = reference;
  for (let indexes = 0; indexes <= mostIndexes; indexes++) {
    const what = `the manifest of ${spelled(name, wanted)}`;
    const { body, type } = await get(session, `${name}/manifests/${wanted}`, {
      accept: [...manifestTypes, ...indexTypes].join(', '),
      mostBytes: mostManifestBytes,
      what,
    });
    const digest = digestOf(body);
    if (isDigest(wanted) && digest !== wanted)
      throw new RegistryError(`${what} has another digest, ${digest}`);
    const text = body.toString('utf8');
    if (manifestTypes.includes(type))
      return { digest, configDigest: checked(parseAs(manifestSchema, text, what).config.digest, what) };
    if (!indexTypes.includes(type))
      throw new RegistryError(`${what} is of a type that is not read: ${JSON.stringify(type.slice(0, 100))}`);
    const { manifests } = parseAs(indexSchema, text, what);
    wanted = checked(choose(manifests, platform, what).digest, what);
  }
  throw new RegistryError(`${name}:${reference} is an index of indexes, ${mostIndexes} deep and more`);
}

function choose(entries: readonly IndexEntry[], platform: string | undefined, what: string): IndexEntry {
  const images = entries.filter((entry) => !isAttestation(entry));
  const found =
    platform === undefined
      ? images[0]
      : images.find((entry) => normal(platformOf(entry)) === normal(platform));
  if (found !== undefined) return found;
  throw new RegistryError(`${what} is an index without an image${platform ? ` for ${platform}` : ''}`);
}

/** BuildKit's provenance and SBOM stand in the index beside the images. */
function isAttestation({ platform, annotations }: IndexEntry): boolean {
  return annotations?.['vnd.docker.reference.type'] !== undefined || platform?.os === 'unknown';
}

function platformOf({ platform }: IndexEntry): string {
  return [platform?.os, platform?.architecture, platform?.variant].filter(Boolean).join('/');
}

function normal(platform: string): string {
  return normalizePlatform(platform) ?? platform;
}

async function inlineCacheOf(session: Session, name: string, digest: string): Promise<unknown> {
  const what = `the config of ${spelled(name, digest)}`;
  const { body } = await get(session, `${name}/blobs/${digest}`, {
    accept: '*/*',
    mostBytes: mostConfigBytes,
    what,
  });
  const actual = digestOf(body);
  if (actual !== digest) throw new RegistryError(`${what} has another digest, ${actual}`);
  const record = parseAs(configSchema, body.toString('utf8'), what)['moby.buildkit.cache.v0'];
  if (record === undefined) return null;
  return json(Buffer.from(record, 'base64').toString('utf8'), `the inline cache record in ${what}`);
}

/** @throws {RegistryError} It goes into the next URL. */
function checked(digest: string, what: string): string {
  if (isDigest(digest)) return digest;
  throw new RegistryError(`${what} names what is no sha256 digest: ${JSON.stringify(digest.slice(0, 100))}`);
}

function spelled(name: string, reference: string): string {
  return `${name}${isDigest(reference) ? '@' : ':'}${reference}`;
}
