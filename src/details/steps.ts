import type { Step } from '../progress/timeline.js';
import { type FindingDetail, maxShownSteps, type TimedStep } from '../results/detail.js';
import type { Signal } from '../signals.js';
import type { StepTimes } from './clock.js';

/** Signals whose findings name a line of the step: its header, its end, or one that it printed. */
export function marksOf(step: Step, findings: readonly FindingDetail[]): Signal[] {
  const own = new Set([step.line, step.endLine, ...step.marks.map(({ line }) => line)]);
  const prefix = `#${step.index} `;
  const names = ({ evidence }: FindingDetail): boolean =>
    evidence.some(({ line, text }) => own.has(line) || text.startsWith(prefix));
  return [...new Set(findings.filter(names).map(({ signal }) => signal))];
}

/** Index of the last step of the stage that the step's `--from` names, in front of it or behind; null: none. */
export function sourceOf(step: Step, steps: readonly Step[]): number | null {
  if (step.from === null) return null;
  const wanted = step.from.toLowerCase();
  const at = steps.findLastIndex(
    ({ stage, internal }) =>
      !internal && (stage?.toLowerCase() === wanted || stage?.toLowerCase() === `stage-${wanted}`),
  );
  return at === -1 || steps[at] === step ? null : at;
}

/** A lane's steps as they are shown: on the iteration's clock, at most `maxShownSteps`. */
export function timedSteps(
  steps: readonly Step[],
  findings: readonly FindingDetail[],
  times: (step: Step) => StepTimes,
  zero: number,
): { steps: TimedStep[]; omitted: number } {
  const marks = new Map(steps.map((step) => [step, marksOf(step, findings)]));
  const shown = mostTelling(steps, (step) => (marks.get(step)?.length ?? 0) > 0);
  const timed = shown.map((step): TimedStep => {
    const { start, end, clock } = times(step);
    const { index, name, stage, platform, instruction, text, from, internal, status, error, line } = step;
    return {
      ...{ index, name, stage, platform, instruction, text, from, internal, status, error, line },
      startMs: start === null ? null : start - zero,
      endMs: end === null ? null : end - zero,
      clock,
      marked: marks.get(step) ?? [],
      source: sourceOf(step, shown),
    };
  });
  return { steps: timed, omitted: steps.length - shown.length };
}

function mostTelling(steps: readonly Step[], isMarked: (step: Step) => boolean): Step[] {
  if (steps.length <= maxShownSteps) return [...steps];
  const rank = (step: Step): number => {
    if (isMarked(step)) return 0;
    return step.status === 'error' ? 1 : 2;
  };
  const kept = new Set(
    [...steps].sort((a, b) => rank(a) - rank(b) || a.line - b.line).slice(0, maxShownSteps),
  );
  return steps.filter((step) => kept.has(step));
}
