import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { compare, gravestVerdict } from '../../../src/judgement/comparison/compare.js';
import type { Comparable } from '../../../src/results/comparable.js';
import type { ComparisonRow } from '../../../src/results/comparison.js';
import { holm } from '../../../src/stats/holm.js';
import { compareRates } from '../../../src/stats/rate-comparison.js';
import { comparable, comparableArm, drift, seen } from '../sample-comparable.js';

const margin = 0.2;

function onlyRow(base: Comparable, run: Comparable): ComparisonRow {
  const { rows } = compare(base, run, margin);
  expect(rows).toHaveLength(1);
  return rows[0] as ComparisonRow;
}

function refusal(base: Comparable, run: Comparable): string {
  try {
    compare(base, run, margin);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

describe('a run against a base', () => {
  it.each([
    [0, 20, 'regression'],
    [20, 0, 'improvement'],
    [0, 0, 'unchanged'],
    [3, 6, 'undetermined'],
  ] as const)('%i of 20 then %i of 20 is %s', (there, here, verdict) => {
    const comparison = compare(drift('base', there), drift('run', here), margin);
    expect(comparison.verdict).toBe(verdict);
    expect(comparison).toMatchObject({ reason: null, notes: [], margin });
    const [row] = comparison.rows;
    const rates = compareRates({ count: there, of: 20 }, { count: here, of: 20 });
    expect(row).toMatchObject({
      ...{ scenario: 'chaos-1506', arm: 'main', role: 'reproduce', signal: 'platform-drift', expected: true },
      ...{ verdict, reason: null, base: { count: there, of: 20 }, run: { count: here, of: 20 } },
      ...{ difference: rates.difference, p: rates.p, pAdjusted: rates.p },
    });
    expect(typeof row?.iterationsToSettle).toBe(verdict === 'undetermined' ? 'number' : 'object');
  });

  it('says which two were compared', () => {
    const base = drift('a', 0, 20, { isBaseline: true, file: '/results/baselines/a.json' });
    expect(compare(base, drift('b', 0), margin)).toMatchObject({
      base: { name: 'a', file: '/results/baselines/a.json', isBaseline: true },
      run: { name: 'b', file: '/results/b', isBaseline: false, builder: { kind: 'buildctl' } },
    });
  });

  it('adjusts over all rows that have a p, and over no others', () => {
    const arms = (counts: readonly [number, number][]) =>
      counts.map(([count, of], i) =>
        comparableArm(`arm-${i}`, { signals: [seen('platform-drift', count, of)] }),
      );
    const there: [number, number][] = [0, 0, 2, 2, 0].map((count, i) => [count, i === 4 ? 0 : 20]);
    const here: [number, number][] = [5, 9, 2, 2, 9].map((count) => [count, 20]);
    const { rows } = compare(comparable('base', arms(there)), comparable('run', arms(here)), margin);
    const compared = rows.slice(0, 4);
    expect(compared.map((row) => row.pAdjusted)).toEqual(holm(compared.map((row) => row.p ?? Number.NaN)));
    expect(rows[4]).toMatchObject({ difference: null, p: null, pAdjusted: null, iterationsToSettle: null });
    // Alone it would be one: 5 of 20 against 0 of 20 is p = 0.023.
    expect(rows[0]?.verdict).toBe('undetermined');
    expect(rows[1]?.verdict).toBe('regression');
  });

  it('has a row for what an arm, or the arm it belongs to, expects, and for what was seen', () => {
    const arms = (seenThere: number) => [
      comparableArm('main', {
        signals: [
          seen('hang', 0, 20, false),
          seen('build-failed', seenThere, 20, false),
          seen('platform-drift', 0),
        ],
      }),
      comparableArm('apart', {
        ...{ role: 'control', of: 'main' },
        signals: [seen('platform-drift', 0, 20, false), seen('cache-miss', 0, 20, false)],
      }),
    ];
    const pairs = (there: number, here: number) =>
      compare(comparable('base', arms(there)), comparable('run', arms(here)), margin).rows.map(
        ({ arm, signal, expected }) => [arm, signal, expected],
      );
    const expected = [
      ['main', 'platform-drift', true],
      ['apart', 'platform-drift', false],
    ];
    expect(pairs(0, 0)).toEqual(expected);
    const withFailure = [expected[0], ['main', 'build-failed', false], expected[1]];
    expect(pairs(1, 0)).toEqual(withFailure);
    expect(pairs(0, 1)).toEqual(withFailure);
  });

  it('leaves an arm out that only one side ran, and says so', () => {
    const signals = [seen('platform-drift', 0)];
    const base = comparable('base', [
      comparableArm('both', { signals }),
      comparableArm('skipped', { signals, skipped: 'no arm64 emulation' }),
      comparableArm('gone', { signals }),
    ]);
    const run = comparable('run', [
      comparableArm('new', { signals }),
      comparableArm('skipped', { signals }),
      comparableArm('both', { signals }),
    ]);
    const { rows, notes } = compare(base, run, margin);
    expect(rows.map(({ arm }) => arm)).toEqual(['both']);
    expect(notes).toEqual([
      'new was left out: not in the base',
      'skipped was left out: skipped in the base (no arm64 emulation)',
      'gone was left out: not in the run',
    ]);
  });

  it('pairs points of a sweep by what they are, since names of two may be alike', () => {
    const signals = [seen('platform-drift', 0)];
    const at = (x: string, more = {}) =>
      comparableArm('main-arg-x-a-b', { signals, point: { arm: 'main', factors: { 'arg:x': x } }, ...more });
    const plain = comparableArm('plain', { signals });
    const points = (...xs: string[]) => [plain, ...xs.map((x) => at(x))];
    const other = compare(comparable('base', points('a.b')), comparable('run', points('a b')), margin);
    expect(other.rows.map(({ arm }) => arm)).toEqual(['plain']);
    expect(other.notes).toEqual([
      'main-arg-x-a-b was left out: not in the base',
      'main-arg-x-a-b was left out: not in the run',
    ]);
    const same = compare(comparable('base', points('a b')), comparable('run', points('a b')), margin);
    expect(same.rows.map(({ arm }) => arm)).toEqual(['plain', 'main-arg-x-a-b']);
    // A baseline of old times says no points.
    const old = comparable('base', [plain, at('a b', { point: null })]);
    expect(compare(old, comparable('run', points('a b')), margin).rows).toHaveLength(2);
  });

  it('allows builders of two kinds and other versions, and says so of the kinds', () => {
    const builder = {
      kind: 'buildx',
      name: null,
      version: 'v0.17.1',
      daemonVersion: 'v0.33.0',
      simulated: false,
    };
    const other = compare(drift('base', 0), drift('run', 0, 20, { builder }), margin);
    expect(other.notes).toEqual(['the base is of the builder buildctl, the run of buildx']);
    expect(other.verdict).toBe('unchanged');
  });

  it('says where the builders are two of one kind, or two profiles of the simulated one', () => {
    const named = (name: string | null) => ({
      builder: { ...drift('', 0).builder, kind: 'simulated', name },
    });
    const notes = (there: string | null, here: string | null) =>
      compare(drift('base', 0, 20, named(there)), drift('run', 0, 20, named(here)), margin).notes;
    expect(notes('apple', 'apple-fixed')).toEqual([
      'the base is of the builder simulated apple, the run of apple-fixed',
    ]);
    expect(notes('apple', 'apple')).toEqual([]);
    // A baseline of old times says no name.
    expect(notes(null, 'apple')).toEqual([]);
  });

  it('says where a side is not all of its plan', () => {
    const part = drift('part', 0, 20, { shard: { index: 2, of: 8 } });
    const cut = drift('cut', 0, 20, { stopped: 'stopped by SIGINT' });
    expect(compare(part, cut, margin)).toMatchObject({
      verdict: 'unchanged',
      notes: ['the base is part 2/8 of a plan only', 'the run did not come to its end (stopped by SIGINT)'],
    });
  });

  it('says where another version of the detectors counted', () => {
    const { notes } = compare(drift('base', 0, 20, { countedBy: '0.0.9' }), drift('run', 0), margin);
    expect(notes).toEqual([expect.stringContaining('0.0.9')]);
  });
});

describe('a row is undetermined, with its reason,', () => {
  const { machine } = drift('base', 0);
  it.each([
    [{ cpuModel: 'Apple M4' }, 'CPU model AMD EPYC 7763 there, Apple M4 here'],
    [{ cpus: 4 }, 'number of CPUs 2 there, 4 here'],
    [{ kernel: '6.13.0' }, 'kernel 6.12.38 there, 6.13.0 here'],
    [{ os: 'Darwin' }, 'operating system Linux #1 SMP there, Darwin here'],
    [{ arch: 'arm64' }, 'architecture x64 there, arm64 here'],
    [{ host: 'ffffffffffff' }, 'another host'],
  ])('where the machine differs: %o', (more, text) => {
    const run = drift('run', 20, 20, { machine: { ...machine, ...more } });
    const comparison = compare(drift('base', 0), run, margin);
    const reason = `the machine differs: ${text}`;
    expect(comparison).toMatchObject({ verdict: 'undetermined', reason });
    expect(comparison.rows[0]).toMatchObject({ verdict: 'undetermined', reason, iterationsToSettle: null });
    expect(comparison.rows[0]?.p).toBeLessThan(0.001);
  });

  it.each([
    [{ ofSeveralMachines: true }, 'different machines'],
    [{ ofSeveralBuilders: true }, 'different versions of the builder'],
  ])('where the iterations of a side are a mixture: %o', (more, of) => {
    const mixed = drift('mixed', 20, 20, more);
    const reason = `the iterations of the run ran on ${of}`;
    const comparison = compare(drift('base', 0), mixed, margin);
    expect(comparison).toMatchObject({ verdict: 'undetermined', reason });
    expect(comparison.rows[0]).toMatchObject({ verdict: 'undetermined', reason, iterationsToSettle: null });
    expect(compare(mixed, drift('run', 0), margin)).toMatchObject({
      verdict: 'undetermined',
      reason: `the iterations of the base ran on ${of}`,
    });
    expect(compare(mixed, mixed, margin).reason).toContain('of the base and the run ran');
  });

  it('and tells of all that speaks against it', () => {
    const mixed = drift('mixed', 20, 20, { ofSeveralBuilders: true, machine: { ...machine, cpus: 4 } });
    expect(compare(drift('base', 0), mixed, margin).reason).toBe(
      'the machine differs: number of CPUs 2 there, 4 here; the iterations of the run ran on different versions of the builder',
    );
  });

  it('but not where one side did not record its host', () => {
    const run = drift('run', 20, 20, { machine: { ...machine, host: null } });
    expect(compare(drift('base', 0), run, margin)).toMatchObject({ verdict: 'regression', reason: null });
  });

  it.each(['first', 'verdict'] as const)('where a side ended because of what showed (%s)', (rule) => {
    const stopping = rule === 'first' ? { rule } : { rule, p0: 0.05, p1: 0.3, error: 0.05 };
    const stopped = drift('stopped', 20, 20, { stopping });
    expect(onlyRow(drift('base', 0), stopped)).toMatchObject({
      verdict: 'undetermined',
      reason: 'the run ended because of what showed, so the counts are no fair sample',
      iterationsToSettle: null,
    });
    expect(onlyRow(stopped, drift('run', 0)).reason).toMatch(/^the base ended/);
    expect(onlyRow(stopped, stopped).reason).toMatch(/^the base and the run ended/);
  });

  it.each([
    [0, 20, 'the base has'],
    [20, 0, 'the run has'],
    [0, 0, 'either side has'],
  ])('where %i and %i iterations could be looked at', (there, here, who) => {
    const other = comparableArm('other', { signals: [] });
    const side = (name: string, of: number) =>
      comparable(name, [other, comparableArm('main', { signals: [seen('platform-drift', 0, of)] })]);
    const row = onlyRow(side('base', there), side('run', here));
    expect(row.verdict).toBe('undetermined');
    expect(row.reason).toContain(who);
    expect(row.iterationsToSettle).toBeNull();
  });

  it.each([{ delaysMs: [0, 50] }, { steps: ['build a, b, c'] }])(
    'where the arm did something else: %o',
    (more) => {
      const signals = [seen('platform-drift', 20)];
      const run = comparable('run', [comparableArm('main', { signals, ...more })]);
      expect(onlyRow(drift('base', 0), run)).toMatchObject({
        verdict: 'undetermined',
        reason: expect.stringContaining('differ'),
        iterationsToSettle: null,
      });
    },
  );
});

describe('refused with one sentence is', () => {
  it('another scenario', () => {
    expect(refusal(drift('a', 0), drift('b', 0, 20, { scenario: 'context-race' }))).toBe(
      'a is of the scenario chaos-1506 and b of context-race; compare runs of one scenario',
    );
  });

  it('a scenario that was changed', () => {
    expect(refusal(drift('a', 0), drift('b', 0, 20, { contentSha256: 'other' }))).toMatch(
      /^the scenario chaos-1506 was changed between a and b/,
    );
  });

  it('a simulated builder against a real one', () => {
    const builder = { kind: 'simulated', name: null, version: '1', daemonVersion: null, simulated: true };
    const simulated = drift('sim', 0, 20, { builder });
    expect(refusal(simulated, drift('real', 0))).toMatch(
      /^sim is of the simulated builder and real of a real one/,
    );
    expect(refusal(drift('real', 0), simulated)).toMatch(
      /^sim is of the simulated builder and real of a real one/,
    );
  });

  it('a run that searched, but not the one that measured then', () => {
    const search = drift('search', 0, 20, { phase: 'search' });
    expect(refusal(search, drift('b', 0))).toMatch(/^search only searched for an offset/);
    expect(refusal(drift('a', 0), search)).toMatch(/^search only searched for an offset/);
    const measured = drift('measured', 0, 20, { phase: 'confirm' });
    expect(compare(measured, measured, margin).verdict).toBe('unchanged');
  });

  it('a run without any valid iteration', () => {
    expect(refusal(drift('a', 0), drift('b', 0, 0))).toMatch(/^b has no valid iteration/);
    expect(refusal(drift('a', 0, 0), drift('b', 0))).toMatch(/^a has no valid iteration/);
  });

  it('two that share no arm, or in which there was nothing to see', () => {
    const signals = [seen('platform-drift', 0)];
    const one = comparable('a', [comparableArm('one', { signals })]);
    const two = comparable('b', [comparableArm('two', { signals })]);
    expect(refusal(one, two)).toBe(
      'a and b have nothing that could be compared: two was left out: not in the base; one was left out: not in the run',
    );
    const silent = comparable('a', [comparableArm('one')]);
    expect(refusal(silent, silent)).toMatch(/no arm expects or shows a signal/);
  });
});

it('the gravest row is the verdict of the whole', () => {
  const of = (...verdicts: ComparisonRow['verdict'][]) =>
    gravestVerdict(verdicts.map((verdict) => ({ verdict })));
  expect(of('unchanged', 'improvement', 'undetermined', 'regression')).toBe('regression');
  expect(of('unchanged', 'improvement', 'undetermined')).toBe('undetermined');
  expect(of('unchanged', 'improvement')).toBe('improvement');
  expect(of('unchanged', 'unchanged')).toBe('unchanged');
});
