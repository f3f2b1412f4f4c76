import type { Step, Timeline } from '../progress/timeline.js';
import { timeLimit, unrecognized, whyCut } from './blindness.js';
import type { Detector, LaneEvidence } from './detector.js';
import { stepsThatBegin } from './instructions.js';
import { lookAtLanes, type Sight } from './lanes.js';
import { endedLines, inLogOrder, listed, quoted } from './lines.js';

/** A step that the scenario says must come from the cache was carried out. */
export const cacheMiss: Detector = {
  signal: 'cache-miss',
  summary: 'a step that had to come from the cache was carried out',
  appliesTo: (iteration) => iteration.lanes.some((lane) => lane.mustBeCached.length > 0),
  nothing: 'nothing had to come from the cache',
  detect: (iteration) => lookAtLanes('cache-miss', iteration, look),
};

function look(lane: LaneEvidence): Sight {
  const { timeline, mustBeCached } = lane;
  if (mustBeCached.length === 0) return null;
  const steps = mustBeCached.flatMap((beginning) => stepsThatBegin(timeline, beginning).steps);
  const ran = [...new Set(steps)].filter(hasRun);
  if (ran.length > 0) {
    const names = [...new Set(ran.map((step) => quoted(step.text)))];
    return {
      message: `carried out instead of taken from the cache: ${listed(names)}`,
      evidence: inLogOrder(ran.flatMap((step) => endedLines(timeline, step))),
    };
  }
  const blind = whyBlind(lane);
  return blind === null ? null : { blind };
}

/**
 * BuildKit v0.10 ends a step whose result it fetches from an imported cache with DONE as well: what a RUN step printed is
 * what tells that it ran. Other instructions print nothing.
 */
function hasRun(step: Step): boolean {
  return step.status === 'done' && !isFetched(step) && (step.instruction !== 'RUN' || step.outputLines > 0);
}

function isFetched({ status, fetched, outputLines }: Step): boolean {
  return status === 'done' && fetched && outputLines === 0;
}

function whyBlind({ timeline, timedOut, outcome, mustBeCached }: LaneEvidence): string | null {
  if (timedOut) return timeLimit;
  if (timeline.format === 'unknown') return unrecognized;
  if (outcome === 'failed') return 'the build failed';
  if (timeline.truncated !== null) return whyCut(timeline.truncated);
  return mustBeCached.map((beginning) => whyUnseen(timeline, beginning)).find((why) => why !== null) ?? null;
}

const silentEnd = 'a step ended without output: the log does not tell whether it ran or was fetched';

/** Why a log does not tell whether the step came from the cache, or null where it says that it did. */
function whyUnseen(timeline: Timeline, beginning: string): string | null {
  const { steps, unclear } = stepsThatBegin(timeline, beginning);
  const open = steps.filter((step) => step.status !== 'cached' && !isFetched(step));
  if (open.some((step) => step.status === 'done')) return silentEnd;
  if (open.length > 0) return `the step ${quoted(beginning)} did not end`;
  if (unclear.length > 0) return `names are cut too short to tell the step ${quoted(beginning)}`;
  return steps.length === 0 ? `the log has no step ${quoted(beginning)}` : null;
}
