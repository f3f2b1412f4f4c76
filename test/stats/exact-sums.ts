import type { Interval } from '../../src/stats/interval.js';
import { binomial } from './binomial.js';

/** How often an interval covers the rate p where n was fixed; `intervals[k]` is that of k of n. */
export function coverage(intervals: readonly Interval[], p: number): number {
  const n = intervals.length - 1;
  return intervals.reduce((sum, interval, k) => (covers(interval, p) ? sum + binomial(k, n, p) : sum), 0);
}

export function covers({ low, high }: Interval, p: number): boolean {
  return low <= p && p <= high;
}

/**
 * Follows all experiments at rate p from iteration to iteration, together with their probabilities: `stops` says after which
 * k of n one ends, `cap` after how many iterations all do. The sum of `counts` over where they ended, each by its probability.
 */
export function summedOverEnds(
  p: number,
  cap: number,
  stops: (k: number, n: number) => boolean,
  counts: (k: number, n: number) => number,
): number {
  let going = [1];
  let sum = 0;
  for (let n = 1; n <= cap; n += 1) {
    const next: number[] = [];
    for (let k = 0; k <= n; k += 1) {
      const probability = (going[k] ?? 0) * (1 - p) + (going[k - 1] ?? 0) * p;
      if (probability > 0 && (n === cap || stops(k, n))) {
        sum += probability * counts(k, n);
        next.push(0);
      } else {
        next.push(probability);
      }
    }
    going = next;
  }
  return sum;
}

/** How often intervals that are looked at after every one of `looks` iterations cover p at all of them. */
export function coverageAtAllLooks(
  p: number,
  looks: number,
  intervalOf: (k: number, n: number) => Interval,
): number {
  const misses = (k: number, n: number): boolean => !covers(intervalOf(k, n), p);
  return summedOverEnds(p, looks, misses, (k, n) => (misses(k, n) ? 0 : 1));
}
