import { type Plan, plannedIterations } from '../scenario/plan.js';
import type { IterationFinished, Journal } from './journal.js';

/** The iterations of a run that count. */
export interface FinishedIterations {
  /** As they stand in the journal, each of the plan's iterations once at most. */
  readonly events: readonly IterationFinished[];
  /** Why others do not count, a sentence a kind. */
  readonly warnings: readonly string[];
}

/** How an iteration is known in a run. */
export const iterationKey = (arm: string, iteration: number): string => `${arm} ${iteration}`;

/** What a key of `iterationKey` stands for. */
export function ofIterationKey(key: string): { arm: string; iteration: number } {
  const end = key.lastIndexOf(' ');
  return { arm: key.slice(0, end), iteration: Number(key.slice(end + 1)) };
}

/**
 * The iterations that a journal tells to have finished. One that stands there twice counts once, the first time; one
 * that the plan (or the part of it that this run has) does not know counts nowhere.
 */
export function finishedIterations(plan: Pick<Plan, 'arms' | 'shard'>, journal: Journal): FinishedIterations {
  const arms = new Map(plan.arms.map((arm) => [arm.name, arm]));
  const seen = new Set<string>();
  const events: IterationFinished[] = [];
  let twice = 0;
  let strays = 0;
  for (const event of journal.events) {
    if (event.event !== 'iteration-finished') continue;
    const arm = arms.get(event.arm);
    const key = iterationKey(event.arm, event.iteration);
    if (arm === undefined || arm.skipped !== null || !isPlanned(event.iteration, arm.iterations, plan.shard))
      strays++;
    else if (seen.has(key)) twice++;
    else {
      seen.add(key);
      events.push(event);
    }
  }
  const times = (count: number): string => (count === 1 ? '1 iteration' : `${count} iterations`);
  return {
    events,
    warnings: [
      ...(twice === 0 ? [] : [`${times(twice)} of the journal stood there already, and did not count again`]),
      ...(strays === 0
        ? []
        : [`${times(strays)} of the journal did not belong to the plan, and did not count`]),
    ],
  };
}

function isPlanned(iteration: number, iterations: number, shard: Plan['shard']): boolean {
  if (iteration > iterations) return false;
  return shard === null || (iteration - shard.index) % shard.of === 0;
}

/** Iterations that the plan still asks for, over all arms that are not skipped. */
export function iterationsLeft(plan: Pick<Plan, 'arms' | 'shard'>, finished: FinishedIterations): number {
  const planned = plan.arms
    .filter((arm) => arm.skipped === null)
    .reduce((sum, arm) => sum + plannedIterations(arm, plan.shard), 0);
  return planned - finished.events.length;
}
