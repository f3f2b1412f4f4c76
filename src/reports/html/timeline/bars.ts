import type { StepStatus } from '../../../progress/timeline.js';
import type { LaneDetail, TimedStep } from '../../../results/detail.js';

/** What becomes one bar: a step, or internal steps that follow each other and tell nothing. */
export interface BarSteps {
  readonly steps: readonly TimedStep[];
  readonly startMs: number;
  readonly endMs: number;
  readonly kind: StepStatus | 'internal';
  readonly stage: string | null;
  readonly isMarked: boolean;
}

/** Internal steps nearer to each other than this part of the clock become one bar. */
const mergeWithin = 1 / 100;

/**
 * The bars of a lane in order of their starts, and the steps of which the log tells no time. A step that never ended
 * reaches to the lane's end.
 */
export function barsOf(
  lane: LaneDetail,
  spanMs: number,
): { bars: BarSteps[]; timeless: readonly TimedStep[] } {
  const laneEnd = lane.endMs ?? spanMs;
  const timed = lane.steps
    .filter((step) => step.startMs !== null)
    .map((step) => bar(step, laneEnd))
    .sort((a, b) => a.startMs - b.startMs || lineOf(a) - lineOf(b));
  const bars: BarSteps[] = [];
  for (const one of timed) {
    const at = one.kind === 'internal' ? bars.findLastIndex(({ kind }) => kind === 'internal') : -1;
    const before = bars[at];
    if (before !== undefined && one.startMs - before.endMs <= spanMs * mergeWithin)
      bars[at] = merged(before, one);
    else bars.push(one);
  }
  return { bars, timeless: lane.steps.filter((step) => step.startMs === null) };
}

const lineOf = ({ steps }: BarSteps): number => steps[0]?.line ?? 0;

function bar(step: TimedStep, laneEnd: number): BarSteps {
  const startMs = step.startMs ?? 0;
  const isOpen = step.status === 'unfinished' || step.status === 'cancelled';
  const endMs = Math.max(startMs, step.endMs ?? (isOpen ? laneEnd : startMs));
  const isQuiet = step.internal && step.marked.length === 0 && step.status !== 'error' && !isOpen;
  return {
    steps: [step],
    startMs,
    endMs,
    kind: isQuiet ? 'internal' : step.status,
    stage: step.stage,
    isMarked: step.marked.length > 0,
  };
}

function merged(before: BarSteps, one: BarSteps): BarSteps {
  return {
    ...before,
    steps: [...before.steps, ...one.steps],
    endMs: Math.max(before.endMs, one.endMs),
  };
}

/** By stage, in the order in which the stages ended, so that what copies stands below what it copies from. */
export function byStage(bars: readonly BarSteps[]): { stage: string | null; bars: BarSteps[] }[] {
  const stages = new Map<string | null, BarSteps[]>();
  for (const one of bars) stages.set(one.stage, [...(stages.get(one.stage) ?? []), one]);
  const lastOf = (own: readonly BarSteps[]): BarSteps | undefined =>
    own.toSorted((a, b) => a.endMs - b.endMs || lineOf(a) - lineOf(b)).at(-1);
  return [...stages]
    .map(([stage, own]) => ({ stage, bars: own, last: lastOf(own) }))
    .sort((a, b) => {
      if (a.last === undefined || b.last === undefined) return 0;
      return a.last.endMs - b.last.endMs || lineOf(a.last) - lineOf(b.last);
    })
    .map(({ stage, bars: own }) => ({ stage, bars: own }));
}
