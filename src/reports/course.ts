import type { ArmResult, RunResult, SignalResult } from '../results/result.js';
import { sparkline } from './sparkline.js';
import { isShownAsPoint } from './swept.js';

/** How a rate built up over the iterations of an arm. */
export interface CourseRow {
  readonly arm: string;
  readonly signal: string;
  /** k/n so far, in the order of the iterations, at most `maxMarks` of them. */
  readonly line: string;
}

/** Fewer iterations show no course. */
const minLooked = 10;
const maxMarks = 40;

/** Signals that were seen in some iterations and not in others: only their rates have a course. Points of a sweep are too many. */
export function courseRows(result: RunResult): readonly CourseRow[] {
  const arms = result.arms.filter((arm) => !isShownAsPoint(result, arm));
  return arms.flatMap((arm) => arm.signals.filter(hasCourse).map((signal) => rowOf(arm, signal)));
}

function hasCourse({ iterations: { count, of } }: SignalResult): boolean {
  return of >= minLooked && count > 0 && count < of;
}

function rowOf(arm: ArmResult, { signal, course }: SignalResult): CourseRow {
  return { arm: arm.name, signal, line: sparkline(thinned(cumulative(course))) };
}

/** The cumulative rate after each iteration that could be looked at. */
export function cumulative(course: string): number[] {
  let seen = 0;
  return [...course.replaceAll(/[^01]/g, '')].map((mark, i) => {
    seen += Number(mark);
    return seen / (i + 1);
  });
}

/** Values at equal distances, the last one among them. */
function thinned(values: readonly number[]): readonly number[] {
  if (values.length <= maxMarks) return values;
  return Array.from(
    { length: maxMarks },
    (_, i) => values[Math.round(((i + 1) * values.length) / maxMarks) - 1] ?? 0,
  );
}
