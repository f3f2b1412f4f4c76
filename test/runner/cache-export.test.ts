import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dirSync } from 'tmp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCacheExport } from '../../src/runner/cache-export.js';

const indexType = 'application/vnd.oci.image.index.v1+json';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';
const configType = 'application/vnd.buildkit.cacheconfig.v0';

let folder: string;
let remove: () => void;
beforeEach(() => {
  const made = dirSync({ prefix: 'cache-export-', unsafeCleanup: true });
  folder = path.join(made.name, 'cache');
  remove = made.removeCallback;
  mkdirSync(path.join(folder, 'blobs/sha256'), { recursive: true });
});
afterEach(() => remove());

interface Descriptor {
  readonly mediaType?: string;
  readonly digest: string;
  readonly size?: number;
}

const placeOf = (digest: string) => `blobs/sha256/${digest.slice('sha256:'.length)}`;
const fileOf = ({ digest }: Descriptor) => path.join(folder, placeOf(digest));

function blob(mediaType: string, content: unknown): Descriptor {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  writeFileSync(path.join(folder, placeOf(digest)), text);
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

function index(...manifests: readonly object[]) {
  writeFileSync(path.join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
}

const tagged = (entry: Descriptor, tag: string) => ({
  ...entry,
  annotations: { 'org.opencontainers.image.ref.name': tag },
});

/** What BuildKit of today writes: one manifest, two layers and a config. */
function whole() {
  const layers = [blob(layerType, 'first layer'), blob(layerType, 'second layer')] as const;
  const config = blob(configType, { layers: [], records: [] });
  const manifest = blob(manifestType, { schemaVersion: 2, mediaType: manifestType, config, layers });
  index(tagged(manifest, 'latest'));
  return { layers, config, manifest };
}

const nothingMissing = { manifests: 1, missing: [], problem: null };

describe('checkCacheExport', () => {
  it('finds nothing missing in a whole export', async () => {
    whole();
    expect(await checkCacheExport(folder, null)).toEqual(nothingMissing);
    expect(await checkCacheExport(folder, 'latest')).toEqual(nothingMissing);
  });

  it('takes the index of older BuildKit, which names the layers itself', async () => {
    const layer = blob(layerType, 'first layer');
    const cache = blob(indexType, { manifests: [layer, blob(configType, '{}')] });
    index(cache);
    expect(await checkCacheExport(folder, null)).toEqual(nothingMissing);
    rmSync(fileOf(layer));
    expect(await checkCacheExport(folder, null)).toEqual({
      ...nothingMissing,
      missing: [{ digest: layer.digest, namedBy: placeOf(cache.digest) }],
    });
  });

  it.each([
    ['is not there', (file: string) => rmSync(file)],
    ['is cut short', (file: string) => truncateSync(file, 5)],
    ['is empty', (file: string) => truncateSync(file, 0)],
    ['has other content of that length', (file: string) => writeFileSync(file, 'FIRST layer')],
    ['is a folder', (file: string) => execFileSync('sh', ['-c', 'rm "$0" && mkdir "$0"', file])],
    ['is a FIFO', (file: string) => execFileSync('sh', ['-c', 'rm "$0" && mkfifo "$0"', file])],
  ])('tells of a layer that %s', async (_, spoil) => {
    const { layers, manifest } = whole();
    spoil(fileOf(layers[0]));
    expect(await checkCacheExport(folder, null)).toEqual({
      ...nothingMissing,
      missing: [{ digest: layers[0].digest, namedBy: placeOf(manifest.digest) }],
    });
  });

  it('tells of a config that is not there, and of a manifest', async () => {
    const { config, manifest } = whole();
    rmSync(fileOf(config));
    expect((await checkCacheExport(folder, null)).missing).toEqual([
      { digest: config.digest, namedBy: placeOf(manifest.digest) },
    ]);
    rmSync(fileOf(manifest));
    expect(await checkCacheExport(folder, null)).toEqual({
      ...nothingMissing,
      missing: [{ digest: manifest.digest, namedBy: 'index.json' }],
    });
  });

  it('tells of a size that is not the blob’s', async () => {
    const { manifest } = whole();
    index({ ...manifest, size: 3 });
    expect((await checkCacheExport(folder, null)).missing).toEqual([
      { digest: manifest.digest, namedBy: 'index.json' },
    ]);
  });

  it('looks at what the tag names, and says where it names nothing', async () => {
    const { manifest } = whole();
    const gone = { mediaType: manifestType, digest: `sha256:${'0'.repeat(64)}`, size: 1 };
    index(tagged(manifest, 'a'), tagged(gone, 'b'));
    expect(await checkCacheExport(folder, 'a')).toEqual(nothingMissing);
    const missing = [{ digest: gone.digest, namedBy: 'index.json' }];
    expect(await checkCacheExport(folder, 'b')).toEqual({ manifests: 1, missing, problem: null });
    expect(await checkCacheExport(folder, null)).toEqual({ manifests: 2, missing, problem: null });
    expect((await checkCacheExport(folder, 'c')).problem).toBe('index.json names nothing with the tag c');
  });

  it('tells a blob once for each file that names it, however often', async () => {
    const layer = { mediaType: layerType, digest: `sha256:${'0'.repeat(64)}`, size: 1 };
    const one = blob(manifestType, { layers: [layer, layer] });
    const other = blob(manifestType, { layers: [layer], annotations: { other: '' } });
    index(one, other, one);
    expect((await checkCacheExport(folder, null)).missing).toEqual([
      { digest: layer.digest, namedBy: placeOf(one.digest) },
      { digest: layer.digest, namedBy: placeOf(other.digest) },
    ]);
  });

  it.each(['sha256:../../x', '../../x', 'sha512:abc', `sha256:${'A'.repeat(64)}`, ''])(
    'follows no digest %j',
    async (digest) => {
      writeFileSync(path.join(folder, 'x'), 'x');
      index({ digest, size: 1 });
      expect(await checkCacheExport(folder, null)).toEqual({
        manifests: 1,
        missing: [{ digest, namedBy: 'index.json' }],
        problem: null,
      });
    },
  );

  it('follows no link out of the folder, and links inside of it', async () => {
    const { layers, manifest } = whole();
    const outside = path.join(folder, '..', 'outside');
    renameSync(fileOf(layers[0]), outside);
    symlinkSync(outside, fileOf(layers[0]));
    expect((await checkCacheExport(folder, null)).missing).toEqual([
      { digest: layers[0].digest, namedBy: placeOf(manifest.digest) },
    ]);
    rmSync(fileOf(layers[0]));
    renameSync(outside, path.join(folder, 'inside'));
    symlinkSync('../../inside', fileOf(layers[0]));
    expect(await checkCacheExport(folder, null)).toEqual(nothingMissing);
    renameSync(path.join(folder, 'blobs'), path.join(folder, '..', 'blobs'));
    symlinkSync('../blobs', path.join(folder, 'blobs'));
    expect((await checkCacheExport(folder, null)).missing).toEqual([
      { digest: manifest.digest, namedBy: 'index.json' },
    ]);
    renameSync(path.join(folder, 'index.json'), outside);
    symlinkSync(outside, path.join(folder, 'index.json'));
    expect((await checkCacheExport(folder, null)).problem).toBe('there is no index.json');
  });

  it.each([
    ['no index', null, 'there is no index.json'],
    ['broken JSON', '{"manifests": [', 'index.json is no index of an OCI layout'],
    ['an empty file', '', 'index.json is no index of an OCI layout'],
    ['another document', '{"manifests": {}}', 'index.json is no index of an OCI layout'],
    ['digests that are no text', '{"manifests": [{"digest": 1}]}', 'index.json is no index of an OCI layout'],
    ['too much', ' '.repeat(4 * 1024 * 1024 + 1), 'index.json is longer than 4194304 bytes'],
  ])('cannot check an export with %s', async (_, text, problem) => {
    if (text !== null) writeFileSync(path.join(folder, 'index.json'), text);
    expect(await checkCacheExport(folder, null)).toEqual({ manifests: 0, missing: [], problem });
  });

  it('cannot check where there is no folder, or a manifest is none', async () => {
    expect((await checkCacheExport(path.join(folder, 'no'), null)).problem).toBe(
      'there is no such folder (no such file or directory)',
    );
    const manifest = blob(manifestType, 'no JSON');
    index(manifest);
    expect((await checkCacheExport(folder, null)).problem).toBe(
      `${placeOf(manifest.digest)} is no manifest and no index`,
    );
  });

  it('an index that names nothing is whole', async () => {
    index();
    expect(await checkCacheExport(folder, null)).toEqual({ manifests: 0, missing: [], problem: null });
  });

  it('gives up on an index that names more than it can look at', async () => {
    index(...Array.from({ length: 10_001 }, (_, n) => ({ digest: `sha256:${String(n).padStart(64, '0')}` })));
    expect((await checkCacheExport(folder, null)).problem).toBe('it names more than 10000 digests');
  });
});
