import type { ArmResult, RunResult } from './result.js';

/** Numbers of iterations at equal distances: `first`, `first + step`, … up to `last`. */
export interface NumberStretch {
  readonly first: number;
  readonly last: number;
  /** 1 where they follow each other; of a part of a plan, the number of its parts. */
  readonly step: number;
}

/** Keeps the numbers of an arm's iterations in the order in which they come; of a usual run they are one stretch. */
export class NumberKeeper {
  readonly #stretches: { first: number; last: number; step: number }[] = [];

  add(iteration: number): void {
    const last = this.#stretches.at(-1);
    if (last !== undefined && last.first === last.last && iteration > last.last) {
      last.step = iteration - last.first;
      last.last = iteration;
    } else if (last !== undefined && iteration === last.last + last.step) last.last = iteration;
    else this.#stretches.push({ first: iteration, last: iteration, step: 1 });
  }

  get stretches(): readonly NumberStretch[] {
    return this.#stretches.map((one) => ({ ...one }));
  }
}

/**
 * The number of each iteration of an arm that was carried out, in the order of `SignalResult.course`, whose length is
 * `count`. Null: they are not known, as in a result of an older version that is a part of a plan, or not all of it.
 */
export function iterationNumbers(
  { shard }: Pick<RunResult, 'shard'>,
  { carriedOut, iterations }: Pick<ArmResult, 'carriedOut' | 'iterations'>,
  count: number,
): readonly number[] | null {
  if (carriedOut === undefined) {
    const isWhole = shard === null && count === iterations.planned;
    return isWhole ? Array.from({ length: count }, (_, i) => i + 1) : null;
  }
  const numbers: number[] = [];
  for (const { first, last, step } of carriedOut) {
    for (let one = first; one <= last && numbers.length <= count; one += step) numbers.push(one);
  }
  return numbers.length === count ? numbers : null;
}
