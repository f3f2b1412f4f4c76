import type { LogLine, Step, Timeline } from '../progress/timeline.js';
import { timeLimit, whyCauseIsHidden } from './blindness.js';
import type { IterationEvidence, LaneEvidence } from './detector.js';
import { failureLines, headerLine, inLogOrder } from './lines.js';

/** Where a build failed, as far as its log tells. */
interface Failure {
  /** The step that its log has as failed. */
  readonly step: Step | null;
  /** The closing error. */
  readonly error: string | null;
}

/** The failed builds of one step that died of the same as a lane did, or why there is nothing to compare with. */
export type Twins = readonly LaneEvidence[] | { readonly blind: string };

/** Signals that compare failing builds have a meaning where one failed that was launched with others. */
export function failedInCompany({ lanes }: IterationEvidence): boolean {
  return lanes.some(
    (lane) => lane.outcome === 'failed' && lanes.some((other) => other !== lane && other.step === lane.step),
  );
}

/**
 * BuildKit carries a step that several builds share out once, and tells all of them. So what one of them shows of its
 * failure the others must show too, and only builds that failed at the same step can be compared.
 */
export function twinsOf({ lanes }: IterationEvidence, lane: LaneEvidence): Twins {
  if (lane.timedOut) return { blind: timeLimit };
  if (lane.outcome !== 'failed') return { blind: 'the build did not fail' };
  const hidden = whyCauseIsHidden(lane);
  if (hidden !== null) return { blind: hidden };
  const twins = lanes.filter(
    (other) =>
      other !== lane &&
      other.step === lane.step &&
      other.outcome === 'failed' &&
      !other.timedOut &&
      failedAlike(failureOf(lane), failureOf(other)),
  );
  return twins.length > 0 ? twins : { blind: 'no build beside it failed at the same step' };
}

function failureOf({ timeline }: LaneEvidence): Failure {
  return { step: failedStep(timeline), error: timeline.error?.text ?? null };
}

function failedStep({ steps }: Timeline): Step | null {
  return steps.findLast((step) => step.status === 'error') ?? null;
}

/** A client that joined late can lose its ERROR line (moby/buildkit#1456); the closing error is then what both have. */
function failedAlike(a: Failure, b: Failure): boolean {
  if (a.step !== null && b.step !== null) return a.step.name === b.step.name;
  return a.error !== null && a.error === b.error;
}

/** The step at which a build failed, by its own log or by its twins': then any state of it will do. */
export function failingStep(lane: LaneEvidence, twins: readonly LaneEvidence[]): Step | null {
  const own = failedStep(lane.timeline);
  if (own !== null) return own;
  const names = twins.flatMap((twin) => failedStep(twin.timeline)?.name ?? []);
  return lane.timeline.steps.find((step) => names.includes(step.name)) ?? null;
}

/** What there is of the failure in the log that lacks something. */
export function linesOfFailure({ timeline }: LaneEvidence, step: Step | null): readonly LogLine[] {
  const closing = timeline.error === null ? [] : [timeline.error];
  if (step === null) return closing;
  const own = step.status === 'error' ? failureLines(timeline, step) : [headerLine(timeline, step)];
  return inLogOrder([...own, ...closing]);
}
