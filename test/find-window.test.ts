import { describe, expect } from 'vitest';
import { findWindow, type WindowOptions } from '../src/find-window.js';
import type { ReproduceOptions } from '../src/reproduce.js';
import type { RunResult, WindowResult } from '../src/results/result.js';
import { parseDuration } from '../src/scenario/duration.js';
import { expandArms } from '../src/scenario/expand.js';
import { loadScenario } from '../src/scenario/load.js';
import { bestOffset, byOffset } from '../src/scenario/window.js';
import { run } from './reports/sample-result.js';
import { type Folder, test } from './scenario/folder.js';
import { noOverrides } from './scenario/sample.js';

const twoArms = `title: T
dockerfiles: .
lanes: 2
iterations: 5
arms:
  - {name: main, role: reproduce, expects: [hang]}
  - {name: plain, role: control, of: main}
  - {name: alone, role: alone, of: main}
`;

interface Staged {
  /** Which offsets show the fault, always. */
  readonly shows?: (offsetMs: number) => boolean;
  readonly text?: string;
  readonly options?: Partial<ReproduceOptions>;
  readonly asked?: Partial<WindowOptions>;
  /** How long each run takes on the clock. */
  readonly lasts?: (run: number) => number;
  readonly stopped?: (run: number, options: ReproduceOptions) => string | null;
}

/** Runs a search on a builder that is a function, and keeps what each run was asked for. */
async function staged(folder: Folder, staging: Staged = {}) {
  const scenario = await loadScenario(await folder.write('s.yaml', staging.text ?? twoArms));
  const runs: ReproduceOptions[] = [];
  const told: string[] = [];
  let clock = 0;
  const reproduce = async (options: ReproduceOptions): Promise<RunResult> => {
    runs.push(options);
    clock += staging.lasts?.(runs.length) ?? 1_000;
    const stopped = staging.stopped?.(runs.length, options) ?? null;
    return run([], { window: windowOf(options, runs.length), seed: options.seed ?? 11, stopped });
  };
  const windowOf = ({ window, overrides }: ReproduceOptions, number: number): WindowResult | null => {
    if (window === null) return null;
    if (window.phase === 'confirm') return { ...window, bestMs: overrides.offsetMs };
    const seen = (overrides.sweep?.get('delay') ?? []).map((delay) => {
      const offsetMs = parseDuration(delay) ?? -1;
      const of = overrides.iterations ?? 0;
      return { offsetMs, of, count: staging.shows?.(offsetMs) ? of : 0 };
    });
    const searched = byOffset([...window.searched, ...seen]);
    return {
      phase: 'search',
      searched,
      bestMs: bestOffset(searched),
      runs: [...window.runs, `run-${number}`],
    };
  };
  const options: ReproduceOptions = {
    scenario,
    overrides: noOverrides,
    seed: null,
    maxTimeMs: 1_800_000,
    window: null,
    abort: new AbortController().signal,
    again: (seed: number) => `again ${seed}`,
    ...staging.options,
  } as ReproduceOptions;
  const asked: WindowOptions = {
    range: { fromMs: 0, toMs: 1_000 },
    maxIterations: 100,
    tell: (sentence) => told.push(sentence),
    againAt: (seed, delaysMs, iterations) => `${delaysMs.join()} x ${iterations}, ${seed}`,
    ...staging.asked,
  };
  const result = await findWindow(options, asked, { reproduce, now: () => clock });
  return { result, runs, told };
}

const from40to80 = (offsetMs: number): boolean => offsetMs >= 40 && offsetMs <= 80;

describe('a search that finds something', () => {
  test('looks with the reproduce arms alone, within the budget, and hands on what it saw', async ({
    folder,
  }) => {
    const { runs } = await staged(folder, { shows: from40to80 });
    const searches = runs.slice(0, -1);
    const spent = searches.map(
      ({ overrides }) => (overrides.sweep?.get('delay')?.length ?? 0) * (overrides.iterations ?? 0),
    );
    expect(searches.map(({ window }) => window?.phase)).toEqual(['search', 'search', 'search']);
    expect(spent.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(100);
    for (const { overrides } of searches) expect(overrides.arms).toEqual(['main']);
    expect(runs.map(({ window }) => window?.runs)).toEqual([
      [],
      ['run-1'],
      ['run-1', 'run-2'],
      ['run-1', 'run-2', 'run-3'],
    ]);
    expect(searches.map(({ window }) => window?.searched.length)).toEqual([0, 13, 19]);
  });

  test('measures in the middle of it on fresh iterations of all arms, and gives that run back', async ({
    folder,
  }) => {
    const { runs, result } = await staged(folder, { shows: from40to80 });
    const last = runs.at(-1);
    expect(last?.window?.phase).toBe('confirm');
    expect(last?.window?.searched).toContainEqual({ offsetMs: 50, count: 3, of: 3 });
    expect(last?.overrides).toMatchObject({ arms: null, sweep: null, iterations: 20 });
    expect(Math.abs((last?.overrides.offsetMs ?? 0) - 60)).toBeLessThan(10);
    expect(result.window).toMatchObject({ phase: 'confirm', bestMs: last?.overrides.offsetMs });
  });

  test('measures as many iterations as were asked for, or as the scenario has if that is more', async ({
    folder,
  }) => {
    const asked = { options: { overrides: { ...noOverrides, iterations: 7 } }, shows: from40to80 };
    expect((await staged(folder, asked)).runs.at(-1)?.overrides.iterations).toBe(7);
    const text = twoArms.replace('iterations: 5', 'iterations: 50');
    expect((await staged(folder, { text, shows: from40to80 })).runs.at(-1)?.overrides.iterations).toBe(50);
  });

  test('says how to do the confirmation again, by a delay for each lane; the whole where arms differ in lanes', async ({
    folder,
  }) => {
    const { runs } = await staged(folder, { shows: from40to80 });
    const offsetMs = runs.at(-1)?.overrides.offsetMs;
    expect(runs.at(-1)?.again(4)).toBe(`0,${offsetMs} x 20, 4`);
    const text = `${twoArms}  - {name: wide, role: control, of: main, lanes: 3}\n`;
    expect((await staged(folder, { text, shows: from40to80 })).runs.at(-1)?.again(4)).toBe('again 4');
  });

  test('goes by one seed from its first run to its last', async ({ folder }) => {
    const { runs } = await staged(folder, { shows: from40to80 });
    expect(runs.map(({ seed }) => seed)).toEqual([null, 11, 11, 11]);
  });
});

describe('a search that finds nothing', () => {
  test('spends its budget on points between those of the grid, and measures nothing', async ({ folder }) => {
    const { runs, result, told } = await staged(folder);
    expect(runs.map(({ window }) => window?.phase)).toEqual(['search', 'search', 'search']);
    expect(result.window).toMatchObject({ phase: 'search', bestMs: null });
    expect(result.window?.searched.reduce((sum, { of }) => sum + of, 0)).toBeGreaterThan(90);
    expect(told.at(-1)).toBe('the fault showed at no offset: nothing to measure');
  });

  test('shares the budget between the arms that it searches with', async ({ folder }) => {
    const text = `${twoArms}  - {name: other, role: reproduce, expects: [hang]}\n`;
    const { runs } = await staged(folder, { text });
    const spent = runs.map(
      ({ overrides }) => 2 * (overrides.sweep?.get('delay')?.length ?? 0) * (overrides.iterations ?? 0),
    );
    expect(runs[0]?.overrides.arms).toEqual(['main', 'other']);
    expect(spent.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(100);
  });

  test('makes arms that a run can expand', async ({ folder }) => {
    const { runs } = await staged(folder);
    for (const { scenario, overrides } of runs) {
      const delays = overrides.sweep?.get('delay');
      const arms = expandArms(scenario, overrides);
      expect(arms.map(({ point }) => point?.factors.delay)).toEqual(delays);
      expect(arms.every(({ role }) => role === 'reproduce')).toBe(true);
    }
  });
});

describe('an end before its time', () => {
  test('the search takes half of the time, and the confirmation gets what is left', async ({ folder }) => {
    const { runs } = await staged(folder, {
      shows: from40to80,
      options: { maxTimeMs: 60_000 },
      lasts: (number) => (number === 1 ? 30_400 : 1_000),
      stopped: (number) => (number === 1 ? 'the time limit of 30s was reached' : null),
    });
    expect(runs.map(({ window, maxTimeMs }) => [window?.phase, maxTimeMs])).toEqual([
      ['search', 30_000],
      ['confirm', 29_000],
    ]);
  });

  test('a search that was stopped, or lost its builder, is followed by nothing', async ({ folder }) => {
    const { runs, result } = await staged(folder, {
      shows: from40to80,
      stopped: () => 'the builder stopped answering: gone',
    });
    expect(runs).toHaveLength(1);
    expect(result.stopped).not.toBeNull();
  });

  test('so is one that the user stopped when its time was over as well', async ({ folder }) => {
    const { runs } = await staged(folder, {
      shows: from40to80,
      options: { maxTimeMs: 1_000, abort: AbortSignal.abort('stopped by SIGINT') },
      stopped: () => 'stopped by SIGINT',
    });
    expect(runs).toHaveLength(1);
  });

  test('without a limit no run has one', async ({ folder }) => {
    const { runs } = await staged(folder, { shows: from40to80, options: { maxTimeMs: null } });
    expect(new Set(runs.map(({ maxTimeMs }) => maxTimeMs))).toEqual(new Set([null]));
  });
});

describe('what cannot be searched with', () => {
  test.for([
    ['no reproduce arm', { options: { overrides: { ...noOverrides, arms: ['plain'] } } }, 'reproduce arm'],
    ['one lane', { text: twoArms.replace('lanes: 2', 'lanes: 1') }, 'arm main of s has no step that lets'],
    [
      'fewer iterations than arms',
      {
        text: `${twoArms}  - {name: other, role: reproduce, expects: [hang]}\n`,
        asked: { maxIterations: 1 },
      },
      '--max-iterations 1: the 2 arms',
    ],
    [
      'an arm that is not there',
      { options: { overrides: { ...noOverrides, arms: ['none'] } } },
      'has no arm none',
    ],
  ] as const)('%s', async ([, staging, expected], { folder }) => {
    await expect(staged(folder, staging as Staged)).rejects.toThrow(expected);
  });
});
