import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect } from 'vitest';
import type { Machine } from '../../src/builders/buildkitd/probe.js';
import { daemonRefusal } from '../../src/builders/buildkitd/refusals.js';
import { createBuildkitd } from '../../src/builders/buildkitd.js';
import { machine, request } from './buildkitd/kit.js';
import { bareRequest, type Place, test } from './place.js';

const versions = (version: string) => ({
  '--version': { stdout: `it github.com/moby/buildkit ${version} 0123456\n` },
});

async function programs(place: Place, names = ['buildkitd', 'buildctl', 'runc']) {
  for (const name of names) await place.program(name, versions(name === 'buildctl' ? 'v0.32.2' : 'v0.23.2'));
}

const create = (place: Place, changes: Partial<Machine> = {}, platform: NodeJS.Platform = 'linux') =>
  createBuildkitd(null, place.surroundings({ platform }), { ...machine, ...changes });

describe('probe', () => {
  test('finds both programs, and starts nothing', async ({ place }) => {
    await programs(place);
    expect(await create(place, { emulated: async () => ['linux/arm64'] }).probe()).toEqual({
      kind: 'buildkitd',
      instance: null,
      found: true,
      answers: true,
      name: null,
      version: 'v0.32.2',
      daemonVersion: 'v0.23.2',
      platforms: ['linux/amd64', 'linux/arm64'],
      missing: [],
      versionOutput: [
        { command: 'buildkitd --version', output: 'it github.com/moby/buildkit v0.23.2 0123456' },
        { command: 'buildctl --version', output: 'it github.com/moby/buildkit v0.32.2 0123456' },
      ],
    });
    expect(await place.calls('buildkitd')).toEqual([['--version']]);
  });

  test('takes them from the folder named, before PATH', async ({ place }) => {
    await programs(place);
    const folder = path.join(place.folder, 'empty');
    await mkdir(folder);
    const probe = await createBuildkitd(folder, place.surroundings(), machine).probe();
    expect(probe).toMatchObject({ instance: folder, found: false, answers: false });
    expect(probe.missing.map(({ what }) => what)).toEqual([
      `there is no program buildkitd in ${folder}`,
      `there is no program buildctl in ${folder}`,
    ]);
    const named = await createBuildkitd(place.bin, place.surroundings(), machine).probe();
    expect(named.versionOutput[0]?.command).toBe(path.join(place.bin, 'buildkitd --version'));
  });

  test.for(['darwin', 'win32'] as const)(
    'says on %s that it is not for here',
    async (platform, { place }) => {
      await programs(place);
      expect((await create(place, {}, platform).probe()).missing).toEqual([
        { what: 'buildkitd runs on Linux only', mend: 'choose another --builder' },
      ]);
    },
  );

  test('says what is missing', async ({ place }) => {
    expect((await create(place).probe()).missing.map(({ what }) => what)).toEqual([
      'buildkitd is not on PATH',
      'buildctl is not on PATH',
    ]);
    await programs(place);
    expect(await create(place, { uid: 1000 }).probe()).toMatchObject({
      found: true,
      answers: false,
      missing: [{ what: expect.stringContaining('needs root') }],
    });
    await place.program('buildkitd', { '--version': { stderr: 'Illegal instruction\n', exitCode: 132 } });
    expect((await create(place).probe()).missing[0]?.what).toBe(
      'buildkitd does not tell its version (Illegal instruction)',
    );
  });
});

describe('refuses', () => {
  const reason = async (place: Place, platforms: string[], changes: Partial<Machine> = {}) => {
    const builder = create(place, changes);
    return builder.refuses(bareRequest({ platforms }), await builder.probe());
  };

  test('platforms that nothing here emulates, and leaves those of a kin to the daemon', async ({ place }) => {
    await programs(place);
    expect(await reason(place, ['linux/arm64/v8'])).toBe(
      'no emulation for linux/arm64/v8 (it runs linux/amd64)',
    );
    expect(await reason(place, ['linux/amd64/v3', 'linux/386'])).toBeNull();
    expect(await reason(place, ['linux/arm64'], { emulated: async () => ['linux/arm64'] })).toBeNull();
    expect(await reason(place, ['linux/arm/v6'], { architecture: 'arm64' })).toBeNull();
    expect(await reason(place, ['linux/s390x'], { architecture: 'mips' })).toBeNull();
  });

  test('no platform that BuildKit has an emulator of its own for', async ({ place }) => {
    await programs(place);
    await writeFile(path.join(place.bin, 'buildkit-qemu-aarch64'), '');
    await chmod(path.join(place.bin, 'buildkit-qemu-aarch64'), 0o755);
    expect(await reason(place, ['linux/arm64'])).toBeNull();
  });

  test('what buildctl cannot do', async ({ place }) => {
    await programs(place);
    const builder = create(place);
    const probe = { ...(await builder.probe()), version: 'v0.10.4' };
    expect(builder.refuses(bareRequest({ progress: 'rawjson' }), probe)).toContain('no progress rawjson');
  });
});

describe('refusesDaemon', () => {
  test('stargz without FUSE', () => {
    expect(daemonRefusal(request({ snapshotter: 'stargz' }), '/no/such/device')).toBe(
      'no stargz snapshotter: it needs /no/such/device, which is not here (modprobe fuse)',
    );
    expect(daemonRefusal(request({ snapshotter: 'stargz' }), '/dev/null')).toBeNull();
  });

  test.for(['--root=/x', '-root', '--addr', '--config', '--debugaddr=:6060'])(
    'the flag %s, which would lead it elsewhere',
    (flag) => {
      expect(daemonRefusal(request({ flags: [flag] }))).toContain('is not to be given');
    },
  );

  test('nothing else', () => {
    expect(
      daemonRefusal(request({ flags: ['--debug', '--oci-max-parallelism', '2', '--rootless'] })),
    ).toBeNull();
  });
});

describe('build', () => {
  test('is for the daemon that was started, never for one of the user’s', ({ place }) => {
    expect(() => create(place).build(bareRequest())).toThrow('startDaemon');
  });
});
