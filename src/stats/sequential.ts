import { checkProbability } from './counts.js';

/** A rate of p0 or less is told from one of p1 or more; each answer may be wrong with probability `error`. */
export interface SequentialPlan {
  readonly p0: number;
  readonly p1: number;
  readonly error: number;
}

/** `at-least`: p1 or more. `at-most`: p0 or less. `open`: more outcomes are needed. */
export type SequentialAnswer = 'at-least' | 'at-most' | 'open';

/**
 * Wald's sequential probability ratio test. The first crossing of a boundary decides, whatever comes after it; `at` is the
 * number of outcomes it took, null while open. It may be asked after every outcome.
 *
 * The boundaries of the likelihood ratio are 1/error and error. By Ville's inequality each answer is then wrong with
 * probability `error` at most, at p0 and below it, at p1 and above it, however long the test may go on. Wald's own
 * approximations, (1 - error)/error and its inverse, hold only error/(1 - error), since a step may jump over a boundary.
 * Sources: Wald 1945, Annals of Mathematical Statistics 16:117-186; Ville 1939, Étude critique de la notion de collectif.
 * Throws RangeError unless 0 < p0 < p1 < 1 and 0 < error < 0.5.
 */
export function sequentialTest(
  outcomes: Iterable<boolean>,
  plan: SequentialPlan,
): { answer: SequentialAnswer; at: number | null } {
  const answerAt = sequentialRule(plan);
  let k = 0;
  let n = 0;
  for (const seen of outcomes) {
    n += 1;
    k += seen ? 1 : 0;
    const answer = answerAt(k, n);
    if (answer !== 'open') {
      return { answer, at: n };
    }
  }
  return { answer: 'open', at: null };
}

/**
 * Mean number of outcomes until the test answers, or `cap` where it is still open then: exact, by dynamic programming.
 * Throws RangeError as `sequentialTest`, and unless p lies from 0 to 1 and `cap` is a whole number from 1.
 */
export function expectedIterations(p: number, plan: SequentialPlan, cap = 10_000): number {
  return sequentialCourse(p, plan, cap).iterations;
}

/** Probability of each answer at rate p within `cap` outcomes, and their mean number. */
export interface SequentialCourse {
  readonly atLeast: number;
  readonly atMost: number;
  readonly open: number;
  readonly iterations: number;
}

/** What the test does at rate p, exactly: the walk over (n, k) is followed until it has answered or `cap` is reached. */
export function sequentialCourse(p: number, plan: SequentialPlan, cap = 10_000): SequentialCourse {
  checkProbability(p);
  if (!Number.isSafeInteger(cap) || cap < 1) {
    throw new RangeError(`a cap is a whole number from 1, not ${cap}`);
  }
  const answerAt = sequentialRule(plan);
  const answered = { 'at-least': 0, 'at-most': 0 };
  let iterations = 0;
  // `open[i]` is the probability to be still open with `first + i` seen.
  let open = [1];
  let first = 0;
  let left = 1;
  // Below 1e-15 of it, what is left cannot move a figure that is printed.
  for (let n = 1; n <= cap && left > 1e-15; n += 1) {
    iterations += left;
    const next: number[] = [];
    let nextFirst = first;
    left = 0;
    for (let i = 0; i <= open.length; i += 1) {
      const probability = (open[i] ?? 0) * (1 - p) + (open[i - 1] ?? 0) * p;
      const answer = answerAt(first + i, n);
      if (answer === 'open') {
        nextFirst = next.length === 0 ? first + i : nextFirst;
        next.push(probability);
        left += probability;
      } else {
        answered[answer] += probability;
      }
    }
    open = next;
    first = nextFirst;
  }
  return { atLeast: answered['at-least'], atMost: answered['at-most'], open: left, iterations };
}

/** Throws RangeError unless 0 < p0 < p1 < 1 and 0 < error < 0.5. */
export function checkPlan({ p0, p1, error }: SequentialPlan): void {
  if (!(p0 > 0 && p0 < p1 && p1 < 1)) {
    throw new RangeError(`two rates to tell apart need 0 < p0 < p1 < 1, not ${p0} and ${p1}`);
  }
  if (!(error > 0 && error < 0.5)) {
    throw new RangeError(`the error of an answer lies between 0 and 0.5, not ${error}`);
  }
}

/**
 * The answer that k of n give where none was given before; it hangs on the two counts alone. Throws as `sequentialTest`.
 */
export function sequentialRule(plan: SequentialPlan): (k: number, n: number) => SequentialAnswer {
  checkPlan(plan);
  const { p0, p1, error } = plan;
  const seen = Math.log(p1 / p0);
  const notSeen = Math.log1p(-p1) - Math.log1p(-p0);
  // A ratio that meets the boundary exactly must not be kept from it by rounding.
  const boundary = -Math.log(error) - 1e-9;
  return (k, n) => {
    const ratio = k * seen + (n - k) * notSeen;
    if (ratio >= boundary) {
      return 'at-least';
    }
    return ratio <= -boundary ? 'at-most' : 'open';
  };
}
