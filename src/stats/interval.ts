import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import { checkCount, checkLevel } from './counts.js';
import { twoSidedZ } from './normal.js';

export type IntervalMethod = 'wilson' | 'clopper-pearson' | 'newcombe' | 'confidence-sequence';

/** An interval of a rate, or of a difference of two: fractions, with the level and the method they hold for. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly method: IntervalMethod;
}

/** `lower` bounds the rate from below only (high is 1), `upper` from above only (low is 0). */
export type Sides = 'two' | 'lower' | 'upper';

/**
 * Wilson's score interval for k of n: the interval to print, as its coverage is close to the level on average.
 * Source: Wilson 1927, JASA 22:209-212; recommended for n <= 40 by Brown, Cai, DasGupta 2001, Statistical Science 16:101-133.
 * Throws RangeError for counts that cannot be, n = 0 among them.
 */
export function wilson(k: number, n: number, level = 0.95): Interval {
  checkCount(k, n);
  checkLevel(level);
  const z = twoSidedZ(level);
  const rate = k / n;
  const shrink = 1 + z ** 2 / n;
  const centre = (rate + z ** 2 / (2 * n)) / shrink;
  const half = (z / shrink) * Math.sqrt((rate * (1 - rate)) / n + z ** 2 / (4 * n ** 2));
  // Rounding must not put k/n outside, nor leave 1e-17 where the formula gives 0.
  const low = k === 0 ? 0 : Math.min(rate, Math.max(0, centre - half));
  const high = k === n ? 1 : Math.max(rate, Math.min(1, centre + half));
  return { low, high, level, method: 'wilson' };
}

/**
 * The exact interval for k of n, whose coverage is never below the level: for claims of "at most" and "at least".
 * Two-sided it leaves (1 - level) / 2 on each side, one-sided all of 1 - level on one.
 * Source: Clopper & Pearson 1934, Biometrika 26:404-413, by quantiles of the beta distribution.
 * Throws RangeError for counts that cannot be, n = 0 among them.
 */
export function clopperPearson(k: number, n: number, level = 0.95, sides: Sides = 'two'): Interval {
  checkCount(k, n);
  checkLevel(level);
  const tail = sides === 'two' ? (1 - level) / 2 : 1 - level;
  const low = sides === 'upper' ? 0 : lowerLimit(k, n, tail);
  const high = sides === 'lower' ? 1 : 1 - lowerLimit(n - k, n, tail);
  return { low, high, level, method: 'clopper-pearson' };
}

/**
 * "At most this, with confidence `level`": the one-sided upper Clopper-Pearson limit, a fraction.
 * 0 of 5 at 95 % is 0.451; with nothing seen it is 1 - (1 - level)^(1/n), with everything seen 1.
 */
export function atMost(k: number, n: number, level = 0.95): number {
  return clopperPearson(k, n, level, 'upper').high;
}

/** The rate at which k or more of n has probability `tail`; closed forms at the ends, where they are exact. */
function lowerLimit(k: number, n: number, tail: number): number {
  if (k === 0) {
    return 0;
  }
  return k === n ? tail ** (1 / n) : betaQuantile(tail, k, n - k + 1);
}
