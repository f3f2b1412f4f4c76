import os from 'node:os';
import { describe, expect } from 'vitest';
import { dockerFactory } from '../../src/builders/docker.js';
import { dockerClassicFactory } from '../../src/builders/docker-classic.js';
import { emulatedPlatforms } from '../../src/builders/emulation.js';
import {
  type DockerShape,
  daemonBuilder,
  daemonReplies,
  inspectReply,
  remoteBuilder,
} from './docker-replies.js';
import { bareRequest, fullRequest, type Place, test } from './place.js';

const both = { platforms: ['linux/arm64', 'linux/amd64'] };

/** A machine with a daemon in the context `default`, and buildx unless it was taken away. */
function docker(place: Place, shape: DockerShape = {}, more = {}) {
  return place.program('docker', {
    ...daemonReplies(shape),
    ...daemonReplies(shape, '--context default '),
    ...(shape.buildx === null ? {} : { 'buildx inspect --builder default': daemonBuilder() }),
    ...more,
  });
}

describe('probe of docker', () => {
  test('with buildx: versions of client and daemon, platforms of the daemon', async ({ place }) => {
    await docker(place);
    const probe = await dockerFactory.create(null, place.surroundings()).probe();
    expect(probe).toMatchObject({
      kind: 'docker',
      found: true,
      answers: true,
      name: 'default',
      version: '28.2.2',
      daemonVersion: '20.10.24+dfsg1',
      platforms: ['linux/amd64', 'linux/arm64', 'linux/386'],
      missing: [],
    });
    expect(probe.versionOutput.map(({ command }) => command)).toEqual([
      'docker version',
      'docker buildx version',
      'docker buildx inspect --builder default',
    ]);
  });

  test('tells more for a report, where docker tells it', async ({ place }) => {
    const more = { info: { stdout: 'Server Version: 20.10.24\n' }, 'buildx ls': { stdout: 'NAME/NODE\n' } };
    await docker(place, {}, more);
    const { versionOutput } = await dockerFactory.create(null, place.surroundings()).probe();
    expect(versionOutput.slice(-2)).toEqual([
      { command: 'docker buildx ls', output: 'NAME/NODE' },
      { command: 'docker info', output: 'Server Version: 20.10.24' },
    ]);
  });

  test('follows BUILDX_BUILDER since Docker 23, as the client does, and not before', async ({ place }) => {
    const more = { 'buildx inspect --builder lab': remoteBuilder() };
    await docker(place, { server: null }, more);
    const surroundings = place.surroundings({ env: { BUILDX_BUILDER: 'lab' } });
    const builder = dockerFactory.create(null, surroundings);
    expect(await builder.probe()).toMatchObject({ answers: true, name: 'lab', daemonVersion: 'v0.32.2' });
    expect([builder.leaves, builder.removeImages(['a'])]).toEqual([null, null]);
    await docker(place, { client: '20.10.24+dfsg1' }, more);
    expect(await builder.probe()).toMatchObject({
      answers: true,
      name: 'default',
      daemonVersion: '20.10.24+dfsg1',
      platforms: ['linux/amd64', 'linux/arm64', 'linux/386'],
    });
    expect(builder.removeImages(['a'])).not.toBeNull();
  });

  test('boots a builder in a container that BUILDX_BUILDER names', async ({ place }) => {
    const cold = { name: 'cold', driver: 'docker-container', endpoint: 'default', status: 'inactive' };
    await docker(place, {}, { 'buildx inspect --builder cold': inspectReply(cold) });
    const builder = dockerFactory.create(null, place.surroundings({ env: { BUILDX_BUILDER: 'cold' } }));
    expect(builder.wake()).toEqual([]);
    await builder.probe();
    expect(builder.wake().map(({ args }) => args)).toEqual([
      ['buildx', 'inspect', '--bootstrap', '--builder', 'cold'],
    ]);
  });

  test('asks the context named, everywhere', async ({ place }) => {
    await place.program('docker', {
      ...daemonReplies({ context: 'far' }, '--context far '),
      '--context far buildx inspect --builder far': daemonBuilder('far'),
    });
    const builder = dockerFactory.create('far', place.surroundings());
    expect(await builder.probe()).toMatchObject({ answers: true, instance: 'far', name: 'far' });
    expect(builder.removeImages(['a'])?.args).toEqual(['--context', 'far', 'image', 'rm', '--force', 'a']);
    for (const call of await place.calls('docker')) expect(call.slice(0, 2)).toEqual(['--context', 'far']);
  });

  test('needs the plugin since Docker 23, and not before', async ({ place }) => {
    await docker(place, { buildx: null });
    expect(await dockerFactory.create(null, place.surroundings()).probe()).toMatchObject({
      answers: false,
      missing: [{ what: expect.stringContaining('no working buildx plugin'), mend: expect.any(String) }],
    });
    await docker(place, { buildx: null, client: '20.10.24+dfsg1' });
    expect(await dockerFactory.create(null, place.surroundings()).probe()).toMatchObject({
      answers: true,
      name: 'default',
      // The daemon runs elsewhere: what is emulated there cannot be known.
      platforms: ['linux/amd64'],
    });
  });

  test('without buildx, asks this kernel what it emulates where the daemon runs on it', async ({ place }) => {
    const here = { hostname: os.hostname(), kernel: os.release() };
    await docker(place, { buildx: null, client: '20.10.24', ...here });
    const { platforms } = await dockerFactory.create(null, place.surroundings()).probe();
    expect(platforms).toEqual([...new Set(['linux/amd64', ...(await emulatedPlatforms())])]);
  });

  test.for([
    ['linux', {}, null, 'sudo systemctl start docker'],
    ['darwin', {}, null, 'open -a Docker'],
    ['linux', { DOCKER_HOST: 'ssh://a b' }, null, "check DOCKER_HOST='ssh://a b'"],
    ['linux', {}, 'default', 'docker context ls'],
  ] as const)(
    'says how a daemon is mended on %s with %j and %s',
    async ([platform, env, context, mend], { place }) => {
      await docker(
        place,
        { server: null },
        { '--context default buildx inspect --builder default': { exitCode: 1 } },
      );
      const probe = await dockerFactory.create(context, place.surroundings({ platform, env })).probe();
      expect(probe).toMatchObject({ found: true, answers: false, version: '28.2.2', daemonVersion: null });
      expect(probe.missing).toEqual([
        { what: expect.stringMatching(/^no Docker daemon answers \(Cannot connect/), mend },
      ]);
    },
  );

  test('takes an unknown context for that, not for a missing plugin', async ({ place }) => {
    const unknown = {
      stderr: 'unable to resolve docker endpoint: context "x" does not exist\n',
      exitCode: 1,
    };
    const asked = Object.keys(daemonReplies({}, '--context x ')).map((call) => [call, unknown]);
    await place.program('docker', Object.fromEntries(asked));
    expect((await dockerFactory.create('x', place.surroundings()).probe()).missing).toEqual([
      {
        what: 'no Docker daemon answers (unable to resolve docker endpoint: context "x" does not exist)',
        mend: 'docker context ls',
      },
    ]);
  });

  test('sees who may not ask the daemon', async ({ place }) => {
    const denied = {
      stderr: 'permission denied while trying to connect to the Docker daemon socket\n',
      exitCode: 1,
    };
    await docker(place, { server: null }, { version: denied });
    const { missing } = await dockerFactory.create(null, place.surroundings()).probe();
    expect(missing[0]?.mend).toContain('usermod -aG docker');
  });
});

describe('build by docker', () => {
  test('calls with everything, and one variable', ({ place }) => {
    const builder = dockerFactory.create('far', place.surroundings());
    expect(builder.build(fullRequest())).toEqual({
      file: 'docker',
      args: [
        ...['--context', 'far', 'build', '--progress', 'plain', '-f', '/scenario/docker files/Dockerfile.a'],
        ...['--build-arg', 'FIRST=a b', '--build-arg', 'SECOND=x,y=z', '--target', 'runtime', '--no-cache'],
        ...['-t', 'race-a:1', '-t', 'race-a:2', '--platform', 'linux/arm64,linux/amd64', '/scenario/context'],
      ],
      env: { DOCKER_BUILDKIT: '1' },
    });
    expect(builder.progressStream).toBe('stderr');
  });

  test('refuses by the builder that buildx found', async ({ place }) => {
    await docker(place, { buildx: 'v0.11.2' });
    const builder = dockerFactory.create(null, place.surroundings());
    const probe = await builder.probe();
    expect(builder.refuses(bareRequest(both), probe)).toMatch(/^Multi-platform build is not supported/);
    expect(builder.refuses(bareRequest({ platforms: ['linux/arm64'] }), probe)).toBeNull();
    expect(builder.refuses(bareRequest({ platforms: ['linux/s390x'] }), probe)).toContain('no emulation');
    expect(builder.refuses(bareRequest({ progress: 'rawjson' }), probe)).toContain('buildx v0.11.2');
    await docker(place, { containerdStore: true });
    expect(builder.refuses(bareRequest({ ...both, progress: 'rawjson' }), await builder.probe())).toBeNull();
  });

  test('refuses what a client before 23 cannot do, whatever its daemon could', async ({ place }) => {
    await docker(place, { client: '20.10.24+dfsg1', containerdStore: true });
    const builder = dockerFactory.create(null, place.surroundings());
    const probe = await builder.probe();
    expect(builder.refuses(bareRequest(both), probe)).toMatch(/^Multi-platform build is not supported/);
    expect(builder.refuses(bareRequest({ progress: 'rawjson' }), probe)).toContain('docker 20.10.24+dfsg1');
    expect(builder.refuses(bareRequest({ progress: 'tty' }), probe)).toContain('terminal');
    expect(
      builder.refuses(bareRequest({ platforms: ['linux/arm64/v8'], progress: 'plain' }), probe),
    ).toBeNull();
    expect(builder.refuses(bareRequest({ platforms: ['linux/s390x'] }), probe)).toContain('no emulation');
  });
});

describe('docker-classic', () => {
  test('probes the daemon, and needs no plugin', async ({ place }) => {
    await docker(place, { buildx: null });
    const probe = await dockerClassicFactory.create(null, place.surroundings()).probe();
    expect(probe).toMatchObject({
      kind: 'docker-classic',
      answers: true,
      name: 'default',
      version: '28.2.2',
      daemonVersion: '20.10.24+dfsg1',
      platforms: ['linux/amd64'],
    });
    await docker(place, { server: null });
    expect(await dockerClassicFactory.create(null, place.surroundings()).probe()).toMatchObject({
      answers: false,
      missing: [{ mend: 'sudo systemctl start docker' }],
    });
  });

  test('does not follow BUILDX_BUILDER', async ({ place }) => {
    await docker(place);
    const surroundings = place.surroundings({ env: { BUILDX_BUILDER: 'lab' } });
    expect(await dockerClassicFactory.create(null, surroundings).probe()).toMatchObject({ name: 'default' });
  });

  test('calls with everything, without a progress format', ({ place }) => {
    const builder = dockerClassicFactory.create('far', place.surroundings());
    expect(builder.build(fullRequest({ platforms: ['linux/amd64'] }))).toEqual({
      file: 'docker',
      args: [
        ...['--context', 'far', 'build', '--force-rm', '-f', '/scenario/docker files/Dockerfile.a'],
        ...['--build-arg', 'FIRST=a b', '--build-arg', 'SECOND=x,y=z', '--target', 'runtime', '--no-cache'],
        ...['-t', 'race-a:1', '-t', 'race-a:2', '--platform', 'linux/amd64', '/scenario/context'],
      ],
      env: { DOCKER_BUILDKIT: '0' },
    });
    expect(builder.progressStream).toBe('stdout');
    expect(builder.removeImages(['a', 'b'])?.args).toEqual([
      ...['--context', 'far', 'image', 'rm', '--force', 'a', 'b'],
    ]);
  });

  test('refuses formats, several platforms, and another than the daemon’s', async ({ place }) => {
    await docker(place);
    const builder = dockerClassicFactory.create(null, place.surroundings());
    const probe = await builder.probe();
    const reason = (changes: object) => builder.refuses(bareRequest(changes), probe);
    expect(reason({ progress: 'plain', platforms: ['linux/amd64/v1'] })).toBeNull();
    expect(reason({ progress: 'rawjson' })).toContain('one output only');
    expect(reason({ progress: 'tty' })).toContain('one output only');
    expect(reason(both)).toBe('the classic builder builds for one platform at a time');
    expect(reason({ platforms: ['linux/arm64'] })).toBe(
      'the classic builder cannot build for linux/arm64 on a daemon for linux/amd64',
    );
    expect(reason({ stagePlatforms: ['linux/arm64'] })).toBeNull();
    expect(reason({ stagePlatforms: ['linux/s390x'] })).toContain('no emulation for linux/s390x');
  });
});
