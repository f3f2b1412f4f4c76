import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Step } from '../progress/timeline.js';
import type { LaneRecord } from '../results/journal.js';
import { arrivalsOf } from '../results/layout.js';
import { fileInside } from '../scenario/folder.js';

/** Longest file of arrival times that is read, in bytes; a lane beyond it has no times. */
const maxArrivalBytes = 32 * 1024 * 1024;

/** When the lines of a stream arrived, in ms on the lane's clock (see `runner/arrivals.ts`). */
export interface LineTimes {
  at(line: number): number | null;
}

const noTimes: LineTimes = { at: () => null };

/** Reads the arrival times beside a stream's file; a file that is missing, damaged or too long tells nothing. */
export async function readLineTimes(directory: string, streamFile: string): Promise<LineTimes> {
  const file = arrivalsOf(streamFile);
  const found = await lstat(path.join(directory, file)).catch(() => null);
  if (found === null || !found.isFile() || found.size > maxArrivalBytes) return noTimes;
  const absolute = await fileInside(directory, file, 'the file').catch(() => null);
  if (absolute === null) return noTimes;
  const rows: [number, number][] = [];
  for (const text of (await readFile(absolute, 'utf8')).split('\n').slice(1)) {
    const row = /^\[(\d+),(-?\d+(?:\.\d+)?)\]$/.exec(text);
    if (row !== null) rows.push([Number(row[1]), Number(row[2])]);
  }
  return { at: (line) => lastUntil(rows, line) };
}

/** The time of the last row whose line is not behind `line`; rows are in the order of their lines. */
function lastUntil(rows: readonly (readonly [number, number])[], line: number): number | null {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.[0] ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1]?.[1] ?? null;
}

/** The zero of a lane's clock in ms since 1970: the instant that its `startMs` counts from; null: it never started. */
export function laneZero({ startedAt, startMs }: LaneRecord): number | null {
  if (startedAt === null || startMs === null) return null;
  const at = Date.parse(startedAt);
  return Number.isNaN(at) ? null : at - startMs;
}

/** Start and end of a step in ms since 1970, and whose clock that is. */
export interface StepTimes {
  readonly start: number | null;
  readonly end: number | null;
  readonly clock: 'builder' | 'arrival' | null;
}

/** `timeOf` tells when a line of the lane's log arrived, in ms since 1970. */
export function stepTimes(step: Step, timeOf: (line: number) => number | null): StepTimes {
  const start = step.startedAt === null ? Number.NaN : Date.parse(step.startedAt);
  if (!Number.isNaN(start)) {
    const end = step.completedAt === null ? Number.NaN : Date.parse(step.completedAt);
    return { start, end: Number.isNaN(end) ? null : end, clock: 'builder' };
  }
  const header = timeOf(step.line);
  const end = step.endLine === null ? null : timeOf(step.endLine);
  if (header === null) return { start: null, end: null, clock: null };
  // A builder may print a step's header late; the duration that it prints goes back to the start.
  const byDuration = end !== null && step.durationMs !== null ? end - step.durationMs : header;
  return { start: Math.min(header, byDuration), end, clock: 'arrival' };
}
