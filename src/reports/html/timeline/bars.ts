import type { StepStatus } from '../../../progress/timeline.js';
import type { LaneDetail, TimedStep } from '../../../results/detail.js';
import { barPlace, type TimeScale } from './scale.js';

/** What becomes one bar: a step, or internal steps that follow each other and tell nothing. */
export interface BarSteps {
  readonly steps: readonly TimedStep[];
  readonly startMs: number;
  readonly endMs: number;
  readonly kind: StepStatus | 'internal';
  readonly stage: string | null;
  readonly isMarked: boolean;
}

/** Internal steps nearer to each other, in units of the picture, become one bar. */
const mergeWithin = 2;

/**
 * The bars of a lane in order of their starts, and the steps of which the log tells no time. A step that never ended
 * reaches to the lane's end.
 */
export function barsOf(
  lane: LaneDetail,
  scale: TimeScale,
): { bars: BarSteps[]; timeless: readonly TimedStep[] } {
  const laneEnd = lane.endMs ?? scale.spanMs;
  const timed = lane.steps
    .filter((step) => step.startMs !== null)
    .map((step) => bar(step, laneEnd))
    .sort((a, b) => a.startMs - b.startMs || lineOf(a) - lineOf(b));
  const placeOf = ({ startMs, endMs }: BarSteps) => barPlace(scale, startMs, endMs);
  const isNear = (before: BarSteps, one: BarSteps): boolean =>
    placeOf(one).from - placeOf(before).to < mergeWithin;
  const bars: BarSteps[] = [];
  for (const one of timed) {
    const at = one.kind === 'internal' ? bars.findLastIndex(({ kind }) => kind === 'internal') : -1;
    const before = bars[at];
    if (before !== undefined && isNear(before, one)) bars[at] = merged(before, one);
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

/**
 * By stage: one that another copies from stands above it; else in the order in which they ended.
 * @param sourceOf the stage that a step copies from, where that is known
 */
export function byStage(
  bars: readonly BarSteps[],
  sourceOf: (step: TimedStep) => string | null,
): { stage: string | null; bars: BarSteps[] }[] {
  const stages = new Map<string | null, BarSteps[]>();
  for (const one of bars) stages.set(one.stage, [...(stages.get(one.stage) ?? []), one]);
  const ends = [...stages.keys()].toSorted((a, b) => endOf(stages.get(a)) - endOf(stages.get(b)));
  const ordered = new Set<string | null>();
  const visited = new Set<string | null>();
  const visit = (stage: string | null): void => {
    if (visited.has(stage)) return;
    visited.add(stage);
    for (const one of stages.get(stage) ?? []) {
      const sources = one.steps.map(sourceOf).filter((source) => source !== null && stages.has(source));
      sources.forEach(visit);
    }
    ordered.add(stage);
  };
  ends.forEach(visit);
  return [...ordered].map((stage) => ({ stage, bars: stages.get(stage) ?? [] }));
}

function endOf(bars: readonly BarSteps[] = []): number {
  return bars.reduce((last, { endMs }) => Math.max(last, endMs), Number.NEGATIVE_INFINITY);
}
