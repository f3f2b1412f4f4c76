import type { LogLine, Timeline } from '../progress/timeline.js';
import { unrecognized, whyCut } from './blindness.js';
import type { Detector, LaneEvidence } from './detector.js';
import { always, lookAtEnds, type Sight } from './lanes.js';
import { failureLines, firstLine, inLogOrder } from './lines.js';

/** The build did not succeed, whatever the reason. In a run the exit code decides, in a scan the log alone. */
export const buildFailed: Detector = {
  signal: 'build-failed',
  summary: 'the build failed',
  appliesTo: always,
  detect: (iteration) => lookAtEnds('build-failed', iteration, look),
};

function look(lane: LaneEvidence): Sight {
  if (lane.outcome === 'succeeded') return null;
  if (lane.outcome === 'unknown') return { blind: whyUnknown(lane.timeline) };
  return { message: describe(lane), evidence: evidenceOf(lane.timeline) };
}

function describe(lane: LaneEvidence): string {
  const { error, steps } = lane.timeline;
  const cause = error?.text ?? steps.findLast((step) => step.status === 'error')?.error ?? null;
  if (cause !== null) return `the build failed: ${firstLine(cause)}`;
  return lane.exitCode === null ? 'the build failed' : `the build failed with exit code ${lane.exitCode}`;
}

function evidenceOf(timeline: Timeline): readonly LogLine[] {
  const failed = timeline.steps.filter((step) => step.status === 'error').slice(-2);
  const closing = timeline.error === null ? timeline.trouble.slice(0, 1) : [timeline.error];
  return inLogOrder([...failed.flatMap((step) => failureLines(timeline, step)), ...closing]);
}

function whyUnknown(timeline: Timeline): string {
  if (timeline.format === 'unknown') return unrecognized;
  if (timeline.truncated !== null) return whyCut(timeline.truncated);
  return 'the log does not say how the build ended';
}
