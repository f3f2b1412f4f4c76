import { describe, expect } from 'vitest';
import { armLanes, isConcurrent, type PlannedArm } from '../../src/scenario/plan.js';
import { test } from './folder.js';
import { expanded } from './sample.js';

const main = { name: 'main', role: 'reproduce', expects: ['hang'] };
const lanesOf = (arm: PlannedArm | undefined) => (arm === undefined ? [] : armLanes(arm));
const namesOf = (arm: PlannedArm | undefined) => lanesOf(arm).map(({ name }) => name);

describe('what an arm inherits', () => {
  test('of a build: the scenario’s, then the arm’s, then the lane’s', async ({ folder }) => {
    const arms = await expanded(folder, {
      build: {
        dockerfile: 'A',
        target: 'base',
        noCache: true,
        platforms: ['linux/amd64'],
        progress: 'rawjson',
      },
      arms: [
        {
          ...main,
          build: { dockerfile: 'B', noCache: false },
          lanes: [{}, { build: { dockerfile: 'C', platforms: [] } }],
        },
      ],
    });
    expect(lanesOf(arms.main).map(({ build }) => build)).toMatchObject([
      { dockerfile: 'B', target: 'base', noCache: false, platforms: ['linux/amd64'], progress: 'rawjson' },
      { dockerfile: 'C', target: 'base', noCache: false, platforms: [], progress: 'rawjson' },
    ]);
  });

  test('of build arguments: each by itself, as text', async ({ folder }) => {
    const arms = await expanded(folder, {
      build: { buildArgs: { A: 1, B: true, C: 'scenario' } },
      arms: [
        {
          ...main,
          build: { buildArgs: { C: 'arm', D: 'arm' } },
          lanes: [{ build: { buildArgs: { D: 'lane' } } }],
        },
      ],
    });
    expect(lanesOf(arms.main)[0]?.build.buildArgs).toEqual({ A: '1', B: 'true', C: 'arm', D: 'lane' });
  });

  test('of lanes and iterations: the scenario’s, unless it has its own, and a step’s own lanes before both', async ({
    folder,
  }) => {
    const arms = await expanded(folder, {
      lanes: 3,
      iterations: 7,
      arms: [
        main,
        { ...main, name: 'own', lanes: 4, iterations: 2 },
        { ...main, name: 'of-step', lanes: 4, steps: [{ step: 'build', lanes: 5 }, { step: 'build' }] },
      ],
    });
    expect([namesOf(arms.main).length, arms.main?.iterations]).toEqual([3, 7]);
    expect([namesOf(arms.own).length, arms.own?.iterations]).toEqual([4, 2]);
    expect(arms['of-step']?.steps.map((step) => (step.step === 'build' ? step.lanes.length : 0))).toEqual([
      5, 4,
    ]);
  });

  test('of steps: the scenario’s, unless it has its own', async ({ folder }) => {
    const makeContext = { step: 'make-context', name: 'files', files: 4 };
    const arms = await expanded(folder, {
      steps: [makeContext, { step: 'build' }],
      arms: [main, { ...main, name: 'own', steps: [{ step: 'build' }, { step: 'build' }] }],
    });
    expect(arms.main?.steps[0]).toEqual({
      ...makeContext,
      each: 'iteration',
      bytes: { min: 200, max: 600 },
      like: null,
    });
    expect(arms.own?.steps.map(({ step }) => step)).toEqual(['build', 'build']);
  });

  test('of nothing: the defaults', async ({ folder }) => {
    const arms = await expanded(folder, { arms: [main] });
    expect(arms.main).toMatchObject({ iterations: 5, title: null, of: null, skipped: null });
    expect(lanesOf(arms.main)).toHaveLength(2);
    expect(lanesOf(arms.main)[0]).toEqual({
      name: 'a',
      delayMs: 0,
      cancelAfterMs: null,
      build: {
        dockerfile: 'Dockerfile',
        context: null,
        platforms: [],
        buildArgs: {},
        target: null,
        tags: ['buildrace-sample-{arm}-{lane}:{run}'],
        noCache: false,
        progress: 'plain',
        cacheFrom: [],
        cacheTo: [],
        push: null,
        meantToFail: false,
        mustBeCached: [],
        mustRunOnce: [],
      },
    });
  });

  test('of caches and the daemon, written out', async ({ folder }) => {
    const arms = await expanded(folder, {
      registry: true,
      daemon: { snapshotter: 'native' },
      build: {
        cacheTo: [{ type: 'local', folder: 'c-{lane}' }],
        cacheFrom: [{ type: 'registry', image: '{registry}/x:{run}' }],
      },
      arms: [main, { ...main, name: 'own', daemon: { flags: ['--debug'] }, lanes: [{ cancelAfter: '2s' }] }],
    });
    expect(arms.main?.daemon).toEqual({ snapshotter: 'native', flags: [], keepMegabytes: null, cpus: null });
    expect(arms.own?.daemon).toEqual({
      snapshotter: null,
      flags: ['--debug'],
      keepMegabytes: null,
      cpus: null,
    });
    expect(lanesOf(arms.own)[0]).toMatchObject({
      cancelAfterMs: 2_000,
      build: {
        cacheTo: [{ type: 'local', folder: 'c-{lane}', mode: 'max', reset: false }],
        cacheFrom: [{ type: 'registry', image: '{registry}/x:{run}' }],
      },
    });
  });
});

describe('an alone arm', () => {
  const source = {
    arms: [
      {
        ...main,
        lanes: [{ name: 'x' }, { build: { target: 't' } }],
        build: { dockerfile: 'B', context: 'files' },
        steps: [{ step: 'make-context', name: 'files', files: 1 }, { step: 'build' }],
      },
      { name: 'alone', role: 'alone', of: 'main' },
    ],
  };

  test('takes its owner’s steps, one build at a time', async ({ folder }) => {
    const arms = await expanded(folder, source);
    const oneAtATime = arms.main?.steps.map((step) =>
      step.step === 'build' ? { ...step, together: false } : step,
    );
    expect(arms.alone?.steps).toEqual(oneAtATime);
    expect(arms.alone?.expects).toEqual([]);
  });

  test('does so also where its owner is not run', async ({ folder }) => {
    const both = await expanded(folder, source);
    const arms = await expanded(folder, source, { arms: ['alone'] });
    expect(arms).toEqual({ alone: both.alone });
  });

  test('is the only one whose lanes are not meant to run side by side', async ({ folder }) => {
    const arms = await expanded(folder, {
      arms: [
        ...source.arms,
        { ...main, name: 'single', lanes: 1 },
        { name: 'control', role: 'control', of: 'main' },
      ],
    });
    expect(Object.fromEntries(Object.entries(arms).map(([name, arm]) => [name, isConcurrent(arm)]))).toEqual({
      main: true,
      alone: false,
      // One lane has nobody beside it.
      single: false,
      control: true,
    });
  });
});

describe('the command line', () => {
  test('chooses arms, in the scenario’s order', async ({ folder }) => {
    const arms = await expanded(
      folder,
      { arms: [main, { ...main, name: 'b' }, { ...main, name: 'c' }] },
      { arms: ['c', 'main'] },
    );
    expect(Object.keys(arms)).toEqual(['main', 'c']);
  });

  test('is told which arms there are', async ({ folder }) => {
    const chosen = expanded(folder, { arms: [main, { ...main, name: 'b' }] }, { arms: ['main', 'mian'] });
    await expect(chosen).rejects.toThrow('scenario sample has no arm mian; it has main, b');
  });

  test('gives all arms the same number of iterations', async ({ folder }) => {
    const arms = await expanded(
      folder,
      { arms: [main, { ...main, name: 'own', iterations: 2 }] },
      { iterations: 9 },
    );
    expect(Object.values(arms).map(({ iterations }) => iterations)).toEqual([9, 9]);
  });

  test('cuts lanes, and repeats them in turn', async ({ folder }) => {
    const source = {
      arms: [
        {
          ...main,
          lanes: [
            { name: 'x', build: { target: 't' } },
            { name: 'y', delay: '5ms' },
          ],
        },
      ],
    };
    const one = await expanded(folder, source, { lanes: 1 });
    const five = await expanded(folder, source, { lanes: 5 });
    expect(namesOf(one.main)).toEqual(['x']);
    expect(namesOf(five.main)).toEqual(['x', 'y', 'a', 'b', 'c']);
    expect(lanesOf(five.main).map(({ build }) => build.target)).toEqual(['t', null, 't', null, 't']);
    expect(lanesOf(five.main).map(({ delayMs }) => delayMs)).toEqual([0, 5, 0, 5, 0]);
  });

  test('delays lanes, the last delay going on', async ({ folder }) => {
    const source = { arms: [{ ...main, lanes: [{ delay: '1s' }, {}, {}, {}] }] };
    const given = await expanded(folder, source, { delaysMs: [0, 50] });
    const own = await expanded(folder, source);
    expect(lanesOf(given.main).map(({ delayMs }) => delayMs)).toEqual([0, 50, 50, 50]);
    expect(lanesOf(own.main).map(({ delayMs }) => delayMs)).toEqual([1_000, 0, 0, 0]);
  });
});

describe('what the command line says of lanes', () => {
  const steps = [
    { step: 'build', lanes: [{ name: 'first' }] },
    { step: 'build', lanes: [{ name: 'a' }, { name: 'b', delay: '200ms' }] },
  ];
  const delaysOf = (arm: Parameters<typeof lanesOf>[0]): [string, number][] =>
    lanesOf(arm).map(({ name, delayMs }) => [name, delayMs]);

  test('is meant for the steps that let several go together', async ({ folder }) => {
    const source = { arms: [{ ...main, steps }] };
    const delayed = await expanded(folder, source, { delaysMs: [0, 50] });
    const more = await expanded(folder, source, { lanes: 3, offsetMs: 40 });
    expect(delaysOf(delayed.main)).toEqual([
      ['first', 0],
      ['a', 0],
      ['b', 50],
    ]);
    expect(delaysOf(more.main).map(([, delay]) => delay)).toEqual([0, 0, 40, 80]);
  });

  test('is meant for all where none does', async ({ folder }) => {
    const source = { arms: [{ ...main, lanes: 1 }] };
    const more = await expanded(folder, source, { lanes: 2, delaysMs: [0, 7] });
    expect(delaysOf(more.main).map(([, delay]) => delay)).toEqual([0, 7]);
  });

  test('names no more delays than there are lanes', async ({ folder }) => {
    const source = { arms: [{ ...main, steps }] };
    await expect(expanded(folder, source, { delaysMs: [0, 1, 2] })).rejects.toThrow(
      '--delay names 3 lanes, and arm main has 2',
    );
  });
});

describe('names of lanes', () => {
  test('are a, b, … z, aa, …, and go on over an arm’s build steps', async ({ folder }) => {
    const arms = await expanded(folder, {
      arms: [
        { ...main, lanes: 30 },
        { ...main, name: 'two', steps: [{ step: 'build' }, { step: 'build' }] },
      ],
    });
    expect(namesOf(arms.main).slice(24)).toEqual(['y', 'z', 'aa', 'ab', 'ac', 'ad']);
    expect(namesOf(arms.two)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('are each there once, also at 256 lanes, and beside given ones', async ({ folder }) => {
    const arms = await expanded(folder, {
      arms: [
        { ...main, lanes: 256, steps: [{ step: 'build' }, { step: 'build' }, { step: 'build' }] },
        {
          ...main,
          name: 'given',
          lanes: [{ name: 'b' }, {}, { name: 'a' }, {}],
          steps: [{ step: 'build' }, { step: 'build' }],
        },
      ],
    });
    expect(new Set(namesOf(arms.main)).size).toBe(768);
    expect(namesOf(arms.given)).toEqual(['b', 'c', 'a', 'd', 'e', 'f', 'g', 'h']);
  });
});

test('the scenario’s name is filled into tags at once, the rest when a build is called', async ({
  folder,
}) => {
  const arms = await expanded(folder, {
    build: { tags: ['{scenario}/{scenario}-{lane}-{iteration}:{run}'] },
    arms: [main],
  });
  expect(lanesOf(arms.main)[0]?.build.tags).toEqual(['sample/sample-{lane}-{iteration}:{run}']);
});
