import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { systemReason } from '../errors.js';

/** An index or a manifest that is longer is not read (registries take 4 MiB at most). */
const mostDocumentBytes = 4 * 1024 * 1024;
/** Digests that are looked at, and bytes of blobs that are read, for one export. */
const mostDigests = 10_000;
const mostBytes = 8 * 1024 ** 3;
/** Of a digest that is none, this much is told. */
const mostToldCharacters = 200;

/** The annotation by which an index of an OCI layout calls its entries (image-spec, "annotations"). */
const refName = 'org.opencontainers.image.ref.name';

/** What a cache export holds, and what it only claims to hold. */
export interface CacheExport {
  /** Manifests that its `index.json` names, of the tag asked for. */
  readonly manifests: number;
  /** Digests that are named and have no blob of that content; `namedBy` is a path below the folder. */
  readonly missing: readonly { readonly digest: string; readonly namedBy: string }[];
  /** Why nothing could be checked, as a clause, or null. */
  readonly problem: string | null;
}

const descriptorSchema = z.looseObject({
  digest: z.string(),
  size: z.number().optional(),
  mediaType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).nullish(),
});
type Descriptor = z.infer<typeof descriptorSchema>;

const indexSchema = z.looseObject({ manifests: z.array(descriptorSchema) });

/** An index names manifests; a manifest names a config and layers. Either way each has to have its blob. */
const documentSchema = z.looseObject({
  manifests: z.array(descriptorSchema).nullish(),
  layers: z.array(descriptorSchema).nullish(),
  config: descriptorSchema.nullish(),
});

/** Media types whose blobs name others. What an older BuildKit lists in an index are layers: they name nothing. */
const documentTypes = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]);

/**
 * Checks whether a cache that a build exported with `type=local` is whole: each digest named in its index (of the
 * entries called `tag`; null: of all), in the manifests below it and so on has a blob of that size and content. Links
 * that lead out of the folder count as not there. Never throws.
 */
export async function checkCacheExport(folder: string, tag: string | null): Promise<CacheExport> {
  try {
    return await check(folder, tag);
  } catch (error) {
    return {
      manifests: 0,
      missing: [],
      problem: error instanceof Problem ? error.message : systemReason(error),
    };
  }
}

/** Why an export cannot be checked. */
class Problem extends Error {}

async function check(folder: string, tag: string | null): Promise<CacheExport> {
  const root = await realpath(folder).catch((error) => {
    throw new Problem(`there is no such folder (${systemReason(error)})`);
  });
  const index = await readIndex(root);
  const entries = index.filter((entry) => tag === null || entry.annotations?.[refName] === tag);
  if (tag !== null && entries.length === 0) throw new Problem(`index.json names nothing with the tag ${tag}`);
  const missing = await missingBelow(root, entries);
  return { manifests: entries.length, missing, problem: null };
}

async function readIndex(root: string): Promise<readonly Descriptor[]> {
  const file = await openInside(root, 'index.json');
  if (file === null) throw new Problem('there is no index.json');
  try {
    const { size } = await file.stat();
    if (size > mostDocumentBytes) throw new Problem(`index.json is longer than ${mostDocumentBytes} bytes`);
    const parsed = indexSchema.safeParse(json(await file.readFile('utf8')));
    if (parsed.success) return parsed.data.manifests;
    throw new Problem('index.json is no index of an OCI layout');
  } finally {
    await file.close();
  }
}

interface Named {
  readonly descriptor: Descriptor;
  readonly namedBy: string;
}

/** Breadth first; every digest is looked at once for each size that is claimed of it, and told once for each file. */
async function missingBelow(root: string, entries: readonly Descriptor[]): Promise<CacheExport['missing']> {
  const queue: Named[] = entries.map((descriptor) => ({ descriptor, namedBy: 'index.json' }));
  const known = new Map<string, boolean>();
  const missing = new Map<string, { digest: string; namedBy: string }>();
  let bytes = 0;
  for (let named = queue.shift(); named !== undefined; named = queue.shift()) {
    const { descriptor, namedBy } = named;
    const key = `${descriptor.digest} ${descriptor.size ?? ''} ${descriptor.mediaType ?? ''}`;
    let isThere = known.get(key);
    if (isThere === undefined) {
      if (known.size >= mostDigests) throw new Problem(`it names more than ${mostDigests} digests`);
      const blob = await readBlob(root, descriptor, mostBytes - bytes);
      isThere = blob !== null;
      known.set(key, isThere);
      bytes += blob?.bytes ?? 0;
      if (blob !== null) queue.push(...namedIn(descriptor, blob));
    }
    if (!isThere) {
      const digest = descriptor.digest.slice(0, mostToldCharacters);
      missing.set(`${digest} ${namedBy}`, { digest, namedBy });
    }
  }
  return [...missing.values()];
}

interface Blob {
  readonly bytes: number;
  /** Null where it is too long for a document. */
  readonly text: string | null;
}

/** What a manifest or an index names. Its content is what its digest says, so what cannot be read was built so. */
function namedIn({ digest, mediaType }: Descriptor, { text }: Blob): Named[] {
  if (mediaType !== undefined && !documentTypes.has(mediaType)) return [];
  const namedBy = blobPath(digest) ?? '';
  const parsed = documentSchema.safeParse(text === null ? null : json(text));
  if (!parsed.success) {
    // Without a media type it may be anything, and need name nothing.
    if (mediaType === undefined) return [];
    throw new Problem(`${namedBy} is no manifest and no index`);
  }
  const { manifests, layers, config } = parsed.data;
  return [...(manifests ?? []), ...(config ? [config] : []), ...(layers ?? [])].map((descriptor) => ({
    descriptor,
    namedBy,
  }));
}

/** Null where there is no blob of that size and content. */
async function readBlob(root: string, { digest, size }: Descriptor, most: number): Promise<Blob | null> {
  const place = blobPath(digest);
  const file = place === null ? null : await openInside(root, place);
  if (file === null) return null;
  try {
    const { size: bytes } = await file.stat();
    if (size !== undefined && size !== bytes) return null;
    if (bytes > most) throw new Problem(`it holds more than ${mostBytes} bytes`);
    const hash = createHash('sha256');
    const kept: Buffer[] = [];
    for await (const piece of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      hash.update(piece);
      if (bytes <= mostDocumentBytes) kept.push(piece);
    }
    if (`sha256:${hash.digest('hex')}` !== digest) return null;
    return { bytes, text: bytes <= mostDocumentBytes ? Buffer.concat(kept).toString('utf8') : null };
  } finally {
    await file.close();
  }
}

/** Null for what is no digest of the one kind that BuildKit writes. */
function blobPath(digest: string): string | null {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  return hex === undefined ? null : `blobs/sha256/${hex}`;
}

/** A regular file in `root`, wherever links lead to inside of it; null where there is none. */
async function openInside(root: string, place: string): Promise<FileHandle | null> {
  const real = await realpath(path.join(root, place)).catch(nullWhereAbsent);
  if (real === null || !real.startsWith(root + path.sep)) return null;
  // O_NONBLOCK: opening a FIFO would wait for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(real, flags).catch(nullWhereAbsent);
  if (file === null || (await file.stat()).isFile()) return file;
  await file.close();
  return null;
}

/** What may not be read is something else than what is not there: then nothing can be said. */
function nullWhereAbsent(error: NodeJS.ErrnoException): null {
  if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(error.code ?? '')) return null;
  throw error;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
