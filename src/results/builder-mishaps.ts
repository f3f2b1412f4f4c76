import type { Plan } from '../scenario/plan.js';
import type { Journal, JournalEvent } from './journal.js';
import { overTwoBuilders } from './mixture.js';

/** What befell the builder between a run's iterations, where no iteration tells of it; a sentence each, mostly none. */
export function builderMishapsOf({
  plan,
  journal,
}: {
  readonly plan: Pick<Plan, 'builder'>;
  readonly journal: Journal;
}): string[] {
  const lastResumed = journal.events.findLastIndex(({ event }) => event === 'run-resumed');
  const told = journal.events.flatMap((event, at) => {
    if (event.event === 'daemon-restarted') return [restartedText(event)];
    if (event.event !== 'builder-changed') return [];
    const end = at < lastResumed ? 'before it was resumed' : 'when it ended';
    return [
      `the builder was ${versionsText(plan.builder)} when the run began and ${versionsText(event)} ${end}: ${overTwoBuilders}`,
    ];
  });
  return [...new Set(told)];
}

function restartedText({ daemon }: Extract<JournalEvent, { event: 'daemon-restarted' }>): string {
  return `${daemon} stopped answering in the warm-up and was started again`;
}

function versionsText({
  version,
  daemonVersion,
}: Pick<Plan['builder'], 'version' | 'daemonVersion'>): string {
  const program = version ?? 'of an unknown version';
  return daemonVersion === null || daemonVersion === version
    ? program
    : `${program} (daemon ${daemonVersion})`;
}
