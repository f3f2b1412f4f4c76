import { unrecognized, whyCut } from './blindness.js';
import type { Detector, LaneEvidence } from './detector.js';
import { always, lookAtEnds, type Sight } from './lanes.js';
import { failureLines, firstLine, inLogOrder } from './lines.js';

/** A vertex ended in an error (cancelled ones do not count), and yet the build succeeded. */
export const transientError: Detector = {
  signal: 'transient-error',
  summary: 'a step ended in an error, and the build succeeded regardless',
  appliesTo: always,
  detect: (iteration) => lookAtEnds('transient-error', iteration, look),
};

function look(lane: LaneEvidence): Sight {
  const { timeline, outcome } = lane;
  if (outcome === 'failed') return null;
  if (timeline.format === 'unknown') return { blind: unrecognized };
  const failed = timeline.steps.filter((step) => step.status === 'error');
  const [first] = failed;
  if (first === undefined) return timeline.truncated === null ? null : { blind: whyCut(timeline.truncated) };
  if (outcome === 'unknown') return { blind: 'the log does not say whether the build survived its error' };
  return {
    message: `the build succeeded although a step failed: ${first.text}: ${firstLine(first.error ?? 'no text')}`,
    evidence: inLogOrder(failed.flatMap((step) => failureLines(timeline, step))),
  };
}
