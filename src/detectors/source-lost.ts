import { whyCut } from './blindness.js';
import type { Detector, IterationEvidence, LaneEvidence } from './detector.js';
import { failedInCompany, failingStep, linesOfFailure, twinsOf } from './failing-twins.js';
import { lookAtLanes, type Sight } from './lanes.js';
import { quoted } from './lines.js';

/** Of builds that failed at one step, one shows the failing instruction in its Dockerfile and another one does not. */
export const sourceLost: Detector = {
  signal: 'source-lost',
  summary:
    'a failed build does not show its failing instruction in the Dockerfile, another one beside it does',
  appliesTo: failedInCompany,
  nothing: 'no builds that ran together failed',
  detect: (iteration) => lookAtLanes('source-lost', iteration, (lane) => look(iteration, lane)),
};

function look(iteration: IterationEvidence, lane: LaneEvidence): Sight {
  const twins = twinsOf(iteration, lane);
  if ('blind' in twins) return twins;
  const { timeline } = lane;
  if (timeline.source !== null) return null;
  if (timeline.truncated !== null) return { blind: whyCut(timeline.truncated) };
  const shown = twins.find((twin) => twin.timeline.source !== null);
  if (shown === undefined) return { blind: 'no build shows where in the Dockerfile it failed' };
  const source = quoted(shown.timeline.source?.text ?? '');
  return {
    message: `the log does not show where in the Dockerfile the build failed; lane ${shown.lane} shows ${source}`,
    evidence: linesOfFailure(lane, failingStep(lane, twins)),
  };
}
