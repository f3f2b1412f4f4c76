import type { LogLine, Step, Timeline } from '../progress/timeline.js';
import { whyCauseIsHidden } from './blindness.js';
import type { Detector, LaneEvidence } from './detector.js';
import { failedCopies } from './failed-copies.js';
import { always, lookAtEnds, type Sight } from './lanes.js';
import { failureLines, firstLine, inLogOrder } from './lines.js';

/** A COPY or ADD with `--from=` ended in an error. */
export const copyFromFailed: Detector = {
  signal: 'copy-from-failed',
  summary: 'a COPY --from ended in an error',
  appliesTo: always,
  detect: (iteration) => lookAtEnds('copy-from-failed', iteration, look),
};

function look(lane: LaneEvidence): Sight {
  const { timeline } = lane;
  const failed = failedCopies(timeline);
  const [first] = failed;
  if (first === undefined) {
    const blind = whyCauseIsHidden(lane) ?? whyStepIsHidden(lane);
    return blind === null ? null : { blind };
  }
  const others = failed.length > 1 ? `; and ${failed.length - 1} more` : '';
  return {
    message: `${describe(timeline, first)}${others}`,
    evidence: inLogOrder([
      ...failed.flatMap((step) => failureLines(timeline, step)),
      ...closing(timeline, failed),
    ]),
  };
}

function describe(timeline: Timeline, step: Step): string {
  const where = step.stage === null ? '' : ` of stage ${step.stage}`;
  const error = step.error ?? timeline.error?.text ?? null;
  return `${step.instruction ?? 'COPY'} --from=${step.from}${where} failed${error === null ? '' : `: ${firstLine(error)}`}`;
}

/** The closing error is evidence where the step itself carries none. */
function closing(timeline: Timeline, failed: readonly Step[]): readonly LogLine[] {
  return timeline.error !== null && failed.every((step) => step.error === null) ? [timeline.error] : [];
}

/** A client that joined a shared step can lose its ERROR line (moby/buildkit#1456): then any open COPY may be the one. */
function whyStepIsHidden({ timeline, outcome }: LaneEvidence): string | null {
  if (outcome === 'succeeded' || timeline.steps.some((step) => step.status === 'error')) return null;
  const open = timeline.steps.some(
    (step) => step.from !== null && (step.status === 'unfinished' || step.status === 'cancelled'),
  );
  return open && timeline.error !== null ? 'the build failed, but its log does not say at which step' : null;
}
