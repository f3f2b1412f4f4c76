import { hasGap, leftOutOfMiddle } from '../progress/left-out.js';
import type { LaneEvidence } from './detector.js';

/** Said wherever a log was given to a detector that holds nothing to look at. */
export const unrecognized = "no builder's output was recognized in the log";

/** Said of a build that was not let end: how it would have ended, nobody knows. Its own find is `hang`. */
export const timeLimit = 'the build was ended at its time limit';

/**
 * Why it cannot be told from its log what a build died of, or null where it can (or where it did not die at all: what
 * ends a build cannot hide in one that succeeded). Asked after nothing was found, so that "not seen" is never said of
 * a log that could not have shown it. Of a build that the harness ended nothing of that is asked (`lookAtEnds`).
 */
export function whyCauseIsHidden(lane: LaneEvidence): string | null {
  const { timeline, outcome } = lane;
  if (outcome === 'succeeded') return null;
  if (timeline.format === 'unknown') return unrecognized;
  // The closing error may be there, and the step that it is of may not.
  if (hasGap(timeline)) return whyCut(leftOutOfMiddle);
  if (timeline.error !== null) return null;
  if (timeline.truncated !== null) return whyCut(timeline.truncated);
  if (outcome === 'failed' && !timeline.steps.some((step) => step.status === 'error')) {
    return 'the build failed, but its log names no error';
  }
  return null;
}

/** Why a lane may hold more of what a detector looks for than its log shows, whatever is there; null: it does not. */
export function whyNotAll({ timeline, timedOut }: LaneEvidence): string | null {
  if (timedOut) return timeLimit;
  return hasGap(timeline) ? whyCut(leftOutOfMiddle) : null;
}

export function whyCut(truncated: string): string {
  return `the log was cut: ${truncated}`;
}
