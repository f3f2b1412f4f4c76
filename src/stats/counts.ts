/** Throws RangeError unless k of n is a count that can be: whole numbers, n at least 1, 0 <= k <= n. */
export function checkCount(k: number, n: number): void {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new RangeError(`of nothing there is no rate: n must be a whole number from 1, not ${n}`);
  }
  if (!Number.isSafeInteger(k) || k < 0 || k > n) {
    throw new RangeError(`k must be a whole number from 0 to ${n}, not ${k}`);
  }
}

/** Throws RangeError unless the level lies strictly between 0 and 1. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`a confidence level lies between 0 and 1, not ${level}`);
  }
}

/** Throws RangeError unless p is a probability: from 0 to 1, both included. */
export function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`a probability lies from 0 to 1, not ${p}`);
  }
}
