import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Plan, PlannedArm } from '../scenario/plan.js';

/** One iteration of one arm; `iteration` counts from 1. */
export interface Turn {
  readonly arm: PlannedArm;
  readonly iteration: number;
}

/**
 * All iterations of a plan, or of its shard, in random blocks: each block is one iteration of every arm, so that a
 * machine that warms up or slows down hits all arms alike. A block's order follows from the seed and its number alone, so
 * that shards and resumed runs keep to it; shard i of m has every m-th block. Without a seed, arms keep the plan's order.
 */
export function* inBlocks({ arms, seed, shard }: Pick<Plan, 'arms' | 'seed' | 'shard'>): Generator<Turn> {
  const runnable = arms.filter((arm) => arm.skipped === null);
  const blocks = Math.max(0, ...runnable.map((arm) => arm.iterations));
  for (let block = 1; block <= blocks; block++) {
    if (shard !== null && (block - shard.index) % shard.of !== 0) continue;
    const due = runnable.filter((arm) => block <= arm.iterations);
    const ordered = seed === null ? due : shuffled(due, seed, block);
    for (const arm of ordered) yield { arm, iteration: block };
  }
}

/** Fisher and Yates, by a generator of its own for each block. */
function shuffled<T>(items: readonly T[], seed: number, block: number): T[] {
  const random = xoroshiro128plus((seed ^ Math.imul(block, 0x9e37_79b1)) | 0);
  const left = [...items];
  for (let last = left.length - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last);
    [left[last], left[other]] = [left[other] as T, left[last] as T];
  }
  return left;
}
