import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRun } from '../../src/builders/run.js';
import { findRegistry } from '../../src/registry/find.js';
import { programOnPath } from '../../src/registry/program.js';
import { readImage } from '../../src/registry/read-image.js';
import { type PrivateRegistry, startRegistry } from '../../src/registry/start.js';
import { buildkitAddress, buildkitVersions, lab, labVariable } from './lab.js';

let folder: string;
let registries: PrivateRegistry[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-registry-'));
  writeFileSync(
    path.join(folder, 'Dockerfile'),
    'FROM alpine:3.20\nRUN echo built on $(uname -m) > /built\n',
  );
  registries = await Promise.all(
    ['one', 'other'].map((name) =>
      startRegistry({
        scratch: path.join(folder, name),
        log: path.join(folder, `${name}.log`),
        env: { ...process.env, ...lab },
      }),
    ),
  );
});

afterAll(async () => {
  await Promise.all((registries ?? []).map((registry) => registry.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** What `--metadata-file` tells of the build. */
async function push(version: string, image: string, platforms: string): Promise<Record<string, string>> {
  const metadata = path.join(folder, 'metadata.json');
  await execa(
    path.join(labVariable(`LAB_BUILDKIT_${version.replaceAll('.', '_')}_BIN`), 'buildctl'),
    [
      ...['--addr', buildkitAddress(version), 'build', '--frontend', 'dockerfile.v0', '--no-cache'],
      ...[
        '--local',
        `context=${folder}`,
        '--local',
        `dockerfile=${folder}`,
        '--opt',
        `platform=${platforms}`,
      ],
      ...['--output', `type=image,name=${image},push=true,registry.insecure=true`],
      ...['--export-cache', 'type=inline', '--metadata-file', metadata],
    ],
    { env: lab },
  );
  return JSON.parse(readFileSync(metadata, 'utf8'));
}

it.each(buildkitVersions)(
  'holds what BuildKit v%s pushed, with the digests that it told',
  async (version) => {
    for (const [place, { address }] of registries.entries()) {
      const name = `v${version}/x${place}`;
      const told = await push(version, `${address}/${name}:1`, 'linux/amd64');
      const image = await readImage(address, name, '1');
      expect(image.digest).toBe(told['containerimage.digest']);
      expect(image.configDigest).toBe(told['containerimage.config.digest']);
      expect(image.inlineCache).toContainEqual(
        expect.objectContaining({
          digest: expect.stringMatching(/^sha256:/),
          layers: [expect.objectContaining({ layer: expect.any(Number) })],
        }),
      );
      expect(await readImage(address, name, image.digest)).toEqual(image);
    }
    const [one, other] = registries.map(({ address }) => address);
    await expect(readImage(other ?? '', `v${version}/x0`, '1')).rejects.toThrow(
      /answers 404 for the manifest/,
    );
    expect(one).not.toBe(other);
  },
);

it('holds both platforms of one image, under an index', async () => {
  const address = registries[0]?.address ?? '';
  const told = await push('0.32.2', `${address}/both:1`, 'linux/amd64,linux/arm64');
  const amd = await readImage(address, 'both', '1', 'linux/amd64');
  const arm = await readImage(address, 'both', '1', 'linux/arm64/v8');
  expect(new Set([amd.digest, arm.digest, told['containerimage.digest']]).size).toBe(3);
  expect(await readImage(address, 'both', told['containerimage.digest'] ?? '', 'linux/arm64')).toEqual(arm);
});

it('is found when it is named, and is the program that doctor shows', async () => {
  const address = registries[0]?.address ?? '';
  expect(await findRegistry({ given: address, env: {} })).toBe(address);
  const env = { ...process.env, ...lab };
  const program = await programOnPath({ env, platform: process.platform, run: createRun(env) });
  expect(program).toMatchObject({ found: true, missing: [], version: expect.stringMatching(/^v?[23]\./) });
});

it('is gone when it is stopped', async () => {
  for (const { pid, address, stop } of registries) {
    await stop();
    expect(() => process.kill(-pid, 0)).toThrow(/ESRCH/);
    await expect(fetch(`http://${address}/v2/`)).rejects.toThrow();
    await expect(findRegistry({ given: address, env: {} })).rejects.toThrow(/does not answer/);
  }
});
