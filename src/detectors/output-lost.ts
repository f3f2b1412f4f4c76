import { whyCut } from './blindness.js';
import type { Detector, IterationEvidence, LaneEvidence } from './detector.js';
import { failedInCompany, failingStep, linesOfFailure, twinsOf } from './failing-twins.js';
import { lookAtLanes, type Sight } from './lanes.js';
import { quoted } from './lines.js';

/** Of builds that failed at one step, one shows what the step printed and another one nothing of it (moby/buildkit#1456). */
export const outputLost: Detector = {
  signal: 'output-lost',
  summary: 'a failed build shows nothing of what its failing step printed, another one beside it does',
  appliesTo: failedInCompany,
  nothing: 'no builds that ran together failed',
  detect: (iteration) => lookAtLanes('output-lost', iteration, (lane) => look(iteration, lane)),
};

function look(iteration: IterationEvidence, lane: LaneEvidence): Sight {
  const twins = twinsOf(iteration, lane);
  if ('blind' in twins) return twins;
  const step = failingStep(lane, twins);
  if (step !== null && step.outputLines > 0) return null;
  const { timeline } = lane;
  if (timeline.format === 'tty') return { blind: 'terminal output does not keep what steps print' };
  if (timeline.truncated !== null) return { blind: whyCut(timeline.truncated) };
  const shown = twins
    .map((twin) => ({ twin, step: failingStep(twin, [lane, ...twins]) }))
    .find((one) => one.step !== null && one.step.outputLines > 0);
  if (shown?.step == null) return { blind: 'the failing step printed nothing in any build' };
  const { name, outputLines } = shown.step;
  return {
    message:
      `nothing is shown of what the failing step printed: ${quoted(name)}; ` +
      `lane ${shown.twin.lane} has ${outputLines} ${outputLines === 1 ? 'line' : 'lines'} of it`,
    evidence: linesOfFailure(lane, step),
  };
}
