import type { Step } from '../progress/timeline.js';
import type { LaneRecord } from '../results/journal.js';

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
