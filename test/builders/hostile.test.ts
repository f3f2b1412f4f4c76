import { describe, expect } from 'vitest';
import type { Command } from '../../src/builders/builder.js';
import { builderFactories } from '../../src/builders/index.js';
import { createSimulated } from '../../src/builders/simulated.js';
import { bareRequest, test } from './place.js';

const instances = ['--help', 'a b', '$(touch owned)', '; touch owned', '-x', 'x\ny', '*'];
// A buildkitd's instance is a folder, made absolute, and no argument of anything.
const taking = builderFactories.filter(
  ({ instanceMeans, kind }) => instanceMeans !== null && kind !== 'simulated' && kind !== 'buildkitd',
);

describe.for(taking.map((factory) => [factory.kind, factory] as const))('%s', ([, factory]) => {
  test.for(instances)('keeps the instance %j one argument, behind a flag', (instance, { place }) => {
    const builder = factory.create(instance, place.surroundings());
    const commands = [builder.build(bareRequest()), builder.removeImages(['a']), ...builder.wake()];
    for (const { args } of commands.filter((command): command is Command => command !== null)) {
      const places = args.flatMap((arg, at) => (arg.includes(instance) ? [at] : []));
      for (const at of places) expect(args[at - 1]).toMatch(/^--(addr|builder|context|root|runroot)$/);
    }
    expect(builder.build(bareRequest()).args.some((arg) => arg.endsWith(instance))).toBe(true);
  });

  test('asks with it as one argument, too', async ({ place }) => {
    for (const name of ['docker', 'buildctl', 'buildah', 'podman']) await place.program(name, {});
    // Nothing is answered, and the probe does not throw.
    const probe = await factory.create('--help', place.surroundings()).probe();
    expect(probe).toMatchObject({ instance: '--help', answers: false });
    const calls = (await Promise.all(['docker', 'buildctl', 'buildah', 'podman'].map(place.calls))).flat();
    const carrying = calls.filter((args) => args.some((arg) => arg.includes('--help')));
    expect(carrying.length).toBeGreaterThan(0);
    for (const args of carrying) {
      const at = args.findIndex((arg) => arg.includes('--help'));
      expect(args[at - 1]).toMatch(/^--(addr|builder|context|root)$/);
    }
  });
});

// Builds of a buildkitd are buildctl's.
const calling = builderFactories.filter(({ kind }) => kind !== 'buildkitd');

describe.for(calling.map((factory) => [factory.kind, factory] as const))('%s', ([, factory]) => {
  test.for(instances)('keeps %j one argument, wherever a scenario says it', (text, { place }) => {
    const request = {
      ...bareRequest(),
      target: text,
      buildArgs: { A: text },
      dockerfile: `/folder/${text}/${text}`,
      context: `/context/${text}`,
    };
    const { args } = factory.create(null, place.surroundings()).build(request);
    const carrying = args.flatMap((arg, at) => (arg.includes(text) ? [{ arg, before: args[at - 1] }] : []));
    expect(carrying.length).toBeGreaterThanOrEqual(4);
    for (const { arg, before } of carrying) {
      const isPlace = arg.startsWith('/');
      const isNamed = /^(?:A|build-arg:A|target|filename|context|dockerfile)=/.test(arg);
      // Bare only behind the flag that takes it, whatever it begins with.
      expect(isPlace || isNamed || before === '--target', arg).toBe(true);
    }
  });
});

describe('a program that misbehaves', () => {
  // The simulated builder calls no program of PATH.
  const onPath = builderFactories.filter(({ kind }) => kind !== 'simulated');
  test.for(onPath.map((factory) => [factory.kind, factory] as const))(
    'does not make the probe of %s throw',
    async ([, factory], { place }) => {
      const noise = { stdout: '\0\x1b[2J{"Client":[]}\n[[[', stderr: 'x'.repeat(100_000), exitCode: 0 };
      const calls = ['', '--version', 'version', 'debug info', 'debug workers -v', 'info', 'buildx version'];
      const json = ['version', 'info', 'system version', 'builder status'].map(
        (verb) => `${verb} --format {{json .}}`,
      );
      calls.push('info --format json');
      const replies = Object.fromEntries([...calls, ...json, 'buildx inspect'].map((call) => [call, noise]));
      for (const name of ['docker', 'buildctl', 'buildah', 'podman', 'container'])
        await place.program(name, replies);
      const probe = await factory.create(null, place.surroundings()).probe();
      expect(probe.answers).toBe(false);
      expect(probe.missing.length).toBeGreaterThan(0);
      for (const { what } of probe.missing) expect(what).not.toMatch(/[\x00-\x1f]/);
    },
  );

  test('and hangs is ended, and told of', async ({ place }) => {
    const hanging = { hangs: true };
    await place.program('buildctl', {
      '--version': hanging,
      'debug info': hanging,
      'debug workers -v': hanging,
    });
    const factory = builderFactories.find(({ kind }) => kind === 'buildctl');
    const surroundings = place.surroundings();
    const limits: number[] = [];
    // The probe's own limit is noted, and a shorter one used.
    const run: typeof surroundings.run = (command, options) => {
      limits.push(options?.timeoutMs ?? Number.POSITIVE_INFINITY);
      return surroundings.run(command, { ...options, timeoutMs: 300 });
    };
    const probe = await factory?.create(null, { ...surroundings, run }).probe();
    expect(probe).toMatchObject({ found: true, answers: false, version: null });
    expect(probe?.missing[0]?.what).toContain('no answer within 10 s');
    expect(limits).toHaveLength(3);
    for (const limit of limits) expect(limit).toBeLessThanOrEqual(10_000);
  });

  test('and a simulator that is gone is no fault of the probe', async ({ place }) => {
    const probe = await createSimulated(null, place.surroundings(), '/no/such/file.js').probe();
    expect(probe.answers).toBe(false);
  });
});
