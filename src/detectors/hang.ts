import type { LogLine, Step, Timeline } from '../progress/timeline.js';
import type { Detector, IterationEvidence, LaneEvidence } from './detector.js';
import { always, lookAtLanes, maxEvidence, type Sight } from './lanes.js';
import { headerLine, inLogOrder, listed, quoted } from './lines.js';

/** A build had not ended when its time limit was over: the harness looks at it then, and ends it. */
export const hang: Detector = {
  signal: 'hang',
  summary: 'the build had not ended when its time limit was over',
  appliesTo: always,
  detect: (iteration) => lookAtLanes('hang', iteration, (lane) => look(iteration, lane)),
};

function look({ builderGone }: IterationEvidence, lane: LaneEvidence): Sight {
  const { timeline, timedOut, outcome, lastLines = [] } = lane;
  if (!timedOut)
    return outcome === 'unknown' ? { blind: 'the log does not say whether the build ended' } : null;
  const open = openSteps(timeline);
  const steps = open.length > 0 ? open : timeline.steps.slice(-1);
  const after = builderGone === null ? '' : `; afterwards the builder did not answer (${builderGone})`;
  const late = outcome === 'succeeded' ? '; the build ended with exit code 0 after that' : '';
  return {
    message: `the time limit was reached ${whileWhat(timeline, open)}${late}${after}`,
    evidence: shown(
      steps.map((step) => headerLine(timeline, step)),
      lastLines,
    ),
  };
}

/** The last lines that it printed, and above them the headers of what had not ended, as many as there is room for. */
function shown(headers: readonly LogLine[], last: readonly LogLine[]): readonly LogLine[] {
  const above = headers.filter(({ line }) => !last.some((one) => one.line === line));
  return inLogOrder([...above.slice(0, maxEvidence - last.length), ...last]);
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
