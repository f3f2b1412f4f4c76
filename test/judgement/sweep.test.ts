import { describe, expect, it } from 'vitest';
import { sweepResult } from '../../src/judgement/sweep.js';
import type { ArmResult } from '../../src/results/result.js';
import { arm, signal } from '../reports/sample-result.js';

type Rates = Readonly<Record<string, readonly [count: number, of: number]>>;

/** Points over delay and lanes, named `50ms 4`, with what each showed. */
const points = (name: string, rates: Rates, more: Partial<ArmResult> = {}): ArmResult[] =>
  Object.entries(rates).map(([levels, [count, of]]) => {
    const [delay = '', lanes = ''] = levels.split(' ');
    return arm(`${name}-${delay}-${lanes}`, {
      point: { arm: name, factors: { delay, lanes } },
      signals: [signal('hang', count, of, { expected: true }), signal('build-failed', count, of)],
      ...more,
    });
  });

const fixed = (seed: number | null) => ({ seed, stopping: { rule: 'fixed' } as const });

const byDelay: Rates = { '0ms 2': [0, 20], '0ms 4': [0, 20], '50ms 2': [20, 20], '50ms 4': [20, 20] };

describe('what a sweep says', () => {
  it('is nothing where no arm is a point', () => {
    expect(sweepResult([arm('one')], fixed(1))).toBeNull();
  });

  it('is which factor moves each expected signal, and which does not', () => {
    const found = sweepResult(points('race', byDelay), fixed(4711));
    expect(found?.factors).toEqual([
      { name: 'delay', levels: ['0ms', '50ms'] },
      { name: 'lanes', levels: ['2', '4'] },
    ]);
    expect(found?.tests).toMatchObject([
      { arm: 'race', signal: 'hang', factor: 'delay' },
      { arm: 'race', signal: 'hang', factor: 'lanes' },
    ]);
    const [delay, lanes] = found?.tests ?? [];
    expect(delay?.p).toBeLessThan(0.001);
    expect(delay?.pAdjusted).toBeCloseTo(2 * (delay?.p ?? 0), 10);
    expect(lanes?.p).toBe(1);
  });

  it('is the same for the same seed', () => {
    const rates: Rates = { '0ms 2': [2, 10], '0ms 4': [4, 10], '50ms 2': [6, 10], '50ms 4': [5, 10] };
    expect(sweepResult(points('race', rates), fixed(7))).toEqual(
      sweepResult(points('race', rates), fixed(7)),
    );
    expect(sweepResult(points('race', rates), fixed(null))?.tests).toHaveLength(2);
  });

  it('does not blame a factor for what comes with another one', () => {
    // Most iterations with 4 lanes were delayed as well; within a delay, lanes change nothing.
    const rates: Rates = { '0ms 2': [1, 30], '0ms 4': [0, 4], '50ms 2': [4, 4], '50ms 4': [29, 30] };
    const tests = sweepResult(points('race', rates), fixed(1))?.tests;
    expect(tests?.find(({ factor }) => factor === 'lanes')?.p).toBeGreaterThan(0.2);
    expect(tests?.find(({ factor }) => factor === 'delay')?.p).toBeLessThan(0.001);
  });

  it('adjusts over all tests of the run, arm by arm', () => {
    const found = sweepResult([...points('race', byDelay), ...points('other', byDelay)], fixed(1));
    expect(found?.tests.map(({ arm, factor }) => `${arm} ${factor}`)).toEqual([
      'race delay',
      'race lanes',
      'other delay',
      'other lanes',
    ]);
    const [first] = found?.tests ?? [];
    expect(first?.pAdjusted).toBeCloseTo(4 * (first?.p ?? 0), 10);
  });

  it('tests no control, and no factor that was looked at on one level only', () => {
    const blind: Rates = { '0ms 2': [3, 5], '0ms 4': [2, 5], '50ms 2': [0, 0], '50ms 4': [0, 0] };
    const found = sweepResult(
      [...points('race', blind), ...points('calm', byDelay, { role: 'control', of: 'race' })],
      fixed(1),
    );
    expect(found?.tests.map(({ arm, factor }) => `${arm} ${factor}`)).toEqual(['race lanes']);
  });

  it('tests nothing where the number of iterations hung on what was seen', () => {
    const stopping = { rule: 'verdict', p0: 0.05, p1: 0.3, error: 0.05 } as const;
    const found = sweepResult(points('race', byDelay), { seed: 1, stopping });
    expect(found?.factors).toHaveLength(2);
    expect(found?.tests).toEqual([]);
  });
});
