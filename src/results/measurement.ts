import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { folderBytes } from './folder-bytes.js';
import type { JournalEvent } from './journal.js';
import { layout } from './layout.js';
import type { Measurement } from './plan-answer.js';
import { readRun } from './read.js';

/** Where runs that were made to measure lie, in a results folder: no command takes them for runs of that folder. */
export const measurementsFolder = (results: string): string => path.join(results, 'measurements');

/**
 * How long the iterations of a run took and how much they left, by its journal and its files; null where no iteration
 * was carried out with all arms.
 * @throws {UserError} when it is no run directory.
 */
export async function measure(directory: string): Promise<Measurement | null> {
  const { plan, journal } = await readRun(directory);
  const arms = plan.arms.filter(({ skipped }) => skipped === null).length;
  const times = iterationTimes(journal.events, arms);
  if (times.length === 0) return null;
  const started = timeOf(journal.events.find(({ event }) => event === 'run-started'));
  const first = timeOf(journal.events.find(({ event }) => event === 'iteration-started'));
  const sorted = times.toSorted((a, b) => a - b);
  return {
    iterations: times.length,
    iterationMs: { median: middle(sorted), low: sorted[0] ?? 0, high: sorted.at(-1) ?? 0 },
    warmUpMs: Math.max(0, first - started),
    iterationBytes: Math.round((await growingBytes(directory)) / times.length),
  };
}

/** Milliseconds from the first start of each iteration to the next one's, or to the end of its last arm. */
function iterationTimes(events: readonly JournalEvent[], arms: number): number[] {
  const starts = new Map<number, number>();
  const ends = new Map<number, number>();
  const finished = new Map<number, number>();
  for (const event of events) {
    const at = Date.parse(event.at);
    if (event.event === 'iteration-started' && !starts.has(event.iteration)) starts.set(event.iteration, at);
    if (event.event !== 'iteration-finished') continue;
    ends.set(event.iteration, at);
    finished.set(event.iteration, (finished.get(event.iteration) ?? 0) + 1);
  }
  return [...starts].flatMap(([iteration, start]) => {
    const end = starts.get(iteration + 1) ?? ends.get(iteration);
    const isWhole = finished.get(iteration) === arms;
    return isWhole && end !== undefined ? [Math.max(0, end - start)] : [];
  });
}

const timeOf = (event: JournalEvent | undefined): number => (event === undefined ? 0 : Date.parse(event.at));

function middle(sorted: readonly number[]): number {
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}

/** What becomes more with every iteration; plan, environment and warm-up are there once. */
async function growingBytes(directory: string): Promise<number> {
  const folders = ['iterations', 'daemons'].map((name) =>
    folderBytes(path.join(directory, name)).catch(() => 0),
  );
  const files = [layout.journal, layout.log].map(
    async (name) => (await lstat(path.join(directory, name)).catch(() => null))?.size ?? 0,
  );
  return (await Promise.all([...folders, ...files])).reduce((sum, bytes) => sum + bytes, 0);
}
