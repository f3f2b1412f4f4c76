import type { JournalEvent } from './journal.js';
import { machineDifferences } from './machine-differences.js';
import type { StoredRun } from './read.js';

/** Of what a run's iterations are a mixture: its rates are of none of them. */
export interface Mixture {
  readonly severalMachines: boolean;
  readonly severalBuilders: boolean;
}

/** Whether iterations of a run, or of the parts that it was joined of, are of several machines, or of several builders. */
export function mixtureOf({ environment, journal }: Pick<StoredRun, 'environment' | 'journal'>): Mixture {
  const { events } = journal;
  return {
    severalMachines: events.some((event, i) =>
      event.event === 'run-resumed'
        ? isElsewhere(environment, event) && finishedOne(events, i)
        : event.event === 'runs-merged' &&
          (event.severalMachines ?? event.warnings.some(tellsOfSeveralMachines)),
    ),
    severalBuilders: events.some(
      (event) =>
        event.event === 'builder-changed' ||
        (event.event === 'runs-merged' &&
          (event.severalBuilders ?? event.warnings.some(tellsOfSeveralBuilders))),
    ),
  };
}

/** Whether an iteration was finished after the run was resumed there, before it was once more. */
function finishedOne(events: readonly JournalEvent[], resumed: number): boolean {
  const kinds = ['iteration-finished', 'run-resumed'];
  return events.find(({ event }, i) => i > resumed && kinds.includes(event))?.event === 'iteration-finished';
}

function isElsewhere(
  begunOn: StoredRun['environment'],
  { machine, warnings }: Extract<JournalEvent, { event: 'run-resumed' }>,
): boolean {
  if (machine === undefined) return warnings.some((one) => one.startsWith(`${resumedElsewhere}: `));
  return machineDifferences(begunOn, machine).length > 0;
}

// Journals of old times have sentences only.
export const resumedElsewhere = 'it was resumed on another machine';
export const onSeveralMachines = 'ran on different machines';
export const overTwoBuilders = 'a rate over two builders says nothing of either';

function tellsOfSeveralMachines(warning: string): boolean {
  const ofParts = /^parts \S+ and \S+ (.*)$/.exec(warning)?.[1];
  return ofParts?.startsWith(`${onSeveralMachines}: `) || ofPart(warning).startsWith(`${resumedElsewhere}: `);
}

function tellsOfSeveralBuilders(warning: string): boolean {
  return ofPart(warning).endsWith(`: ${overTwoBuilders}`);
}

/** What a warning says of one part. */
const ofPart = (warning: string): string => /^part \S+: (.*)$/.exec(warning)?.[1] ?? '';
