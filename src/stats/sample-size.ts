import { checkLevel } from './counts.js';
import { checkPlan } from './sequential.js';

/**
 * Iterations after which a fault of that rate has shown at least once with probability `confidence`: ln(1 - confidence) over
 * ln(1 - rate), rounded up. Throws RangeError unless 0 < rate <= 1 and 0 < confidence < 1.
 */
export function iterationsToSee(rate: number, confidence: number): number {
  if (!(rate > 0 && rate <= 1)) {
    throw new RangeError(`what never happens is never seen: the rate lies above 0 and up to 1, not ${rate}`);
  }
  checkLevel(confidence);
  // Where the quotient is whole in theory, rounding must not make it one more.
  const quotient = Math.log1p(-confidence) / Math.log1p(-rate);
  return Math.max(1, Math.ceil(quotient * (1 - 1e-12)));
}

const mostIterations = 1_000_000;

/**
 * The smallest fixed number of iterations that has a cut to tell a rate of p0 or less (fewer sights than the cut) from one of
 * p1 or more, each answer wrong with probability `error` at most: exact, by the binomial. Infinity where a million is too few.
 * Throws RangeError unless 0 < p0 < p1 < 1 and 0 < error < 0.5.
 */
export function iterationsToTell(p0: number, p1: number, error: number): number {
  checkPlan({ p0, p1, error });
  const clean = new BelowCut(p0);
  const faulty = new BelowCut(p1);
  for (let n = 1; n <= mostIterations; n += 1) {
    clean.addIteration();
    faulty.addIteration();
    // One more iteration brings one more sight at most, so the cut need never rise by more than one.
    if (1 - clean.probability > error) {
      clean.raiseCut();
      faulty.raiseCut();
    }
    if (1 - clean.probability <= error && faulty.probability <= error) {
      return n;
    }
  }
  return Number.POSITIVE_INFINITY;
}

/** Probability of fewer sights than the cut, kept as iterations are added and the cut is raised; it begins at a cut of 1. */
class BelowCut {
  /** Of fewer than `cut` sights in `n` iterations. */
  probability = 1;
  /** Of exactly `cut - 1`. */
  private nextTo = 1;
  private n = 0;
  private cut = 1;
  private readonly rate: number;

  constructor(rate: number) {
    this.rate = rate;
  }

  addIteration(): void {
    this.probability -= this.nextTo * this.rate;
    this.n += 1;
    this.nextTo *= (this.n / (this.n - this.cut + 1)) * (1 - this.rate);
  }

  raiseCut(): void {
    this.nextTo *= ((this.n - this.cut + 1) / this.cut) * (this.rate / (1 - this.rate));
    this.probability += this.nextTo;
    this.cut += 1;
  }
}
