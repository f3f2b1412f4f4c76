import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Place } from './promises.js';

export const runs = 10_000;

// One generator for all, so that a calibration comes out the same each time.
const random = xoroshiro128plus(1506);
let furthest = 0;

/** What one iteration shows: true with probability p. */
export function shows(p: number): boolean {
  return uniformFloat64(random) < p;
}

/** The simulated share of runs as a value that may miss `level` by chance; held against the exact share. */
export function simulated(hits: number, where: string, level: number, exact: number): Place {
  const value = hits / runs;
  // Shares next to 0 and 1 have hardly a standard error (and rounding may put a sum above 1): there it is one run in 10,000.
  const error = Math.max(Math.sqrt((exact * Math.max(0, 1 - exact)) / runs), 1 / runs);
  furthest = Math.max(furthest, Math.abs(value - exact) / error);
  return { value, where: `${where}, simulated`, slack: 3 * Math.sqrt((level * (1 - level)) / runs) };
}

/** The largest distance so far between a simulated and its exact share, in standard errors. */
export function furthestFromExact(): number {
  return furthest;
}
