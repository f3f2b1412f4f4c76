import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iterationNumbers, NumberKeeper, type NumberStretch } from '../../src/results/iteration-numbers.js';
import type { Shard } from '../../src/scenario/plan.js';

function kept(numbers: readonly number[]): readonly NumberStretch[] {
  const keeper = new NumberKeeper();
  for (const one of numbers) keeper.add(one);
  return keeper.stretches;
}

function numbersOf(count: number, carriedOut?: readonly NumberStretch[], shard: Shard | null = null) {
  const iterations = { planned: 4, valid: count, invalid: 0 };
  return iterationNumbers(
    { shard },
    { iterations, ...(carriedOut === undefined ? {} : { carriedOut }) },
    count,
  );
}

describe('the numbers of iterations', () => {
  it('come back in their order, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 })), (numbers) => {
        expect(numbersOf(numbers.length, kept(numbers))).toEqual(numbers);
      }),
    );
  });

  it('are one stretch of a whole run, and of a part', () => {
    expect(kept(Array.from({ length: 1_000 }, (_, i) => i + 1))).toEqual([
      { first: 1, last: 1_000, step: 1 },
    ]);
    expect(kept([2, 5, 8, 11])).toEqual([{ first: 2, last: 11, step: 3 }]);
    expect(kept([7])).toEqual([{ first: 7, last: 7, step: 1 }]);
  });

  it('begin another stretch at a gap, and where an iteration was carried out later', () => {
    expect(kept([1, 2, 4, 5])).toEqual([
      { first: 1, last: 2, step: 1 },
      { first: 4, last: 5, step: 1 },
    ]);
    expect(kept([2, 1, 3])).toEqual([
      { first: 2, last: 2, step: 1 },
      { first: 1, last: 3, step: 2 },
    ]);
  });

  it('follow from their places in an older result only where all of a plan was carried out', () => {
    expect(numbersOf(4)).toEqual([1, 2, 3, 4]);
    expect(numbersOf(3)).toBeNull();
    expect(numbersOf(4, undefined, { index: 1, of: 2 })).toBeNull();
  });

  it('are not known where they are not as many as the marks, or without end', () => {
    expect(numbersOf(3, kept([1, 2]))).toBeNull();
    expect(numbersOf(1, kept([1, 2]))).toBeNull();
    expect(numbersOf(3, [{ first: 1, last: 1e15, step: 1 }])).toBeNull();
    expect(numbersOf(3, [{ first: 1, last: 1, step: 0 }])).toBeNull();
  });
});
