import { expect, it } from 'vitest';
import { estimatesFor, iterationsNeeded } from '../src/iterations-needed.js';
import type { Measured } from '../src/results/plan-answer.js';

const rates = { p0: 0.05, p1: 0.3, error: 0.05 };
const measured: Measured = {
  iterations: 3,
  iterationMs: { median: 2_000, low: 1_000, high: 5_000 },
  warmUpMs: 10_000,
  iterationBytes: 100,
  directory: '/r',
  builder: { kind: 'buildctl', version: null, daemonVersion: null, simulated: false },
  arms: ['main'],
};

it('knows the usual figures', () => {
  const { see, table, tell } = iterationsNeeded({ rate: 0.05, confidence: 0.95, rates });
  expect(see).toEqual({ rate: 0.05, confidence: 0.95, iterations: 59 });
  expect(table.filter(({ confidence }) => confidence === 0.95).map(({ iterations }) => iterations)).toEqual([
    299, 149, 59, 29, 14, 9, 5,
  ]);
  expect(table.filter(({ confidence }) => confidence === 0.99).map(({ iterations }) => iterations)).toEqual([
    459, 228, 90, 44, 21, 13, 7,
  ]);
  // 24 and a cut of 4: P(4 or more at 5 %) = 0.030, P(3 or fewer at 30 %) = 0.042; of 23, 0.054.
  expect(tell.fixed).toBe(24);
  expect(tell.sequential.atP0).toBeLessThan(24);
  expect(tell.sequential.atP1).toBeLessThan(24);
});

it('says null where nothing within reason tells two rates apart', () => {
  const { tell } = iterationsNeeded({ rate: 0.3, confidence: 0.95, rates: { ...rates, p0: 0.2999 } });
  expect(tell).toMatchObject({ fixed: null, sequential: { atP0: null, atP1: null } });
  expect(estimatesFor({ see: { rate: 0.3, confidence: 0.95, iterations: 9 }, tell }, measured)).toHaveLength(
    1,
  );
});

it('adds what comes before the first iteration once', () => {
  const needed = iterationsNeeded({ rate: 0.3, confidence: 0.95, rates });
  expect(estimatesFor(needed, measured)[0]).toEqual({
    of: 'see',
    iterations: 9,
    ms: { median: 28_000, low: 19_000, high: 55_000 },
    bytes: 900,
  });
});
