import { describe, expect } from 'vitest';
import { RegistryError } from '../../src/registry/errors.js';
import { readImage } from '../../src/registry/read-image.js';
import { digestOf, type SmallRegistry, test } from './small-registry.js';

const oci = 'application/vnd.oci.image.manifest.v1+json';
const docker = 'application/vnd.docker.distribution.manifest.v2+json';
const index = 'application/vnd.oci.image.index.v1+json';
const list = 'application/vnd.docker.distribution.manifest.list.v2+json';

const record = { layers: [{ layer: 'a' }], records: [] };
const inBase64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

function image(registry: SmallRegistry, config: object, type = oci, ...tags: string[]) {
  const configDigest = registry.blob('x', JSON.stringify(config));
  const digest = registry.manifest('x', type, { config: { digest: configDigest }, layers: [] }, ...tags);
  return { digest, configDigest };
}

/** The one sentence that reading ends with. */
async function failure(registry: SmallRegistry, reference = '1', platform?: string, name = 'x') {
  const error = await readImage(registry.address, name, reference, platform).catch((caught) => caught);
  expect(error).toBeInstanceOf(RegistryError);
  expect(error.message).not.toMatch(/\n/);
  return error.message as string;
}

describe('readImage', () => {
  test.for([oci, docker])('reads digests and the inline cache of a %s', async (type, { registry }) => {
    const facts = image(registry, { 'moby.buildkit.cache.v0': inBase64(record) }, type, '1');
    expect(await readImage(registry.address, 'x', '1')).toEqual({ ...facts, inlineCache: record });
    for (const one of [oci, docker, index, list]) expect(registry.asked[0]).toContain(one);
  });

  test('takes a digest, and null is no inline cache', async ({ registry }) => {
    const facts = image(registry, { os: 'linux' });
    expect(await readImage(registry.address, 'x', facts.digest)).toEqual({ ...facts, inlineCache: null });
  });

  test.for([index, list])('follows a %s to the platform asked for', async (type, { registry }) => {
    const amd = image(registry, { architecture: 'amd64' });
    const arm = image(registry, { architecture: 'arm64' });
    const attestation = image(registry, { architecture: 'unknown' });
    const document = {
      manifests: [
        {
          digest: attestation.digest,
          platform: { os: 'unknown', architecture: 'unknown' },
          annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
        },
        { digest: amd.digest, platform: { os: 'linux', architecture: 'amd64' } },
        { digest: arm.digest, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
      ],
    };
    registry.manifest('x', type, document, '1');
    expect(await readImage(registry.address, 'x', '1')).toMatchObject(amd);
    expect(await readImage(registry.address, 'x', '1', 'linux/arm64')).toMatchObject(arm);
    expect(await readImage(registry.address, 'x', '1', 'linux/amd64/v1')).toMatchObject(amd);
    expect(await failure(registry, '1', 'linux/s390x')).toBe(
      'the manifest of x:1 is an index without an image for linux/s390x',
    );
  });

  test('an index of attestations alone, and one that names itself, are told', async ({ registry }) => {
    registry.manifest('x', index, { manifests: [] }, '1');
    expect(await failure(registry)).toBe('the manifest of x:1 is an index without an image');
    let inner = registry.manifest('x', index, { manifests: [] });
    for (let depth = 0; depth < 5; depth++)
      inner = registry.manifest('x', index, { manifests: [{ digest: inner }] }, '2');
    expect(await failure(registry, '2')).toBe('x:2 is an index of indexes, 3 deep and more');
  });

  test('content that is not what its digest says is refused', async ({ registry }) => {
    const { configDigest, digest } = image(registry, { os: 'linux' }, oci, '1');
    registry.put(`x/blobs/${configDigest}`, { type: 'a/b', body: '{}' });
    expect(await failure(registry)).toBe(
      `the config of x@${configDigest} has another digest, ${digestOf('{}')}`,
    );
    registry.put(`x/manifests/${digest}`, { type: oci, body: '{}' });
    expect(await failure(registry, digest)).toBe(
      `the manifest of x@${digest} has another digest, ${digestOf('{}')}`,
    );
  });

  test('what is not there, is no JSON or of another form is told', async ({ registry }) => {
    expect(await failure(registry)).toBe(
      `the registry ${registry.address} answers 404 for the manifest of x:1`,
    );
    registry.put('x/manifests/1', { type: oci, body: 'oh' });
    expect(await failure(registry)).toBe('the manifest of x:1 is no JSON');
    registry.put('x/manifests/1', { type: oci, body: '{"config":[]}' });
    expect(await failure(registry)).toMatch(/^the manifest of x:1 is not as expected \(config/);
    registry.put('x/manifests/1', { type: 'text/html', body: '<p>' });
    expect(await failure(registry)).toBe('the manifest of x:1 is of a type that is not read: "text/html"');
    registry.manifest('x', oci, { config: { digest: 'sha256:../../../etc' } }, '1');
    expect(await failure(registry)).toMatch(
      /names what is no sha256 digest: "sha256:\.\.\/\.\.\/\.\.\/etc"$/,
    );
    image(registry, { 'moby.buildkit.cache.v0': 'AAAA' }, oci, '1');
    expect(await failure(registry)).toMatch(/^the inline cache record in the config of .* is no JSON$/);
  });

  test('sizes are bounded, also of what claims no length', async ({ registry }) => {
    registry.put('x/manifests/1', { type: oci, body: Buffer.alloc(4 * 1024 * 1024 + 1, ' ') });
    expect(await failure(registry)).toBe('the manifest of x:1 is longer than 4194304 bytes');
    const configDigest = `sha256:${'0'.repeat(64)}`;
    registry.manifest('x', oci, { config: { digest: configDigest } }, '1');
    registry.put(`x/blobs/${configDigest}`, (response) => {
      response.writeHead(200);
      const piece = Buffer.alloc(1024 * 1024);
      const more = () => {
        while (!response.destroyed && response.write(piece));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect(await failure(registry)).toBe(`the config of x@${configDigest} is longer than 8388608 bytes`);
  });

  test('a registry that breaks off or does not listen is told', async ({ registry }) => {
    registry.put('x/manifests/1', (response) => response.destroy());
    expect(await failure(registry)).toMatch(/^the registry \S+ did not give the manifest of x:1 \(.+\)$/);
    const gone = await readImage('127.0.0.1:1', 'x', '1').catch((caught) => caught.message);
    expect(gone).toMatch(/^the registry 127\.0\.0\.1:1 did not give the manifest of x:1 \(.+\)$/);
  });

  test.for([
    ['../x', '1'],
    ['x', '../1'],
    ['x', 'sha256:../..'],
    ['X', '1'],
    ['x?y', '1'],
    ['', '1'],
  ] as const)('%j:%j is asked of nobody', async ([name, reference], { registry }) => {
    expect(await failure(registry, reference, undefined, name)).toMatch(/is no name of an image/);
    expect(registry.asked).toEqual([]);
  });
});
