import { logChoose } from './hypergeometric.js';

/**
 * Wald and Wolfowitz' runs test, exact and one-sided: the number of runs of equal outcomes, and the probability of that few
 * or fewer when every order of these outcomes is equally likely. A small p says that sights clump together, so that the rate
 * drifts while the experiment goes on. Null where all outcomes are alike: then there is no order to judge.
 * Source: Wald & Wolfowitz 1940, Annals of Mathematical Statistics 11:147-162.
 */
export function runsTest(outcomes: readonly boolean[]): { runs: number; p: number } | null {
  const seen = outcomes.filter((outcome) => outcome).length;
  const notSeen = outcomes.length - seen;
  if (seen === 0 || notSeen === 0) {
    return null;
  }
  const runs = 1 + outcomes.slice(1).filter((outcome, i) => outcome !== outcomes[i]).length;
  let p = 0;
  for (let fewer = 2; fewer <= runs; fewer += 1) {
    p += probabilityOfRuns(fewer, seen, notSeen);
  }
  return { runs, p: Math.min(1, p) };
}

/** Runs alternate, so the two kinds have one number of them, or one kind has one more; each kind is cut into its runs. */
function probabilityOfRuns(runs: number, seen: number, notSeen: number): number {
  const fewer = Math.floor(runs / 2);
  const more = runs - fewer;
  const orders = logChoose(seen + notSeen, seen);
  const split = (a: number, b: number): number =>
    a > seen || b > notSeen
      ? 0
      : Math.exp(logChoose(seen - 1, a - 1) + logChoose(notSeen - 1, b - 1) - orders);
  return split(fewer, more) + split(more, fewer);
}
