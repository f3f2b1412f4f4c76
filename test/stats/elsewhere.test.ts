import { describe, expect, it } from 'vitest';
import { boschloo } from '../../src/stats/boschloo.js';
import { fisher } from '../../src/stats/fisher.js';
import { holm } from '../../src/stats/holm.js';
import { atMost, clopperPearson, wilson } from '../../src/stats/interval.js';
import { newcombe } from '../../src/stats/newcombe.js';
import { runsTest } from '../../src/stats/runs-test.js';
import { iterationsToSee, iterationsToTell } from '../../src/stats/sample-size.js';

/** What other implementations give: SciPy 1.10.1 and R 4.2.2, both as Debian 12 has them. */
describe('SciPy 1.10.1', () => {
  // binomtest(k, n).proportion_ci(0.95, 'exact'), the same with 'wilson', and alternative='less' with 'exact'.
  it.each([
    [0, 20, 0.0, 0.168433471, 0.0, 0.1611251581, 0.1391083407],
    [1, 20, 0.0012650895, 0.2487327628, 0.0088814488, 0.2361311934, 0.2161061642],
    [5, 20, 0.0865714691, 0.4910458717, 0.1118617014, 0.4687008776, 0.455582404],
    [10, 20, 0.2719578496, 0.7280421504, 0.2992980082, 0.7007019918, 0.6980460887],
    [19, 20, 0.7512672372, 0.9987349105, 0.7638688066, 0.9911185512, 0.9974386212],
    [20, 20, 0.831566529, 1.0, 0.8388748419, 1.0, 1.0],
    [3, 48, 0.0130792444, 0.1719599308, 0.0214832329, 0.1683543805, 0.1536889989],
    [16, 60, 0.1607464516, 0.39661034, 0.1713264, 0.390087131, 0.3764288674],
    [59, 60, 0.9106009499, 0.9995781255, 0.9114487027, 0.9970518402, 0.9991454771],
  ])('%i of %i', (k, n, exactLow, exactHigh, wilsonLow, wilsonHigh, limit) => {
    const exact = clopperPearson(k, n);
    const score = wilson(k, n);
    const given = [exactLow, exactHigh, wilsonLow, wilsonHigh, limit];
    [exact.low, exact.high, score.low, score.high, atMost(k, n)].forEach((ours, i) => {
      expect(ours).toBeCloseTo(given[i] ?? Number.NaN, 9);
    });
  });

  // boschloo_exact([[a, c], [n - a, n - c]], n=256) and fisher_exact: two-sided, groups of one size.
  it.each([
    [5, 0, 20, 0.02252779, 0.0471240471],
    [6, 0, 20, 0.00974144, 0.0201960202],
    [18, 2, 20, 0.00000019, 0.0000005296],
    [9, 4, 20, 0.10210254, 0.1759956365],
    [30, 21, 60, 0.10520271, 0.1392539093],
    [3, 3, 60, 1, 1],
    [12, 0, 12, 0.00000012, 0.0000007396],
  ])('%i and %i of %i each', (a, c, n, p, exact) => {
    expect(boschloo(a, n, c, n)).toBeCloseTo(p, 6);
    expect(fisher(a, n, c, n)).toBeCloseTo(exact, 9);
  });
});

describe('R 4.2.2', () => {
  it('adjusts as p.adjust(p, "holm")', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005, 0.5]);
    [0.04, 0.09, 0.09, 0.025, 0.5].forEach((p, i) => {
      expect(adjusted[i]).toBeCloseTo(p, 12);
    });
  });

  it('has the intervals of binom.test', () => {
    expect(clopperPearson(3, 20).low).toBeCloseTo(0.03207093719, 10);
    expect(clopperPearson(3, 20).high).toBeCloseTo(0.37892682655, 10);
    expect(clopperPearson(12, 40).low).toBeCloseTo(0.1656272044, 9);
    expect(clopperPearson(12, 40).high).toBeCloseTo(0.4653162853, 9);
  });

  // Newcombe's interval is no part of R itself: built there of prop.test(x, 20, correct = FALSE)'s score intervals.
  it('gives the score intervals that Newcombe’s difference is built of', () => {
    const { low, high } = newcombe(18, 20, 2, 20);
    expect(wilson(18, 20).low).toBeCloseTo(0.6989664, 6);
    expect(low).toBeCloseTo(0.8 - Math.hypot(0.9 - 0.6989664, 0.3010336 - 0.1), 6);
    expect(high).toBeCloseTo(0.8 + Math.hypot(0.9721335 - 0.9, 0.1 - 0.0278665), 6);
  });

  // combn() over all orders of n1 and n2 outcomes: the share with at most that many runs.
  it.each([
    [5, 5, 2, 0.007936507937],
    [8, 8, 4, 0.008857808858],
    [3, 9, 3, 0.05454545455],
    [7, 6, 5, 0.1212121212],
  ])('counts %i and %i in at most %i runs', (n1, n2, runs, p) => {
    const outcomes = inRuns(n1, n2, runs);
    expect(runsTest(outcomes)?.runs).toBe(runs);
    expect(runsTest(outcomes)?.p).toBeCloseTo(p, 9);
  });

  // The smallest n with a cut k by pbinom: P(K >= k | p0) <= error, P(K < k | p1) <= error.
  it.each([
    [0.05, 0.3, 0.05, 24],
    [0.05, 0.3, 0.01, 44],
    [0.01, 0.1, 0.05, 61],
    [0.1, 0.5, 0.05, 13],
  ])('tells %d from %d at %d with as many', (p0, p1, error, n) => {
    expect(iterationsToTell(p0, p1, error)).toBe(n);
    expect(iterationsToSee(0.3, 0.95)).toBe(9);
  });
});

/** n1 of one kind and n2 of the other in that many runs: single ones first, what is left in the last of each kind. */
function inRuns(n1: number, n2: number, runs: number): boolean[] {
  const left = [n1, n2];
  return Array.from({ length: runs }, (_, i) => {
    const kind = i % 2;
    const size = i >= runs - 2 ? (left[kind] ?? 0) : 1;
    left[kind] = (left[kind] ?? 0) - size;
    return new Array<boolean>(size).fill(kind === 0);
  }).flat();
}
