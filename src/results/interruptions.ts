import type { Plan } from '../scenario/plan.js';
import { finishedIterations } from './finished-iterations.js';
import type { Journal, JournalEvent } from './journal.js';
import { spellsOf } from './spells.js';

/** That a run was carried out in several goes, and what was not as before, a sentence each; none where it was one go. */
export function interruptionsOf({
  plan,
  journal,
}: {
  readonly plan: Pick<Plan, 'arms' | 'shard'>;
  readonly journal: Journal;
}): string[] {
  const counted = new Set<JournalEvent>(finishedIterations(plan, journal).events);
  const events = journal.events.filter((event) => event.event !== 'iteration-finished' || counted.has(event));
  const spells = spellsOf({ ...journal, events });
  if (spells.length < 2) return [];
  let sum = 0;
  const after = spells.slice(0, -1).map(({ finished }) => {
    sum += finished;
    return sum;
  });
  const iterations = after.length === 1 && after[0] === 1 ? 'iteration' : 'iterations';
  const differing = new Set(spells.flatMap(({ resumed }) => resumed?.warnings ?? []));
  return [`the run ended early and was resumed, after ${after.join(', ')} ${iterations}`, ...differing];
}
