import type { ArmResult, Verdict, WindowResult } from '../results/result.js';
import type { Plan, PlannedArm } from '../scenario/plan.js';
import { isConcurrent, widestStep } from '../scenario/plan.js';
import { bestOffset, byOffset, type SearchedOffset } from '../scenario/window.js';
import { strongest, verdictOf } from './verdict.js';

/** What a run that is part of a search tells of it; `points` is what its own arms saw by offset. Null: it is part of none. */
export function windowResult(plan: Plan, points: readonly SearchedOffset[]): WindowResult | null {
  if (plan.window === null) return null;
  const { phase, searched, runs } = plan.window;
  if (phase === 'confirm')
    return { phase, searched: byOffset(searched), bestMs: measuredAt(plan.arms), runs };
  const all = byOffset([...searched, ...points]);
  return { phase, searched: all, bestMs: bestOffset(all), runs: [...runs, plan.run] };
}

/** The offset between the lanes that a confirmation let go; told by its plan, as the rule to choose one may change. */
function measuredAt(arms: readonly PlannedArm[]): number | null {
  const arm = arms.find((one) => one.role === 'reproduce' && isConcurrent(one));
  const [first, second] = arm === undefined ? [] : widestStep(arm);
  return first === undefined || second === undefined ? null : second.delayMs - first.delayMs;
}

/**
 * The verdict of a run that searched: all points of an arm are one question. Lanes too far apart to overlap, at some of the
 * offsets, do not make the others inconclusive.
 */
export function searchVerdict(arms: readonly ArmResult[]): Verdict | null {
  const pools = new Map<string, { planned: number; valid: number; count: number; of: number }>();
  for (const { name, point, iterations, signals } of arms) {
    for (const one of signals.filter(({ verdict }) => verdict !== null)) {
      const key = `${point?.arm ?? name} ${one.signal}`;
      const pool = pools.get(key) ?? { planned: 0, valid: 0, count: 0, of: 0 };
      pools.set(key, {
        planned: pool.planned + iterations.planned,
        valid: pool.valid + iterations.valid,
        count: pool.count + one.iterations.count,
        of: pool.of + one.iterations.of,
      });
    }
  }
  return strongest([...pools.values()].map(({ count, of, ...arm }) => verdictOf(arm, { count, of })));
}
