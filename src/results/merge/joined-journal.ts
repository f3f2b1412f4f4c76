import { builderMishapsOf } from '../builder-mishaps.js';
import type { Environment } from '../environment.js';
import { interruptionsOf } from '../interruptions.js';
import type { JournalEvent } from '../journal.js';
import { layout } from '../layout.js';
import { machineDifferences } from '../machine-differences.js';
import { type Mixture, mixtureOf, onSeveralMachines } from '../mixture.js';
import { spellsOf } from '../spells.js';
import { type Part, partText, quoted } from './parts.js';

/**
 * The journals of parts as one, between one start and one end: what came before the iterations by its time, then these as
 * the plan has them, the i-th of each arm before any that follows, whoever carried them out and when. Each keeps its time.
 * The end says which parts did not reach theirs. `now` is when they were joined.
 */
export function joinJournals(parts: readonly Part[], now: Date): JournalEvent[] {
  const all = parts.flatMap(({ run }) => run.journal.events).toSorted(byTime);
  const between = all
    .filter(({ event }) => !ofOneRun.has(event))
    .toSorted((a, b) => iterationOf(a) - iterationOf(b));
  const schemaVersion = 1;
  const mergedAt = now.toISOString();
  const runs = parts.map(({ run }) => run.plan.run);
  const reasons = [
    ...parts.flatMap(whyEnded),
    ...missingParts(parts).map((part) => `part ${part} is missing`),
  ];
  const at = all.at(-1)?.at ?? mergedAt;
  return [
    { schemaVersion, at: all[0]?.at ?? mergedAt, event: 'run-started' },
    {
      ...{ schemaVersion, at: mergedAt, event: 'runs-merged', runs },
      ...{ ...mixtureOfAll(parts), warnings: warningsOf(parts) },
    },
    ...between,
    reasons.length === 0
      ? { schemaVersion, at, event: 'run-finished' }
      : { schemaVersion, at, event: 'run-stopped', reason: reasons.join('; ') },
  ];
}

/** What begins and ends a run, or a spell of it, and what befell its builder: the whole's own events tell of it. */
const ofOneRun: ReadonlySet<JournalEvent['event']> = new Set<JournalEvent['event']>([
  'run-started',
  'run-resumed',
  'daemon-restarted',
  'builder-changed',
  'run-stopped',
  'run-finished',
]);

/** ISO 8601 in UTC sorts as text. */
function byTime(a: JournalEvent, b: JournalEvent): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}

/** The block of the plan that an event belongs to: blocks hold the same iteration of each arm. 0: it comes before them. */
function iterationOf(event: JournalEvent): number {
  return 'iteration' in event ? event.iteration : 0;
}

function whyEnded({ run, shard }: Part): string[] {
  const last = spellsOf(run.journal).at(-1)?.end ?? null;
  if (last === null) return [`part ${partText(shard)} ended in the middle`];
  return last.event === 'run-stopped' ? [`part ${partText(shard)}: ${last.reason}`] : [];
}

function missingParts(parts: readonly Part[]): string[] {
  const of = parts[0]?.shard.of ?? 0;
  const there = new Set(parts.map(({ shard }) => shard.index));
  return Array.from({ length: of }, (_, i) => i + 1)
    .filter((index) => !there.has(index))
    .map((index) => partText({ index, of }));
}

function warningsOf(parts: readonly Part[]): string[] {
  const missing = missingParts(parts);
  return [
    ...(missing.length === 0
      ? []
      : [`of the plan's parts, ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`]),
    ...parts.flatMap((part) => otherMachine(parts[0] as Part, part)),
    ...parts.flatMap(({ run, shard }) =>
      [...interruptionsOf(run), ...builderMishapsOf(run)].map(
        (sentence) => `part ${partText(shard)}: ${sentence}`,
      ),
    ),
    ...parts.flatMap(({ run, shard }) =>
      run.journal.unreadable.length === 0
        ? []
        : [
            `${layout.journal} of part ${partText(shard)} could not be read in line ${run.journal.unreadable.join(', ')}`,
          ],
    ),
  ];
}

/** Parts of several builders are of several plans, and not joined: one of the parts has to be a mixture itself. */
function mixtureOfAll(parts: readonly Part[]): Mixture {
  const [first] = parts as readonly [Part];
  const mixtures = parts.map(({ run }) => mixtureOf(run));
  return {
    severalMachines: parts.some(
      ({ run }, i) =>
        mixtures[i]?.severalMachines || machineDifferences(first.run.environment, run.environment).length > 0,
    ),
    severalBuilders: mixtures.some(({ severalBuilders }) => severalBuilders),
  };
}

/** A rate belongs to its machine: where parts ran on different ones, the joined rate is a mixture. */
function otherMachine(first: Part, part: Part): string[] {
  const [a, b]: [Environment, Environment] = [first.run.environment, part.run.environment];
  const differing = machineDifferences(a, b);
  const pair = `parts ${partText(first.shard)} and ${partText(part.shard)}`;
  const [name, otherName] = [first.run.plan.builder.name, part.run.plan.builder.name];
  return [
    ...(name === otherName
      ? []
      : [`${pair} ran on builders of different names: ${quoted(name)} and ${quoted(otherName)}`]),
    ...(differing.length === 0 ? [] : [`${pair} ${onSeveralMachines}: ${differing.join(', ')}`]),
    ...(a.toolVersion === b.toolVersion
      ? []
      : [`${pair} were made with buildrace ${a.toolVersion} and ${b.toolVersion}`]),
  ];
}
