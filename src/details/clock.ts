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
  try {
    const { size } = await lstat(path.join(directory, file));
    if (size > maxArrivalBytes) return noTimes;
    return parseArrivals(await readFile(await fileInside(directory, file, 'the file'), 'utf8'));
  } catch {
    return noTimes;
  }
}

const arrival = /^\[(\d{1,15}),(-?\d{1,12}(?:\.\d{1,9})?)\]$/;

/**
 * Reads rows `[line,ms]` below a header. A last row may be cut; rows that are anything else, or go back in lines or in
 * time, are not what a run writes, and then the file tells nothing.
 */
export function parseArrivals(text: string): LineTimes {
  // Two lists of numbers: a pair for each row would take three times the memory.
  const lines: number[] = [];
  const times: number[] = [];
  let end = text.indexOf('\n');
  for (let start = end + 1; end !== -1; start = end + 1) {
    end = text.indexOf('\n', start);
    if (end === -1) break;
    const row = arrival.exec(text.slice(start, end));
    const [line, ms] = [Number(row?.[1]), Number(row?.[2])];
    const isNext = line > (lines.at(-1) ?? 0) && ms >= (times.at(-1) ?? Number.NEGATIVE_INFINITY);
    if (!isNext) return noTimes;
    lines.push(line);
    times.push(ms);
  }
  return { at: (line) => times[countUntil(lines, line) - 1] ?? null };
}

/** How many of the ascending numbers are not above `most`. */
function countUntil(ascending: readonly number[], most: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The zero of a lane's clock in ms since 1970: the instant that its `startMs` counts from; null: it never started. */
export function laneZero({ startedAt, startMs }: LaneRecord): number | null {
  if (startedAt === null || startMs === null) return null;
  const at = Date.parse(startedAt);
  return Number.isNaN(at) ? null : at - startMs;
}

/** Differences of times since 1970 hold no more than that: whole microseconds, in ms. */
export const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

/** Start and end of a step in ms since 1970, and whose clock that is. */
export interface StepTimes {
  readonly start: number | null;
  readonly end: number | null;
  readonly clock: 'builder' | 'arrival' | null;
}

/** When a line of the lane's log arrived, in ms since 1970; null: not known. */
export type TimeOfLine = (line: number) => number | null;

/**
 * When a step began and ended. The builder's own times count where it tells them, moved by `offset` (see
 * `builderOffset`); else it is when its lines arrived.
 */
export function stepTimes(step: Step, timeOf: TimeOfLine, offset = 0): StepTimes {
  const start = timeIn(step.startedAt);
  if (start !== null) {
    const end = timeIn(step.completedAt);
    return {
      start: start + offset,
      end: end === null ? null : Math.max(start, end) + offset,
      clock: 'builder',
    };
  }
  const header = timeOf(step.line);
  const end = step.endLine === null ? null : timeOf(step.endLine);
  if (header === null) return { start: null, end: null, clock: null };
  // BuildKit's plain printer prints in batches, and a header late; the duration that it prints goes back to the start.
  const byDuration = end !== null && step.durationMs !== null ? end - step.durationMs : header;
  return { start: Math.min(header, byDuration), end, clock: 'arrival' };
}

/** Lines that tell of a step's end arrive within that many ms of it, where both clocks are one. */
const slowest = 1_000;
/** What the clock of this machine may seem to be behind: it is kept in whole milliseconds. */
const rounding = 5;

/**
 * What has to be added to the builder's times so that they are on this machine's clock: 0 where they are already. A
 * builder in another machine has a clock of its own; no step ends after its line came, and the fastest line takes no time.
 */
export function builderOffset(steps: readonly Step[], timeOf: TimeOfLine): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (const { completedAt, endLine } of steps) {
    const end = timeIn(completedAt);
    const arrived = endLine === null ? null : timeOf(endLine);
    if (end !== null && arrived !== null) fastest = Math.min(fastest, arrived - end);
  }
  const isOther = Number.isFinite(fastest) && (fastest < -rounding || fastest > slowest);
  return isOther ? fastest : 0;
}

function timeIn(text: string | null): number | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
