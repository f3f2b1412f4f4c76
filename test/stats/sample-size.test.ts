import { describe, expect, it } from 'vitest';
import { iterationsToSee, iterationsToTell } from '../../src/stats/sample-size.js';
import { binomialAtMost } from './binomial.js';

describe('iterationsToSee', () => {
  it.each([
    [0.01, 299, 459],
    [0.02, 149, 228],
    [0.05, 59, 90],
    [0.1, 29, 44],
    [0.2, 14, 21],
    [0.3, 9, 13],
    [0.5, 5, 7],
  ])('rate %d: %i iterations at 0.95, %i at 0.99', (rate, at95, at99) => {
    expect(iterationsToSee(rate, 0.95)).toBe(at95);
    expect(iterationsToSee(rate, 0.99)).toBe(at99);
  });

  it('is the smallest number that is enough', () => {
    for (let percent = 1; percent < 100; percent += 1) {
      const n = iterationsToSee(percent / 100, 0.9);
      expect(1 - (1 - percent / 100) ** n).toBeGreaterThanOrEqual(0.9 - 1e-9);
      expect(n === 1 || 1 - (1 - percent / 100) ** (n - 1) < 0.9).toBe(true);
    }
  });

  it('does not round up what is whole: 0.9 is seen at 99 % in 2, 0.5 at 75 % in 2, 1 in 1', () => {
    expect(iterationsToSee(0.9, 0.99)).toBe(2);
    expect(iterationsToSee(0.5, 0.75)).toBe(2);
    expect(iterationsToSee(1, 0.999)).toBe(1);
  });

  it.each([
    [0, 0.95],
    [-0.1, 0.95],
    [1.1, 0.95],
    [Number.NaN, 0.95],
    [0.1, 0],
    [0.1, 1],
  ])('refuses the rate %d at %d', (rate, confidence) => {
    expect(() => iterationsToSee(rate, confidence)).toThrow(RangeError);
  });
});

describe('iterationsToTell', () => {
  /** By the definition: the first n with any cut at all that keeps both errors. */
  function bySearch(p0: number, p1: number, error: number): number {
    for (let n = 1; ; n += 1) {
      for (let cut = 1; cut <= n; cut += 1) {
        if (1 - binomialAtMost(cut - 1, n, p0) <= error && binomialAtMost(cut - 1, n, p1) <= error) {
          return n;
        }
      }
    }
  }

  it.each([
    [0.05, 0.3, 0.05],
    [0.05, 0.3, 0.01],
    [0.01, 0.1, 0.05],
    [0.01, 0.6, 0.05],
    [0.1, 0.5, 0.05],
    [0.3, 0.7, 0.05],
    [0.2, 0.8, 0.2],
    [0.6, 0.9, 0.02],
    [0.001, 0.999, 0.01],
    [0.4, 0.5, 0.1],
  ])('is what a search by the definition finds: %d from %d at %d', (p0, p1, error) => {
    expect(iterationsToTell(p0, p1, error)).toBe(bySearch(p0, p1, error));
  });

  it('can be worked out by hand where one sight is the cut', () => {
    // 0.99^5 = 0.951 keeps the one error, 0.5^5 = 0.031 the other; 0.5^4 = 0.063 does not.
    expect(iterationsToTell(0.01, 0.5, 0.05)).toBe(5);
  });

  it('stays exact for close rates, and gives up on too close ones', () => {
    // Normal approximation: ((1.645 * (sqrt(0.25) + sqrt(0.2496))) / 0.02)^2 = 6760.
    const close = iterationsToTell(0.5, 0.52, 0.05);
    expect(close).toBeGreaterThan(6700);
    expect(close).toBeLessThan(6820);
    expect(iterationsToTell(0.5, 0.5001, 0.05)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    [0.3, 0.3, 0.05],
    [0, 0.3, 0.05],
    [0.1, 1, 0.05],
    [0.1, 0.3, 0.5],
    [0.1, Number.NaN, 0.05],
  ])('refuses %d from %d at %d', (p0, p1, error) => {
    expect(() => iterationsToTell(p0, p1, error)).toThrow(RangeError);
  });
});
