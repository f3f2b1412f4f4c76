import { describe, expect, test } from 'vitest';
import { interruptionsOf } from '../../src/results/interruptions.js';
import type { JournalEvent, NewEvent } from '../../src/results/journal.js';
import { spellsOf, workedMs } from '../../src/results/spells.js';
import { iterationFinished, samplePlan } from './sample-run.js';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 2, 3, 0, seconds)).toISOString();
const event = (seconds: number, one: NewEvent): JournalEvent =>
  ({ schemaVersion: 1, at: at(seconds), ...one }) as JournalEvent;
const resumed = (seconds: number, warnings: string[] = []) =>
  event(seconds, { event: 'run-resumed', toolVersion: '0.1.0', warnings });
const journal = (...events: JournalEvent[]) => ({ events, unreadable: [] });

const told = (one: ReturnType<typeof journal>) => interruptionsOf({ plan: samplePlan(), journal: one });

const killedTwice = journal(
  event(0, { event: 'run-started' }),
  iterationFinished({ at: at(4) }),
  event(5, { event: 'iteration-started', arm: 'main', iteration: 2 }),
  resumed(100, ['it was resumed on another machine: cpus 2 and 8']),
  iterationFinished({ at: at(110), iteration: 2 }),
  event(111, { event: 'run-stopped', reason: 'stopped by SIGINT' }),
  resumed(500),
);

describe('the spells of a run', () => {
  test('in one go there is one, and no word of it', () => {
    const whole = journal(event(0, { event: 'run-started' }), event(7, { event: 'run-finished' }));
    expect(spellsOf(whole)).toHaveLength(1);
    expect(workedMs(whole)).toBe(7_000);
    expect(told(whole)).toEqual([]);
  });

  test('pauses between them are no work', () => {
    expect(workedMs(killedTwice)).toBe(5_000 + 11_000);
  });

  test('the last one tells how the run ended', () => {
    expect(spellsOf(killedTwice).map(({ end }) => end?.event ?? null)).toEqual([null, 'run-stopped', null]);
  });

  test('the reader is told after how many iterations, and what was not as before', () => {
    expect(told(killedTwice)).toEqual([
      'the run ended early and was resumed, after 1, 2 iterations',
      'it was resumed on another machine: cpus 2 and 8',
    ]);
  });

  test('an iteration that stands there twice, or that the plan does not know, is none of them', () => {
    const start = event(0, { event: 'run-started' });
    const once = () => iterationFinished({ at: at(4) });
    const stray = iterationFinished({ at: at(5), iteration: 99 });
    const rest = [resumed(100), iterationFinished({ at: at(110), iteration: 2 }), once(), resumed(200)];
    expect(told(journal(start, once(), start, once(), stray, ...rest))).toEqual([
      'the run ended early and was resumed, after 1, 2 iterations',
    ]);
  });

  test('nothing was journalled: there is none', () => {
    expect(spellsOf(journal())).toEqual([]);
    expect(workedMs(journal())).toBe(0);
  });
});
