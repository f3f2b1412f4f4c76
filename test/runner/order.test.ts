import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inBlocks } from '../../src/runner/order.js';
import type { Plan } from '../../src/scenario/plan.js';
import { plannedArm, samplePlan } from '../results/sample-run.js';

const counts = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 5 });
const seeds = fc.integer({ min: 0, max: 0xffff_ffff });

function planOf(iterations: readonly number[], more: Partial<Plan> = {}): Plan {
  return samplePlan({
    arms: iterations.map((count, i) => plannedArm({ name: `arm${i}`, iterations: count })),
    ...more,
  });
}

const turns = (plan: Plan): string[] =>
  [...inBlocks(plan)].map(({ arm, iteration }) => `${arm.name}:${iteration}`);

describe('the order of iterations', () => {
  test('without a seed lets arms take turns, and the longest finish alone', () => {
    expect(turns(planOf([1, 3, 2]))).toEqual(['arm0:1', 'arm1:1', 'arm2:1', 'arm1:2', 'arm2:2', 'arm1:3']);
    expect(turns(planOf([]))).toEqual([]);
  });

  test('has every iteration of every arm once, block after block', () => {
    fc.assert(
      fc.property(counts, seeds, (iterations, seed) => {
        const all = turns(planOf(iterations, { seed }));
        expect(new Set(all).size).toBe(all.length);
        expect(all).toHaveLength(iterations.reduce((sum, count) => sum + count, 0));
        const blocks = all.map((turn) => Number(turn.split(':')[1]));
        expect(blocks).toEqual(blocks.toSorted((a, b) => a - b));
      }),
    );
  });

  test('is the same for one seed, and another for another', () => {
    const plan = planOf(Array.from({ length: 8 }, () => 10));
    expect(turns({ ...plan, seed: 1 })).toEqual(turns({ ...plan, seed: 1 }));
    expect(turns({ ...plan, seed: 1 })).not.toEqual(turns({ ...plan, seed: 2 }));
  });

  test('puts each arm in each place of a block equally often', () => {
    const first = new Map<string, number>();
    const plan = planOf([3_000, 3_000, 3_000], { seed: 11 });
    let block = 0;
    for (const { arm, iteration } of inBlocks(plan)) {
      if (iteration !== block) first.set(arm.name, (first.get(arm.name) ?? 0) + 1);
      block = iteration;
    }
    // 1000 each, with a standard deviation of 26.
    for (const count of first.values()) expect(Math.abs(count - 1_000)).toBeLessThan(130);
  });

  test('gives shards whole blocks, which together are the plan in its order', () => {
    fc.assert(
      fc.property(counts, seeds, fc.integer({ min: 1, max: 5 }), (iterations, seed, of) => {
        const whole = turns(planOf(iterations, { seed }));
        const parts = Array.from({ length: of }, (_, i) =>
          turns(planOf(iterations, { seed, shard: { index: i + 1, of } })),
        );
        expect(parts.flat().toSorted()).toEqual(whole.toSorted());
        for (const part of parts) expect(part).toEqual(whole.filter((turn) => part.includes(turn)));
      }),
    );
  });

  test('passes over arms that are skipped', () => {
    const plan = planOf([2, 2]);
    const [one, other] = plan.arms;
    if (one === undefined || other === undefined) throw new Error('two arms were planned');
    expect(turns({ ...plan, arms: [{ ...one, skipped: 'no' }, other] })).toEqual(['arm1:1', 'arm1:2']);
  });
});
