import { describe, expect } from 'vitest';
import { createPodman, podmanFactory } from '../../src/builders/podman.js';
import { bareRequest, fullRequest, test } from './place.js';

const info = (host: object) => ({
  stdout: JSON.stringify({
    host: { os: 'linux', arch: 'amd64', serviceIsRemote: false, ...host },
    store: { graphRoot: '/var/lib/containers/storage' },
  }),
});
const version = { stdout: 'podman version 4.3.1\n' };
const emulated = async () => ['linux/arm64'];

describe('probe', () => {
  test('names the version, the storage, and what this machine runs', async ({ place }) => {
    await place.program('podman', { '--version': version, 'info --format json': info({}) });
    expect(await createPodman(null, place.surroundings(), emulated).probe()).toMatchObject({
      kind: 'podman',
      found: true,
      answers: true,
      name: '/var/lib/containers/storage',
      version: '4.3.1',
      daemonVersion: null,
      platforms: ['linux/amd64', 'linux/arm64'],
      missing: [],
      versionOutput: [{ command: 'podman --version', output: version.stdout.trim() }],
    });
  });

  test('knows no platforms of a virtual machine', async ({ place }) => {
    await place.program('podman', {
      '--version': version,
      'info --format json': info({ arch: 'arm64', variant: 'v8', serviceIsRemote: true }),
    });
    const probe = await createPodman(null, place.surroundings({ platform: 'darwin' }), emulated).probe();
    expect(probe).toMatchObject({ answers: true, platforms: null });
  });

  test('asks the storage named', async ({ place }) => {
    await place.program('podman', {
      '--version': version,
      '--root /store --runroot /store/run info --format json': info({}),
    });
    const probe = await createPodman('/store', place.surroundings(), emulated).probe();
    expect(probe).toMatchObject({ answers: true, instance: '/store' });
  });

  test('says why it cannot be used, and how it is had', async ({ place }) => {
    const missing = async (platform: NodeJS.Platform) =>
      (await podmanFactory.create(null, place.surroundings({ platform })).probe()).missing[0];
    expect(await missing('linux')).toEqual({ what: 'podman is not on PATH', mend: 'apt-get install podman' });
    expect(await missing('darwin')).toMatchObject({ mend: expect.stringContaining('podman machine start') });
    await place.program('podman', {
      '--version': version,
      'info --format json': { stderr: 'Error: unable to connect to Podman socket\n', exitCode: 125 },
    });
    expect(await missing('linux')).toEqual({
      what: 'podman cannot open its storage (Error: unable to connect to Podman socket)',
      mend: 'podman info',
    });
  });
});

describe('build', () => {
  test('calls with everything', ({ place }) => {
    const builder = podmanFactory.create('/store', place.surroundings());
    const root = ['--root', '/store', '--runroot', '/store/run'];
    expect(builder.build(fullRequest())).toEqual({
      file: 'podman',
      args: [
        ...[...root, 'build', '-f', '/scenario/docker files/Dockerfile.a'],
        ...['--build-arg', 'FIRST=a b', '--build-arg', 'SECOND=x,y=z', '--target', 'runtime', '--no-cache'],
        ...['-t', 'race-a:1', '-t', 'race-a:2', '--platform', 'linux/arm64,linux/amd64', '/scenario/context'],
      ],
    });
    expect(builder.progressStream).toBe('stdout');
    expect(builder.removeImages(['a', 'b'])).toEqual({
      file: 'podman',
      args: [...root, 'rmi', '--force', 'a', 'b'],
    });
  });

  test('refuses formats and platforms', async ({ place }) => {
    await place.program('podman', { '--version': version, 'info --format json': info({}) });
    const builder = createPodman(null, place.surroundings(), emulated);
    const probe = await builder.probe();
    const reason = (changes: object) => builder.refuses(bareRequest(changes), probe);
    expect(reason({ progress: 'plain', platforms: ['linux/arm64/v8'] })).toBeNull();
    expect(reason({ progress: 'rawjson' })).toBe('podman has one output only, and no progress rawjson');
    expect(reason({ platforms: ['linux/s390x'] })).toBe(
      'no emulation for linux/s390x (it runs linux/amd64, linux/arm64)',
    );
  });
});
