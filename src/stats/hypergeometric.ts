/** Tables with both margins fixed: `probabilities[i]` is that of `first + i` in the first group. */
export interface Conditional {
  readonly first: number;
  readonly probabilities: Float64Array;
}

/** log(i!) at index i, grown as needed and kept, since every table of a test asks for the same few. */
const logFactorials: number[] = [0];

/** log(n!). */
export function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i += 1) {
    logFactorials.push((logFactorials[i - 1] ?? 0) + Math.log(i));
  }
  return logFactorials[n] ?? 0;
}

/** log of the number of ways to choose k of n. */
export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** How `total` successes fall on groups of n1 and n2 when chance alone deals them out (hypergeometric). */
export function conditional(n1: number, n2: number, total: number): Conditional {
  const first = Math.max(0, total - n2);
  const last = Math.min(n1, total);
  const all = logChoose(n1 + n2, total);
  const probabilities = new Float64Array(last - first + 1);
  for (let k = first; k <= last; k += 1) {
    probabilities[k - first] = Math.exp(logChoose(n1, k) + logChoose(n2, total - k) - all);
  }
  return { first, probabilities };
}
