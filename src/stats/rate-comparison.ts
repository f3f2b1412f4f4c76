import { boschloo } from './boschloo.js';
import type { Difference } from './newcombe.js';
import { newcombe } from './newcombe.js';

/** Seen in `count` of `of` iterations. */
export interface Rate {
  readonly count: number;
  readonly of: number;
}

export interface RateComparison {
  /** Rate of the run minus rate of the base. */
  readonly difference: Difference;
  /** That both rates are one: Boschloo, two-sided. */
  readonly p: number;
}

export type Change = 'regression' | 'improvement' | 'unchanged' | 'undetermined';

const significance = 0.05;
/** Beyond that many iterations a figure helps nobody to plan. */
const mostIterations = 2_000;

/**
 * How much more often the run shows a fault than the base, and whether chance alone explains it.
 * Throws RangeError for counts that cannot be, `of: 0` among them.
 */
export function compareRates(base: Rate, run: Rate): RateComparison {
  return {
    difference: newcombe(run.count, run.of, base.count, base.of),
    p: boschloo(run.count, run.of, base.count, base.of),
  };
}

/**
 * What a difference says. `unchanged` is claimed only where the whole interval lies within the margin (a fraction):
 * rates that could not be told apart are not thereby equal (Altman & Bland 1995, BMJ 311:485).
 */
export function changeVerdict(difference: Difference, pAdjusted: number, margin: number): Change {
  if (pAdjusted < significance) return difference.estimate > 0 ? 'regression' : 'improvement';
  return isWithin(difference, margin) ? 'unchanged' : 'undetermined';
}

/**
 * The smallest number of iterations of each side, above the smaller one at hand, at which the verdict would be settled if the
 * rates seen were the true ones: the interval of the difference leaves 0 out, or lies within the margin. With several
 * `tests` adjusted together, 0 has to be out at the strictest level among them (Bonferroni's, which is Holm's first step).
 * Null: not up to 2,000, or one side has no rate. Counts are rounded, so it is an estimate.
 */
export function iterationsToSettle(base: Rate, run: Rate, margin: number, tests = 1): number | null {
  if (base.of === 0 || run.of === 0) return null;
  const strict = 1 - significance / tests;
  for (let n = Math.min(base.of, run.of) + 1; n <= mostIterations; n += 1) {
    const counts = [atRate(run, n), n, atRate(base, n), n] as const;
    const { low, high } = newcombe(...counts, strict);
    if (low > 0 || high < 0 || isWithin(newcombe(...counts), margin)) return n;
  }
  return null;
}

function isWithin({ low, high }: Difference, margin: number): boolean {
  return low >= -margin && high <= margin;
}

const atRate = ({ count, of }: Rate, n: number): number => Math.round((count / of) * n);
