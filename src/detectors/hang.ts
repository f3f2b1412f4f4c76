import type { Step, Timeline } from '../progress/timeline.js';
import type { Detector, LaneEvidence } from './detector.js';
import { always, lookAtLanes, type Sight } from './lanes.js';
import { headerLine, listed, quoted } from './lines.js';

/** A build did not end by itself: the harness ended it when its time limit was over. */
export const hang: Detector = {
  signal: 'hang',
  summary: 'the build had not ended when its time limit was over',
  appliesTo: always,
  detect: (iteration) => lookAtLanes('hang', iteration, look),
};

function look(lane: LaneEvidence): Sight {
  const { timeline, timedOut, outcome } = lane;
  if (!timedOut)
    return outcome === 'unknown' ? { blind: 'the log does not say whether the build ended' } : null;
  const open = openSteps(timeline);
  const last = timeline.steps.slice(-1);
  return {
    message: `the time limit was reached ${whileWhat(timeline, open)}`,
    evidence: (open.length > 0 ? open : last).map((step) => headerLine(timeline, step)),
  };
}

/** Steps that had begun and not ended; a client that is told to end cancels those, and says so. */
function openSteps({ format, steps }: Timeline): readonly Step[] {
  const begun = steps.filter((step) => format !== 'rawjson' || step.startedAt !== null);
  return begun.filter((step) => step.status === 'unfinished' || step.status === 'cancelled');
}

function whileWhat({ steps }: Timeline, open: readonly Step[]): string {
  if (steps.length === 0) return 'before any step had begun';
  if (open.length === 0) return 'although every step that had begun was over';
  return `before ${listed(open.map((step) => quoted(step.name)))} had ended`;
}
