import { chmod, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { createSimulated, simulatedFactory } from '../../src/builders/simulated.js';
import { UserError } from '../../src/errors.js';
import { buildArguments, stateArguments } from '../../src/simulator/arguments.js';
import { profileNames } from '../../src/simulator/profile.js';
import { bareRequest, fullRequest, type Place, test } from './place.js';

/** A program in the place of the simulator, which answers to `info`. */
async function simulator(place: Place, answer: string): Promise<string> {
  const file = path.join(place.folder, 'simulator.cjs');
  await writeFile(
    file,
    `const [verb, flag, state] = process.argv.slice(2);
    if (verb === 'info' && flag === '--state' && state === '/state') console.log(${JSON.stringify(answer)});
    else process.exitCode = 64;`,
  );
  await chmod(file, 0o644);
  return file;
}

const state = { BUILDRACE_SIMULATOR_STATE: '/state' };

describe('simulated', () => {
  test('asks the program what it is', async ({ place }) => {
    const program = await simulator(place, '{"version":"0.1.0 (simulated)","platforms":["linux/arm64"]}');
    const builder = createSimulated('apple-fixed', place.surroundings({ env: state }), program);
    expect(builder.simulated).toBe(true);
    expect(await builder.probe()).toMatchObject({
      kind: 'simulated',
      instance: 'apple-fixed',
      found: true,
      answers: true,
      name: 'apple-fixed',
      version: '0.1.0 (simulated)',
      daemonVersion: null,
      platforms: ['linux/arm64'],
      missing: [],
    });
  });

  test.for(['', 'no JSON', '{"version": 3}'])('does not answer with %j', async (answer, { place }) => {
    const program = await simulator(place, answer);
    const probe = await createSimulated(null, place.surroundings({ env: state }), program).probe();
    expect(probe).toMatchObject({ found: true, answers: false, missing: [{ mend: 'npm run build' }] });
  });

  test('says how it is built where it is not there', async ({ place }) => {
    const nowhere = path.join(place.folder, 'none.js');
    expect(await createSimulated(null, place.surroundings(), nowhere).probe()).toMatchObject({
      found: false,
      answers: false,
      missing: [{ what: 'the simulated builder is not built', mend: 'npm run build' }],
    });
  });

  test('calls with everything', ({ place }) => {
    const builder = createSimulated(
      'buildkit',
      place.surroundings({ env: state }),
      '/dist/simulator/main.js',
    );
    expect(builder.build(fullRequest())).toEqual({
      file: process.execPath,
      args: [
        ...[
          '/dist/simulator/main.js',
          'build',
          '--state',
          '/state',
          '--profile',
          'buildkit',
          '--progress',
          'plain',
        ],
        ...['-f', '/scenario/docker files/Dockerfile.a', '-t', 'race-a:1', '-t', 'race-a:2'],
        ...['--platform', 'linux/arm64', '--platform', 'linux/amd64'],
        ...['--build-arg', 'FIRST=a b', '--build-arg', 'SECOND=x,y=z', '--target', 'runtime', '--no-cache'],
        '/scenario/context',
      ],
    });
    expect(builder.removeImages(['a', 'b'])?.args.slice(1)).toEqual([
      ...['images', 'remove', '--state', '/state', '--force', 'a', 'b'],
    ]);
    expect(builder.progressStream).toBe('stderr');
    expect(builder.wake()).toEqual([]);
  });

  test('is the apple profile by default, in a folder of the user’s', ({ place }) => {
    const { args } = simulatedFactory.create(null, place.surroundings()).build(bareRequest());
    expect(args[args.indexOf('--profile') + 1]).toBe('apple');
    const folder = args[args.indexOf('--state') + 1] ?? '';
    expect(path.dirname(folder)).toBe(os.tmpdir());
    expect(folder).toContain(String(process.getuid?.()));
    expect(args[0]).toMatch(/\/(src|dist)\/simulator\/main\.js$/);
  });

  test('knows its profiles', ({ place }) => {
    const surroundings = place.surroundings();
    expect(() => simulatedFactory.create('apple', surroundings)).not.toThrow();
    expect(() => simulatedFactory.create('--help', surroundings)).toThrow(UserError);
    expect(() => simulatedFactory.create('--help', surroundings)).toThrow(
      'apple, apple-fixed, apple-shim, buildkit',
    );
  });

  test('is called as the program reads its arguments', ({ place }) => {
    const surroundings = place.surroundings({ env: state });
    for (const profile of profileNames) {
      const builder = createSimulated(profile, surroundings, '/main.js');
      const request = fullRequest();
      const [program, verb, ...args] = builder.build(request).args;
      expect([program, verb]).toEqual(['/main.js', 'build']);
      expect(buildArguments(args)).toMatchObject({
        state: '/state',
        profile: { name: profile },
        dockerfile: request.dockerfile,
        context: request.context,
        tags: request.tags,
        platforms: request.platforms,
        buildArguments: new Map(Object.entries(request.buildArgs)),
        target: request.target,
        noCache: true,
      });
      const removal = builder.removeImages(['a', 'b'])?.args ?? [];
      expect(removal.slice(0, 3)).toEqual(['/main.js', 'images', 'remove']);
      expect(stateArguments(removal.slice(3))).toEqual({ state: '/state', force: true, names: ['a', 'b'] });
    }
    const bare = createSimulated(null, surroundings, '/main.js').build(bareRequest()).args.slice(2);
    expect(buildArguments(bare)).toMatchObject({ profile: { name: profileNames[0] }, tags: ['race-a:1'] });
  });

  test('prints plain only', async ({ place }) => {
    const program = await simulator(place, '{"version":"1","platforms":["linux/arm64"]}');
    const builder = createSimulated(null, place.surroundings({ env: state }), program);
    const probe = await builder.probe();
    expect(builder.refuses(bareRequest({ progress: 'plain' }), probe)).toBeNull();
    expect(builder.refuses(bareRequest({ progress: 'rawjson' }), probe)).toContain('no progress rawjson');
    expect(builder.refuses(bareRequest({ platforms: ['linux/amd64'] }), probe)).toContain('no emulation');
  });
});
