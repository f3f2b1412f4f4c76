import { describe, expect, it } from 'vitest';
import { armLanes, type PlannedArm, planSchema } from '../../src/scenario/plan.js';
import { parseSweep } from '../../src/scenario/sweep.js';
import { samplePlan } from '../results/sample-run.js';
import { test } from './folder.js';
import { complaint, expanded, smallest } from './sample.js';

describe('what --sweep takes', () => {
  it('keeps factors and levels in their order, each level in one form', () => {
    const sweep = parseSweep(['delay=0,50ms, 1000ms,0.5ms', 'lanes=2,04', 'arg.GREETING=hello world,b=c']);
    expect([...sweep]).toEqual([
      ['delay', ['0ms', '50ms', '1s', '0.5ms']],
      ['lanes', ['2', '4']],
      ['arg.GREETING', ['hello world', 'b=c']],
    ]);
  });

  it.each([
    ['lanes', '--sweep lanes: expected FACTOR=LEVEL,LEVEL, such as lanes=2,4 or delay=0ms,50ms'],
    ['lane=2', 'there is no such factor; expected one of lanes, delay, files, bytes, cpus, arg.NAME'],
    ['toString=2', 'there is no such factor'],
    ['arg.=2', 'there is no such factor'],
    ['arg.A-B=2', 'there is no such factor'],
    ['=2', 'there is no such factor'],
    ['delay=fast', '--sweep delay=fast: expected a duration such as 0ms, 50ms or 1s, at most 1h'],
    ['delay=50', '--sweep delay=50: expected a duration'],
    ['delay=999999999999h', '--sweep delay=999999999999h: expected a duration'],
    ['delay=2h', '--sweep delay=2h: expected a duration'],
    ['lanes=', '--sweep lanes=: expected a whole number from 1 to 256'],
    ['lanes=2,', '--sweep lanes=: expected a whole number'],
    ['lanes=0', 'expected a whole number from 1 to 256'],
    ['lanes=257', 'expected a whole number from 1 to 256'],
    ['lanes=2.5', 'expected a whole number'],
    ['lanes=1e2', 'expected a whole number'],
    ['files=100001', 'expected a whole number from 1 to 100000'],
    ['bytes=16777217', 'expected a whole number from 1 to 16777216'],
    ['cpus=0', 'expected a whole number from 1 to 4096'],
    ['arg.A=', '--sweep arg.A=: expected text of 1 to 200 characters'],
    [`arg.A=${'x'.repeat(201)}`, 'expected text of 1 to 200 characters'],
    ['lanes=2,4,02', '--sweep lanes: the level 2 stands there twice'],
    ['delay=1s,1000ms', '--sweep delay: the level 1s stands there twice'],
  ])('%s is refused', (text, why) => {
    expect(() => parseSweep([text])).toThrow(why);
  });

  it('names a factor once', () => {
    expect(() => parseSweep(['lanes=2', 'lanes=4'])).toThrow(
      '--sweep names the factor lanes twice: give all its levels at once',
    );
  });
});

describe('the sweep of a scenario file', () => {
  test.for([
    ['{}', 's.yaml:5: sweep: expected at least one of lanes, delay, files, bytes, cpus, buildArgs'],
    ['{ buildArgs: {} }', 's.yaml:5: sweep: expected at least one of'],
    ['{ lanes: [] }', 's.yaml:5: sweep.lanes: expected at least one level'],
    ['{ lanes: [2, 4, 2] }', 's.yaml:5: sweep: the level 2 stands there twice'],
    ['{ delay: [1s, 1000ms] }', 's.yaml:5: sweep: the level 1000ms stands there twice'],
    ['{ buildArgs: { A: [1, "1"] } }', 's.yaml:5: sweep: the level 1 stands there twice'],
    [
      '{ delay: [fast] }',
      's.yaml:5: sweep.delay[0]: expected a duration such as 50ms, 2s or 10m, at most 480h',
    ],
    ['{ delay: [2h] }', 's.yaml:5: sweep.delay[0]: expected a delay of at most 1h'],
    ['{ lanes: [257] }', 's.yaml:5: sweep.lanes[0]: expected at most 256'],
    [
      '{ lane: [2] }',
      'unknown key "lane" in sweep; expected one of lanes, delay, files, bytes, cpus, buildArgs',
    ],
    ['{ buildArgs: { "A-B": [1] } }', 'expected a name of letters, digits and underscores'],
    ['{ buildArgs: { A: [" "] } }', 'expected text of 1 to 200 characters'],
  ] as const)('%s is a mistake', async ([yaml, why], { folder }) => {
    expect(await complaint(folder, `${smallest}sweep: ${yaml}\n`)).toContain(why);
  });
});

const race = { name: 'race', role: 'reproduce', expects: ['hang'] };
const calm = { name: 'calm', role: 'control', of: 'race', build: { noCache: true } };
const alone = { name: 'alone', role: 'alone', of: 'race' };
const source = { arms: [race, calm, alone] };
const pointOf = (arm: PlannedArm | undefined) => arm?.point?.factors;
const delaysOf = (arm: PlannedArm | undefined) => armLanes(arm as PlannedArm).map(({ delayMs }) => delayMs);

describe('the points of a sweep', () => {
  test('are reproduce arms and controls at every combination, in order, controls beside their own point', async ({
    folder,
  }) => {
    const arms = await expanded(folder, source, { sweep: parseSweep(['delay=0ms,50ms', 'lanes=2,4']) });
    expect(Object.entries(arms).map(([name, { of }]) => [name, of])).toEqual([
      ['race-delay-0ms-lanes-2', null],
      ['race-delay-0ms-lanes-4', null],
      ['race-delay-50ms-lanes-2', null],
      ['race-delay-50ms-lanes-4', null],
      ['calm-delay-0ms-lanes-2', 'race-delay-0ms-lanes-2'],
      ['calm-delay-0ms-lanes-4', 'race-delay-0ms-lanes-4'],
      ['calm-delay-50ms-lanes-2', 'race-delay-50ms-lanes-2'],
      ['calm-delay-50ms-lanes-4', 'race-delay-50ms-lanes-4'],
    ]);
    expect(arms['calm-delay-50ms-lanes-4']?.point).toEqual({
      arm: 'calm',
      factors: { delay: '50ms', lanes: '4' },
    });
    expect(delaysOf(arms['race-delay-50ms-lanes-4'])).toEqual([0, 50, 100, 150]);
    expect(delaysOf(arms['race-delay-0ms-lanes-2'])).toEqual([0, 0]);
  });

  test('can be read from the plan again', async ({ folder }) => {
    const arms = await expanded(folder, source, { sweep: parseSweep(['cpus=1,2', 'delay=0ms,1s']) });
    const plan = samplePlan({ arms: Object.values(arms) });
    expect(planSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  test('take contexts, build arguments and processors as they say', async ({ folder }) => {
    const arms = await expanded(
      folder,
      {
        build: { buildArgs: { A: 'a', B: 'b' }, context: 'files' },
        lanes: [{ build: { buildArgs: { C: 1 } } }, {}],
        steps: [{ step: 'make-context', name: 'files', files: 3 }, { step: 'build' }],
        daemon: { flags: ['--debug'] },
        arms: [race],
      },
      { sweep: parseSweep(['files=7', 'bytes=512', 'arg.A=x', 'arg.C=2', 'cpus=1']) },
    );
    const [[name, arm]] = Object.entries(arms) as [[string, PlannedArm]];
    expect(name).toBe('race-files-7-bytes-512-arg-a-x-arg-c-2-cpus-1');
    expect(arm.steps[0]).toMatchObject({ files: 7, bytes: { min: 512, max: 512 } });
    expect(armLanes(arm).map(({ build }) => build.buildArgs)).toEqual([
      { A: 'x', B: 'b', C: '2' },
      { A: 'x', B: 'b' },
    ]);
    expect(arm.daemon).toEqual({ snapshotter: null, flags: ['--debug'], keepMegabytes: null, cpus: 1 });
  });

  test('are meant for the steps that let several go together', async ({ folder }) => {
    const steps = [{ step: 'build', lanes: [{ name: 'first' }] }, { step: 'build' }];
    const arms = await expanded(folder, { steps, arms: [race] }, { sweep: parseSweep(['lanes=3']) });
    expect(armLanes(arms['race-lanes-3'] as PlannedArm)).toHaveLength(4);
  });

  test('are those of the scenario, with the levels of the command line', async ({ folder }) => {
    const swept = { ...source, sweep: { delay: ['0ms', '50ms'], lanes: [2, 4] } };
    const own = await expanded(folder, swept, { arms: ['race'] });
    const other = await expanded(folder, swept, { arms: ['race'], sweep: parseSweep(['lanes=3']) });
    const fixed = await expanded(folder, swept, { arms: ['race'], lanes: 8 });
    const offset = await expanded(folder, swept, { arms: ['race'], offsetMs: 7 });
    expect(Object.values(own).map(pointOf)).toEqual([
      { lanes: '2', delay: '0ms' },
      { lanes: '2', delay: '50ms' },
      { lanes: '4', delay: '0ms' },
      { lanes: '4', delay: '50ms' },
    ]);
    expect(Object.keys(other)).toEqual(['race-lanes-3-delay-0ms', 'race-lanes-3-delay-50ms']);
    expect(Object.keys(fixed)).toEqual(['race-delay-0ms', 'race-delay-50ms']);
    expect(delaysOf(fixed['race-delay-50ms'])).toHaveLength(8);
    expect(Object.keys(offset)).toEqual(['race-lanes-2', 'race-lanes-4']);
    expect(delaysOf(offset['race-lanes-2'])).toEqual([0, 7]);
  });

  test('leave a factor out where it bears on neither an arm nor its controls', async ({ folder }) => {
    const make = [{ step: 'make-context', name: 'files', files: 3 }, { step: 'build' }];
    const arms = await expanded(
      folder,
      { arms: [race, { ...calm, steps: make }, { ...race, name: 'other' }] },
      { sweep: parseSweep(['files=1,2']) },
    );
    expect(Object.keys(arms)).toEqual([
      'race-files-1',
      'race-files-2',
      'calm-files-1',
      'calm-files-2',
      'other',
    ]);
    expect(arms.other?.point).toBeNull();
  });

  test('have short names that are all different', async ({ folder }) => {
    const long = 'a'.repeat(60);
    const sweep = parseSweep(['arg.A=x,X,x!,*', 'lanes=2,4']);
    const arms = await expanded(
      folder,
      {
        build: { buildArgs: { A: '' } },
        arms: [
          { ...race, name: long },
          { ...calm, of: long },
        ],
      },
      { sweep },
    );
    const names = Object.keys(arms);
    expect(names).toHaveLength(16);
    expect(names.every((name) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(name))).toBe(true);
    for (const control of Object.values(arms).filter(({ role }) => role === 'control'))
      expect(pointOf(arms[control.of ?? ''])).toEqual(pointOf(control));
  });
});

describe('a sweep that makes no sense is refused', () => {
  test.for([
    [['files=1,2'], {}, 'a sweep over files changes nothing here: no step makes a context (make-context)'],
    [['bytes=1,2'], {}, 'a sweep over bytes changes nothing here'],
    [['arg.A=1,2'], {}, 'a sweep over arg.A changes nothing here: no build has the build argument A'],
    [['arg.constructor=1'], {}, 'no build has the build argument constructor'],
    [
      ['delay=0ms'],
      { lanes: 1 },
      'a sweep over delay changes nothing here: no step lets several lanes go together',
    ],
    [
      ['delay=0ms', 'lanes=1,2'],
      {},
      'a sweep over delay and over 1 lane: one lane has none after it to delay',
    ],
    [['lanes=2'], { lanes: 2 }, '--sweep lanes varies what is fixed by another option: give one of the two'],
    [['delay=1s'], { delaysMs: [0, 5] }, '--sweep delay varies what is fixed by another option'],
    [['delay=1s'], { offsetMs: 5 }, '--sweep delay varies what is fixed by another option'],
    [['lanes=2'], { arms: ['alone'] }, 'a sweep leaves alone arms out: choose a reproduce arm or a control'],
    [
      [`lanes=${upTo(12)}`, `cpus=${upTo(9)}`],
      {},
      'the sweep has 108 points, and 100 are the most: choose fewer levels',
    ],
  ] as const)('%s', async ([texts, overrides, why], { folder }) => {
    await expect(expanded(folder, source, { ...overrides, sweep: parseSweep(texts) })).rejects.toThrow(why);
  });

  test('with more than 400 arms', async ({ folder }) => {
    const arms = [race, ...Array.from({ length: 4 }, (_, i) => ({ ...calm, name: `calm-${i}` }))];
    await expect(expanded(folder, { arms }, { sweep: parseSweep([`cpus=${upTo(100)}`]) })).rejects.toThrow(
      'the sweep makes 500 arms, and 400 are the most: choose fewer levels or arms',
    );
  });

  test('of the scenario, only where it bears on none of its arms', async ({ folder }) => {
    const make = [{ step: 'make-context', name: 'files', files: 3 }, { step: 'build' }];
    const arms = [race, { ...race, name: 'made', steps: make }];
    const swept = { arms, sweep: { files: [1, 2] } };
    expect(Object.keys(await expanded(folder, swept, { arms: ['race'] }))).toEqual(['race']);
    await expect(expanded(folder, { ...swept, arms: [race] })).rejects.toThrow('a sweep over files changes');
  });
});

function upTo(count: number): string {
  return Array.from({ length: count }, (_, i) => i + 1).join(',');
}
