import { checkProbability } from './counts.js';

/**
 * Holm's adjusted p-values, in the order given: those at or below a level may be believed together, with the probability that
 * even one of them misleads kept at that level, however the tests hang together.
 * Source: Holm 1979, Scandinavian Journal of Statistics 6:65-70.
 * Throws RangeError for a p that is no probability.
 */
export function holm(ps: readonly number[]): number[] {
  ps.forEach(checkProbability);
  const adjusted = [...ps];
  const fromSmallest = [...ps.keys()].sort((a, b) => (ps[a] ?? 1) - (ps[b] ?? 1));
  let highest = 0;
  fromSmallest.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * (ps[index] ?? 1)));
    adjusted[index] = highest;
  });
  return adjusted;
}
