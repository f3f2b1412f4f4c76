import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidenceSequence } from '../../src/stats/confidence-sequence.js';
import { clopperPearson } from '../../src/stats/interval.js';
import { count } from './arbitrary.js';

describe('confidenceSequence', () => {
  it('has its limits where prior over posterior density is 1/(1 - level), by the definition', () => {
    // Prior-posterior ratio of Beta(1/2, 1/2): 1/2 * 3/2 * ... over 1 * 2 * ... over the likelihood.
    const ratio = (k: number, n: number, p: number): number => {
      let value = 1;
      for (let i = 0; i < n; i += 1) {
        const among = i < k ? i : i - k;
        value *= (among + 0.5) / (i + 1) / (i < k ? p : 1 - p);
      }
      return value;
    };
    for (const [k, n, level] of [
      [1, 5, 0.95],
      [3, 20, 0.95],
      [20, 40, 0.9],
      [59, 60, 0.99],
      [100, 200, 0.95],
    ] as const) {
      const { low, high } = confidenceSequence(k, n, level);
      expect(ratio(k, n, low) * (1 - level)).toBeCloseTo(1, 9);
      expect(ratio(k, n, high) * (1 - level)).toBeCloseTo(1, 9);
    }
  });

  it.each([1, 5, 20, 60])('agrees with the closed form at 0 of %i and all of it', (n) => {
    // 1/20 of 1/2 * 3/2 * ... / n! is (1 - high)^n.
    const evidence = Array.from({ length: n }, (_, i) => (i + 0.5) / (i + 1)).reduce((a, b) => a * b, 1);
    const high = 1 - (0.05 * evidence) ** (1 / n);
    expect(confidenceSequence(0, n).high).toBeCloseTo(high, 12);
    expect(confidenceSequence(n, n).low).toBeCloseTo(1 - high, 12);
    expect(confidenceSequence(0, n).low).toBe(0);
    expect(confidenceSequence(n, n).high).toBe(1);
    expect(confidenceSequence(0, n)).toMatchObject({ level: 0.95, method: 'confidence-sequence' });
  });

  it('is narrower at the ends than with a flat prior', () => {
    // Flat prior at 0 of n: (1 - high)^n = 0.05/(n + 1).
    for (const [n, narrower] of [
      [5, 0.05],
      [20, 0.14],
      [60, 0.19],
    ] as const) {
      const flat = 1 - (0.05 / (n + 1)) ** (1 / n);
      expect(confidenceSequence(0, n).high).toBeLessThan(flat * (1 - narrower));
    }
    expect(confidenceSequence(0, 20).high).toBeCloseTo(0.224, 3);
  });

  it('misses the rate at any of 150 looks in at most 5 % of all runs, summed over all ways through them', () => {
    const looks = 150;
    for (const p of [0.01, 0.05, 0.1, 0.3, 0.5, 0.8, 0.99]) {
      let covered = [1];
      for (let n = 1; n <= looks; n += 1) {
        covered = Array.from({ length: n + 1 }, (_, k) => {
          const { low, high } = confidenceSequence(k, n);
          return low <= p && p <= high ? (covered[k] ?? 0) * (1 - p) + (covered[k - 1] ?? 0) * p : 0;
        });
      }
      const always = covered.reduce((a, b) => a + b, 0);
      expect(always).toBeGreaterThanOrEqual(0.95);
      // Fixed-n intervals do not bear that many looks, so the sum can tell.
      expect(always).toBeLessThan(1);
    }
  });

  it('contains the rate, mirrors when seen and not seen change places, and is the price of looking', () => {
    fc.assert(
      fc.property(count(400), ([k, n]) => {
        const { low, high } = confidenceSequence(k, n);
        const mirrored = confidenceSequence(n - k, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(k / n);
        expect(high).toBeGreaterThanOrEqual(k / n);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeCloseTo(1 - mirrored.high, 9);
        expect(high).toBeCloseTo(1 - mirrored.low, 9);
        const exact = clopperPearson(k, n);
        expect(high - low).toBeGreaterThan(exact.high - exact.low - 1e-9);
      }),
    );
  });

  it('widens with the level and rises with k', () => {
    fc.assert(
      fc.property(count(300), ([k, n]) => {
        fc.pre(k < n);
        expect(confidenceSequence(k, n, 0.99).high).toBeGreaterThan(confidenceSequence(k, n).high);
        expect(confidenceSequence(k + 1, n).low).toBeGreaterThan(confidenceSequence(k, n).low);
        expect(confidenceSequence(k + 1, n).high).toBeGreaterThan(confidenceSequence(k, n).high);
      }),
    );
  });

  it('takes a run of many thousand iterations', () => {
    const { low, high } = confidenceSequence(50_000, 100_000);
    expect(low).toBeGreaterThan(0.49);
    expect(high).toBeLessThan(0.51);
  });

  it.each([
    [0, 0],
    [6, 5],
    [-1, 5],
    [0.5, 5],
    [Number.NaN, 5],
  ])('refuses %d of %d', (k, n) => {
    expect(() => confidenceSequence(k, n)).toThrow(RangeError);
  });

  it.each([0, 1, 95, Number.NaN])('refuses the level %d', (level) => {
    expect(() => confidenceSequence(1, 2, level)).toThrow(RangeError);
  });
});
