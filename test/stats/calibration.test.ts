import { describe, expect, it } from 'vitest';
import { confidenceSequence } from '../../src/stats/confidence-sequence.js';
import type { Interval } from '../../src/stats/interval.js';
import { clopperPearson, wilson } from '../../src/stats/interval.js';
import { changeVerdict, compareRates } from '../../src/stats/rate-comparison.js';
import { iterationsToTell } from '../../src/stats/sample-size.js';
import { expectedIterations, sequentialCourse, sequentialRule } from '../../src/stats/sequential.js';
import { binomial } from './binomial.js';
import { coverage, coverageAtAllLooks, covers, summedOverEnds } from './exact-sums.js';

// The short form of bench/calibration.ts: exact sums only, for fewer rates and sizes.

const level = 0.95;
const rates = [0.01, 0.05, 0.3, 0.5, 0.9, 0.99];
const sizes = [5, 20, 60];
const plan = { p0: 0.05, p1: 0.3, error: 0.05 };
const looks = 100;

function intervals(n: number, make: (k: number, n: number) => Interval): Interval[] {
  return Array.from({ length: n + 1 }, (_, k) => make(k, n));
}

describe('intervals of a fixed number of iterations', () => {
  const grid = Array.from({ length: 199 }, (_, i) => (i + 1) / 200);

  it.each(sizes)('cover every rate where they are exact, n = %i', (n) => {
    const twoSided = intervals(n, (k) => clopperPearson(k, n, level));
    const limits = intervals(n, (k) => clopperPearson(k, n, level, 'upper'));
    for (const p of [...rates, ...grid]) {
      expect(coverage(twoSided, p)).toBeGreaterThanOrEqual(level - 1e-9);
      expect(coverage(limits, p)).toBeGreaterThanOrEqual(level - 1e-9);
    }
  });

  it.each(sizes)("cover within a point of their level on average where they are Wilson's, n = %i", (n) => {
    const scores = intervals(n, (k) => wilson(k, n, level));
    const mean = grid.reduce((sum, p) => sum + coverage(scores, p), 0) / grid.length;
    expect(Math.abs(mean - level)).toBeLessThanOrEqual(0.01);
  });
});

describe('intervals of runs that stop by what they see', () => {
  const known = new Map<string, Interval>();
  const sequence = (k: number, n: number): Interval => {
    const interval = known.get(`${k}/${n}`) ?? confidenceSequence(k, n, level);
    known.set(`${k}/${n}`, interval);
    return interval;
  };
  const answerAt = sequentialRule(plan);
  const rules: [string, (k: number, n: number) => boolean][] = [
    ['the sequential test', (k, n) => answerAt(k, n) !== 'open'],
    ['the first sight', (k) => k > 0],
    ['the first look at which the rate seen is above 40 %', (k, n) => n >= 5 && k > 0.4 * n],
  ];

  it.each(rates)('cover at all looks at once, p = %d', (p) => {
    expect(coverageAtAllLooks(p, looks, sequence)).toBeGreaterThanOrEqual(level);
  });

  it.each(rules)('cover when stopped by %s', (_, stops) => {
    for (const p of rates) {
      const covered = summedOverEnds(p, looks, stops, (k, n) => (covers(sequence(k, n), p) ? 1 : 0));
      expect(covered).toBeGreaterThanOrEqual(level);
    }
  });

  it("do not where they are Wilson's: the sums can tell", () => {
    expect(coverageAtAllLooks(0.3, looks, (k, n) => wilson(k, n, level))).toBeLessThan(0.8);
  });
});

describe('the sequential test', () => {
  it('errs at most as often as it says, summed over all ways to an answer', () => {
    const answerAt = sequentialRule(plan);
    const stops = (k: number, n: number): boolean => answerAt(k, n) !== 'open';
    for (const [p, wrong] of [
      [plan.p0, 'at-least'],
      [plan.p1, 'at-most'],
    ] as const) {
      const errs = summedOverEnds(p, 150, stops, (k, n) => (answerAt(k, n) === wrong ? 1 : 0));
      expect(errs).toBeLessThanOrEqual(plan.error);
      const course = sequentialCourse(p, plan);
      expect(errs).toBeCloseTo(wrong === 'at-least' ? course.atLeast : course.atMost, 6);
    }
  });

  it('takes half of the iterations that a fixed number takes at the same errors, or fewer', () => {
    const fixed = iterationsToTell(plan.p0, plan.p1, plan.error);
    for (const p of [plan.p1, 0.01, 0.6]) {
      expect(expectedIterations(p, plan)).toBeLessThanOrEqual(fixed / 2);
    }
    // At p0 no test at all saves half: Wald's bound of the mean is 0.9 * ln 19 / (0.05 ln(0.05/0.3) + 0.95 ln(0.95/0.7)) = 13.2.
    expect(expectedIterations(plan.p0, plan)).toBeGreaterThan(13.2);
    expect(expectedIterations(plan.p0, plan)).toBeLessThan(13.2 * 1.15);
  });
});

describe('two runs held against each other', () => {
  /** Probability of a verdict over all pairs of counts of n iterations each. */
  function chances(n: number, baseRate: number, runRate: number): Record<string, number> {
    const sums: Record<string, number> = {};
    for (let base = 0; base <= n; base += 1) {
      for (let run = 0; run <= n; run += 1) {
        const { difference, p } = compareRates({ count: base, of: n }, { count: run, of: n });
        const verdict = changeVerdict(difference, p, 0.2);
        sums[verdict] = (sums[verdict] ?? 0) + binomial(base, n, baseRate) * binomial(run, n, runRate);
      }
    }
    return sums;
  }

  it.each([0.05, 0.5])('cry regression no more often than they may where nothing changed, p = %d', (p) => {
    expect(chances(20, p, p).regression).toBeLessThanOrEqual(0.05);
  });

  it('find a regression from 0.1 to 0.9 in at least 95 %, 20 iterations each', () => {
    expect(chances(20, 0.1, 0.9).regression).toBeGreaterThanOrEqual(0.95);
  });
});
