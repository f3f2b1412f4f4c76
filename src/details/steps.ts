import { sourceSteps } from '../detectors/source-steps.js';
import type { Step, Timeline } from '../progress/timeline.js';
import { type FindingDetail, maxShownSteps, type TimedStep } from '../results/detail.js';
import type { Signal } from '../signals.js';
import { rounded, type StepTimes } from './clock.js';
import { marksOf } from './marks.js';

/**
 * Index of the last step of the stage that the step's `--from` names: of the same bake target and platform where that can
 * be told, as `copy-from-early` has it; null: none. A stage that is no more than its base image has its FROM.
 */
export function sourceOf(timeline: Timeline, step: Step): number | null {
  if (step.from === null) return null;
  const { steps } = timeline;
  // What a vertex is made from needs no names, where the log tells it: a stage may be named by its number.
  const input = steps.findLastIndex(
    ({ digest, internal, stage }) =>
      digest !== null && !internal && stage !== step.stage && step.inputs.includes(digest),
  );
  if (input !== -1) return input;
  const lastOf = (all: readonly Step[]): number => {
    const source = sourceSteps({ ...timeline, steps: all }, step).at(-1);
    return source === undefined ? -1 : all.indexOf(source);
  };
  const made = lastOf(steps);
  const at = made === -1 ? lastOf(withBases(steps, step)) : made;
  return at === -1 ? null : at;
}

/** FROM steps are no steps of a stage to a detector, since they are carried out lazily; here they stand for it. */
function withBases(steps: readonly Step[], copy: Step): readonly Step[] {
  return steps.map((step) =>
    step !== copy && step.instruction === 'FROM' ? { ...step, instruction: 'RUN' } : step,
  );
}

/** A lane's steps as they are shown: on the iteration's clock, at most `maxShownSteps`. */
export function timedSteps(
  timeline: Timeline,
  findings: readonly FindingDetail[],
  times: (step: Step) => StepTimes,
  /** The zero of the iteration's clock in ms since 1970; null: not known. */
  zero: number | null,
): { steps: TimedStep[]; omitted: number } {
  const marks = marksOf(timeline, findings);
  const shown = mostTelling(timeline.steps, marks);
  const onClock = (ms: number | null): number | null =>
    // A step that builds share may have begun for another one before the zero: it is shown from there.
    ms === null || zero === null ? null : Math.max(0, rounded(ms - zero));
  const steps = shown.map((step): TimedStep => {
    const { start, end, clock } = times(step);
    const { index, name, stage, platform, instruction, text, from, internal, status, error, line } = step;
    return {
      ...{ index, name, stage, platform, instruction, text, from, internal, status, error, line },
      startMs: onClock(start),
      endMs: onClock(end),
      clock: zero === null ? null : clock,
      marked: marks.get(step) ?? [],
      source: sourceOf({ ...timeline, steps: shown }, step),
    };
  });
  return { steps, omitted: timeline.steps.length - shown.length };
}

function mostTelling(steps: readonly Step[], marks: ReadonlyMap<Step, readonly Signal[]>): readonly Step[] {
  if (steps.length <= maxShownSteps) return steps;
  const rank = (step: Step): number => {
    if (marks.has(step)) return 0;
    return step.status === 'error' ? 1 : 2;
  };
  const kept = new Set(
    [...steps].sort((a, b) => rank(a) - rank(b) || a.line - b.line).slice(0, maxShownSteps),
  );
  return steps.filter((step) => kept.has(step));
}
