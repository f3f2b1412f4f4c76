import type { Journal, JournalEvent } from './journal.js';

/** A run is carried out in one go, or in several, between which it was stopped or killed. */
export interface Spell {
  /** When it began and when the last thing of it was journalled; ms since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The event that ended it; null: it ended in the middle. */
  readonly end: Extract<JournalEvent, { event: 'run-stopped' | 'run-finished' }> | null;
  /** How it began again; null: it is the first. */
  readonly resumed: Extract<JournalEvent, { event: 'run-resumed' }> | null;
  /** Iterations that were finished in it. */
  readonly finished: number;
}

/** The spells of a run, by its journal. */
export function spellsOf({ events }: Journal): Spell[] {
  const spells: Spell[] = [];
  for (const event of events) {
    const at = Date.parse(event.at);
    const last = spells.at(-1);
    if (last === undefined || event.event === 'run-resumed') {
      const resumed = event.event === 'run-resumed' ? event : null;
      spells.push({ fromMs: at, toMs: at, end: null, resumed, finished: 0 });
      continue;
    }
    const isEnd = event.event === 'run-stopped' || event.event === 'run-finished';
    spells[spells.length - 1] = {
      ...last,
      toMs: Math.max(last.toMs, at),
      end: isEnd ? event : null,
      finished: last.finished + (event.event === 'iteration-finished' ? 1 : 0),
    };
  }
  return spells;
}

/** Milliseconds that a run was at work; pauses between its spells are none of it. */
export function workedMs(journal: Journal): number {
  return spellsOf(journal).reduce((sum, { fromMs, toMs }) => sum + Math.max(0, toMs - fromMs || 0), 0);
}
