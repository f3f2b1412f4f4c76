import { describe, expect } from 'vitest';
import { buildxFactory } from '../../src/builders/buildx.js';
import { daemonBuilder, daemonReplies, inspectReply, noBuilder, remoteBuilder } from './docker-replies.js';
import { bareRequest, fullRequest, test } from './place.js';

const both = { platforms: ['linux/arm64', 'linux/amd64'] };

describe('probe', () => {
  test('asks the current builder, and keeps to it from then on', async ({ place }) => {
    await place.program('docker', { ...daemonReplies(), 'buildx inspect': remoteBuilder() });
    const builder = buildxFactory.create(null, place.surroundings());
    expect(builder.build(bareRequest()).args.slice(0, 3)).toEqual(['buildx', 'build', '-f']);
    expect(await builder.probe()).toMatchObject({
      kind: 'buildx',
      instance: null,
      found: true,
      answers: true,
      name: 'lab',
      version: 'v0.36.1',
      daemonVersion: 'v0.32.2',
      platforms: ['linux/amd64', 'linux/arm64'],
      missing: [],
    });
    expect(builder.build(bareRequest()).args.slice(0, 4)).toEqual(['buildx', 'build', '--builder', 'lab']);
  });

  test('asks the builder named', async ({ place }) => {
    await place.program('docker', {
      ...daemonReplies(),
      'buildx ls': { stdout: 'NAME/NODE DRIVER/ENDPOINT\n' },
      info: { stdout: 'Client: Docker Engine - Community\n', stderr: 'no daemon\n', exitCode: 1 },
      'buildx inspect --builder lab': remoteBuilder(),
      'buildx inspect --builder gone': noBuilder('gone'),
    });
    const probe = await buildxFactory.create('lab', place.surroundings()).probe();
    expect(probe).toMatchObject({ answers: true, instance: 'lab', name: 'lab' });
    expect(probe.versionOutput.map(({ command }) => command)).toEqual([
      'docker buildx version',
      'docker buildx inspect --builder lab',
      'docker buildx ls',
      'docker version',
    ]);
    expect(await buildxFactory.create('gone', place.surroundings()).probe()).toMatchObject({
      found: true,
      answers: false,
      missing: [
        {
          what: 'buildx tells of no such builder (ERROR: no builder "gone" found)',
          mend: 'docker buildx create --use --name gone',
        },
      ],
    });
  });

  test('says what a builder that does not answer waits for', async ({ place }) => {
    const dead = { name: 'dead', driver: 'remote', endpoint: 'unix:///none.sock', status: 'inactive' };
    await place.program('docker', {
      ...daemonReplies({ server: null }),
      'buildx inspect': {
        stdout: 'Name:   default\nDriver: \nError:  failed to connect to the docker API\n',
      },
      'buildx inspect --builder dead': inspectReply(dead),
    });
    const missing = async (instance: string | null, platform: NodeJS.Platform, env = {}) =>
      (await buildxFactory.create(instance, place.surroundings({ platform, env })).probe()).missing;
    const daemon = 'the builder default does not answer (failed to connect to the docker API)';
    expect(await missing(null, 'linux')).toEqual([{ what: daemon, mend: 'sudo systemctl start docker' }]);
    expect(await missing(null, 'darwin')).toEqual([{ what: daemon, mend: 'open -a Docker' }]);
    expect(await missing(null, 'linux', { DOCKER_HOST: 'tcp://x' })).toEqual([
      { what: daemon, mend: 'check DOCKER_HOST=tcp://x' },
    ]);
    expect(await missing('dead', 'linux')).toEqual([
      {
        what: 'the builder dead does not answer (inactive)',
        mend: 'docker buildx inspect --bootstrap dead',
      },
    ]);
  });

  test('tells a missing docker from a missing plugin', async ({ place }) => {
    const missing = async (platform: NodeJS.Platform) =>
      (await buildxFactory.create(null, place.surroundings({ platform })).probe()).missing;
    expect(await missing('linux')).toEqual([
      { what: 'docker is not on PATH', mend: 'apt-get install docker.io' },
    ]);
    await place.program('docker', { ...daemonReplies({ buildx: null }), 'buildx inspect': { exitCode: 1 } });
    expect(await missing('darwin')).toEqual([
      {
        what: "docker has no working buildx plugin (docker: 'buildx' is not a docker command.)",
        mend: 'brew install docker-buildx',
      },
    ]);
    expect((await missing('linux'))[0]?.mend).toContain('apt-get install docker-buildx');
  });

  test('takes a builder whose container is not started yet for one that answers, and starts it first', async ({
    place,
  }) => {
    const cold = { name: 'cold', driver: 'docker-container', endpoint: 'desktop-linux', status: 'inactive' };
    await place.program('docker', {
      ...daemonReplies(),
      ...daemonReplies({}, '--context desktop-linux '),
      'buildx inspect': inspectReply(cold),
    });
    const builder = buildxFactory.create(null, place.surroundings());
    expect(await builder.probe()).toMatchObject({
      answers: true,
      name: 'cold',
      platforms: null,
      missing: [],
    });
    expect(builder.wake()).toEqual([
      { file: 'docker', args: ['buildx', 'inspect', '--bootstrap', '--builder', 'cold'] },
    ]);
    // Only a builder in a container is started by its first build.
    await place.program('docker', {
      ...daemonReplies(),
      ...daemonReplies({}, '--context desktop-linux '),
      'buildx inspect': inspectReply({ ...cold, driver: 'docker' }),
    });
    expect(await builder.probe()).toMatchObject({ answers: false });
    expect(builder.wake()).toEqual([]);
    // An endpoint may be an address as well.
    await place.program('docker', {
      ...daemonReplies(),
      ...daemonReplies({}, '--host unix:///var/run/docker.sock '),
      'buildx inspect': inspectReply({ ...cold, endpoint: 'unix:///var/run/docker.sock' }),
    });
    expect(await builder.probe()).toMatchObject({ answers: true });
    await place.program('docker', {
      ...daemonReplies(),
      ...daemonReplies({ server: null }, '--context desktop-linux '),
      'buildx inspect': inspectReply(cold),
    });
    expect(await builder.probe()).toMatchObject({
      answers: false,
      missing: [{ mend: 'docker buildx inspect --bootstrap cold' }],
    });
  });
});

describe('build', () => {
  test('calls with everything', ({ place }) => {
    const { file, args, env } = buildxFactory.create('lab', place.surroundings()).build(fullRequest());
    expect([file, env]).toEqual(['docker', undefined]);
    expect(args).toEqual([
      ...['buildx', 'build', '--builder', 'lab', '--progress', 'plain'],
      ...[
        '-f',
        '/scenario/docker files/Dockerfile.a',
        '--build-arg',
        'FIRST=a b',
        '--build-arg',
        'SECOND=x,y=z',
      ],
      ...['--target', 'runtime', '--no-cache', '-t', 'race-a:1', '-t', 'race-a:2'],
      ...['--platform', 'linux/arm64,linux/amd64', '/scenario/context'],
    ]);
  });

  test('leaves nothing on a remote builder', async ({ place }) => {
    await place.program('docker', { ...daemonReplies(), 'buildx inspect': remoteBuilder() });
    const builder = buildxFactory.create(null, place.surroundings());
    await builder.probe();
    expect([builder.leaves, builder.removeImages(['a']), builder.wake()]).toEqual([null, null, []]);
  });

  test('removes what the daemon of the builder was left, wherever that is', async ({ place }) => {
    const loading = inspectReply({
      name: 'loads',
      driver: 'docker-container',
      endpoint: 'tcp://10.0.0.1:2375',
      platforms: 'linux/amd64',
      options: 'default-load="true"',
    });
    await place.program('docker', {
      ...daemonReplies(),
      ...daemonReplies({}, '--context other '),
      ...daemonReplies({}, '--host tcp://10.0.0.1:2375 '),
      'buildx inspect --builder other': daemonBuilder('other'),
      'buildx inspect --builder loads': loading,
    });
    const removal = async (instance: string) => {
      const builder = buildxFactory.create(instance, place.surroundings());
      await builder.probe();
      expect(builder.leaves).toContain('Docker daemon');
      return builder.removeImages(['a:1', 'b:1'])?.args;
    };
    const rm = ['image', 'rm', '--force', 'a:1', 'b:1'];
    expect(await removal('other')).toEqual(['--context', 'other', ...rm]);
    // With --load, the image goes to the daemon in use, not to the one that runs the builder.
    expect(await removal('loads')).toEqual(rm);
  });
});

describe('refuses', () => {
  test('several platforms on a daemon without containerd’s image store', async ({ place }) => {
    const replies = { ...daemonReplies(), 'buildx inspect': daemonBuilder() };
    await place.program('docker', { ...replies, ...daemonReplies({}, '--context default ') });
    const builder = buildxFactory.create(null, place.surroundings());
    const probe = await builder.probe();
    expect(builder.refuses(bareRequest(both), probe)).toMatch(/^Multi-platform build is not supported/);
    expect(builder.refuses(bareRequest({ platforms: ['linux/arm64/v8'] }), probe)).toBeNull();
    const modern = daemonReplies({ containerdStore: true }, '--context default ');
    await place.program('docker', { ...replies, ...modern });
    expect(builder.refuses(bareRequest(both), await builder.probe())).toBeNull();
  });

  test('platforms that no node runs, and formats that are not there', async ({ place }) => {
    await place.program('docker', {
      ...daemonReplies({ buildx: 'v0.11.2' }),
      'buildx inspect': remoteBuilder(),
    });
    const builder = buildxFactory.create(null, place.surroundings());
    const probe = await builder.probe();
    expect(builder.refuses(bareRequest(both), probe)).toBeNull();
    expect(builder.refuses(bareRequest({ platforms: ['linux/s390x'] }), probe)).toContain(
      'no emulation for linux/s390x',
    );
    expect(builder.refuses(bareRequest({ progress: 'rawjson' }), probe)).toBe(
      'buildx v0.11.2 has no progress rawjson (it came with 0.12.0)',
    );
    expect(builder.refuses(bareRequest({ progress: 'tty' }), probe)).toContain('terminal');
  });
});
