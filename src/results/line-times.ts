import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileInside } from '../scenario/folder.js';
import { arrivalsOf } from './layout.js';

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
