import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FactorCell } from '../../src/stats/factor-test.js';
import { factorTest } from '../../src/stats/factor-test.js';
import { fisher } from '../../src/stats/fisher.js';
import { binomial } from './binomial.js';

/** Five standard errors of 10,000 deals. */
function tolerance(p: number): number {
  return 5 * Math.sqrt((p * (1 - p)) / 10_000) + 2e-4;
}

function cell(level: string, stratum: string, count: number, of: number): FactorCell {
  return { level, stratum, count, of };
}

/** All ways to deal outcomes out among the iterations of each stratum, by brute force: the exact p. */
function exactly(cells: readonly FactorCell[]): number {
  const levels = [...new Set(cells.map(({ level }) => level))];
  const strata = [...new Set(cells.map(({ stratum }) => stratum))].map((stratum) => {
    const own = cells.filter((one) => one.stratum === stratum);
    return {
      places: own.flatMap(({ level, of }) => new Array<string>(of).fill(level)),
      total: own.reduce((sum, { count }) => sum + count, 0),
    };
  });
  let deals = [levels.map(() => 0)];
  const expected = levels.map(() => 0);
  const variance = levels.map(() => 0);
  for (const { places, total } of strata) {
    const n = places.length;
    const ways = Array.from({ length: 2 ** n }, (_, bits) =>
      places.filter((_, i) => (bits & (1 << i)) !== 0),
    ).filter((way) => way.length === total);
    const dealt = ways.map((way) => levels.map((level) => way.filter((place) => place === level).length));
    levels.forEach((_, i) => {
      const mean = dealt.reduce((sum, deal) => sum + (deal[i] ?? 0), 0) / dealt.length;
      expected[i] = (expected[i] ?? 0) + mean;
      variance[i] =
        (variance[i] ?? 0) +
        dealt.reduce((sum, deal) => sum + ((deal[i] ?? 0) - mean) ** 2, 0) / dealt.length;
    });
    deals = deals.flatMap((deal) => dealt.map((more) => deal.map((count, i) => count + (more[i] ?? 0))));
  }
  const extremity = (counts: readonly number[]): number =>
    counts.reduce((sum, count, i) => sum + (count - (expected[i] ?? 0)) ** 2 / (variance[i] || 1), 0);
  const seen = extremity(
    levels.map((level) =>
      cells.filter((one) => one.level === level).reduce((sum, { count }) => sum + count, 0),
    ),
  );
  return deals.filter((deal) => extremity(deal) >= seen - 1e-9).length / deals.length;
}

describe('factorTest', () => {
  it.each([
    [8, 10, 2, 10],
    [5, 20, 0, 20],
    [3, 7, 3, 7],
    [9, 12, 5, 12],
  ])("is Fisher's two-sided test for two levels of one size: %i of %i, %i of %i", (k1, n1, k2, n2) => {
    const p = factorTest([cell('a', '', k1, n1), cell('b', '', k2, n2)], 1);
    expect(Math.abs(p - fisher(k1, n1, k2, n2))).toBeLessThan(tolerance(p));
  });

  it('equals dealing out in all ways there are', () => {
    const experiments = [
      [cell('a', '', 0, 3), cell('b', '', 1, 4), cell('c', '', 4, 4)],
      [cell('a', 'x', 3, 4), cell('b', 'x', 1, 4), cell('a', 'y', 2, 3), cell('b', 'y', 1, 4)],
      [cell('a', 'x', 1, 2), cell('b', 'x', 3, 5), cell('a', 'y', 0, 1), cell('c', 'y', 3, 4)],
      [cell('a', 'x', 0, 4), cell('b', 'x', 0, 4), cell('a', 'y', 0, 4), cell('b', 'y', 3, 4)],
    ];
    for (const cells of experiments) {
      const exact = exactly(cells);
      expect(exact).toBeLessThan(1);
      for (const seed of [1, 2, 3]) {
        expect(Math.abs(factorTest(cells, seed) - exact)).toBeLessThan(tolerance(exact));
      }
    }
  });

  it('finds a factor that moves the rate, in every stratum alike', () => {
    const cells = ['x', 'y', 'z'].flatMap((stratum) => [
      cell('0 ms', stratum, 1, 10),
      cell('50 ms', stratum, 8, 10),
    ]);
    // Nothing dealt by chance comes near: the smallest p there is.
    expect(factorTest(cells, 7)).toBe(1 / 10_001);
  });

  it('does not blame a factor for what another one does', () => {
    // Level a was mostly run in stratum x, where all fails; within the strata nothing differs.
    const apart = [cell('a', 'x', 18, 20), cell('b', 'x', 4, 5), cell('a', 'y', 1, 5), cell('b', 'y', 2, 20)];
    const thrownTogether = apart.map((one) => ({ ...one, stratum: '' }));
    expect(factorTest(thrownTogether, 7)).toBeLessThan(0.001);
    expect(factorTest(apart, 7)).toBeGreaterThan(0.3);
  });

  it('gives 1 where no deal could differ', () => {
    expect(factorTest([], 1)).toBe(1);
    expect(factorTest([cell('a', '', 0, 10), cell('b', '', 0, 10)], 1)).toBe(1);
    expect(factorTest([cell('a', '', 10, 10), cell('b', '', 10, 10)], 1)).toBe(1);
    expect(factorTest([cell('a', '', 3, 10)], 1)).toBe(1);
    expect(factorTest([cell('a', 'x', 10, 10), cell('b', 'y', 0, 10)], 1)).toBe(1);
    expect(factorTest([cell('a', '', 5, 10), cell('b', '', 5, 10)], 1)).toBe(1);
  });

  it('adds cells of one place up, and leaves out those of which nothing was run', () => {
    const cells = [cell('a', 'x', 8, 10), cell('b', 'x', 3, 10)];
    const apart = [
      cell('a', 'x', 5, 6),
      cell('b', 'x', 3, 10),
      cell('a', 'x', 3, 4),
      cell('c', 'x', 0, 0),
      cell('c', 'z', 0, 0),
    ];
    expect(factorTest(apart, 5)).toBe(factorTest(cells, 5));
  });

  it('is a probability that the seed alone settles, whatever the cells are called', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(6), fc.nat(6)), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        (drawn, seed) => {
          const cells = drawn.map(([level, stratum, count, more]) =>
            cell(`${level}`, `${stratum}`, count, count + more),
          );
          const p = factorTest(cells, seed);
          expect(p).toBeGreaterThan(0);
          expect(p).toBeLessThanOrEqual(1);
          const renamed = cells.map((one) => ({ ...one, level: `__proto__${one.level}` }));
          expect(factorTest(renamed, seed)).toBe(p);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('holds its level where nothing moves the rate: p <= 0.1 in at most 10 % of all outcomes', () => {
    // All outcomes of two strata of 2 x 4 iterations at a rate each; tied outcomes share p, so it stays below.
    const rates = [0.3, 0.7] as const;
    let size = 0;
    for (let code = 0; code < 5 ** 4; code += 1) {
      const counts = [0, 1, 2, 3].map((i) => Math.floor(code / 5 ** i) % 5);
      const cells = counts.map((count, i) => cell(i % 2 === 0 ? 'a' : 'b', i < 2 ? 'x' : 'y', count, 4));
      const probability = counts.reduce(
        (product, count, i) => product * binomial(count, 4, rates[i < 2 ? 0 : 1]),
        1,
      );
      size += factorTest(cells, code) <= 0.1 ? probability : 0;
    }
    expect(size).toBeLessThanOrEqual(0.1);
    expect(size).toBeGreaterThan(0.02);
  });

  it('judges 300 iterations of six levels in five strata', () => {
    const cells = Array.from({ length: 30 }, (_, i) => cell(`${i % 6}`, `${i % 5}`, (i * 7) % 11, 10));
    const moved = cells.map((one, i) => ({ ...one, count: i % 6 === 0 ? 10 : 1 }));
    expect(factorTest(cells, 3)).toBeGreaterThan(0.01);
    expect(factorTest(moved, 3)).toBeLessThan(0.001);
  });

  it.each([[cell('a', '', 3, 2)], [cell('a', '', 1, 0)], [cell('a', '', -1, 2)], [cell('a', '', 0.5, 2)]])(
    'refuses %j',
    (wrong) => {
      expect(() => factorTest([wrong], 1)).toThrow(RangeError);
    },
  );

  it('refuses a seed that is no whole number', () => {
    expect(() => factorTest([cell('a', '', 1, 2)], 0.5)).toThrow(RangeError);
  });
});
