import type { Step, Timeline } from '../progress/timeline.js';
import { timeLimit, unrecognized, whyCut } from './blindness.js';
import type { Detector, IterationEvidence, LaneEvidence } from './detector.js';
import {
  byInstruction,
  type Execution,
  executionsOf,
  stepsToRunOnce,
  timesCarriedOut,
  wasCarriedOut,
} from './executions.js';
import { stepsThatBegin } from './instructions.js';
import { lookAtLanes, type Sight } from './lanes.js';
import { headerLine, inLogOrder, listed, quoted } from './lines.js';
import type { Mark } from './marks.js';

/**
 * An instruction that had to be carried out once was carried out more often: by several vertices of one build, or,
 * where steps name their executions, by builds that were launched together.
 */
export const duplicateStep: Detector = {
  signal: 'duplicate-step',
  summary: 'an instruction that had to be carried out once was carried out more often',
  appliesTo: (iteration) => iteration.lanes.some((lane) => lane.mustRunOnce.length > 0),
  nothing: 'nothing had to be carried out only once',
  detect: (iteration) => lookAtLanes('duplicate-step', iteration, (lane) => look(iteration, lane)),
};

function look(iteration: IterationEvidence, lane: LaneEvidence): Sight {
  if (lane.mustRunOnce.length === 0) return null;
  return inOneBuild(lane) ?? overLanes(iteration, lane) ?? whyBlind(iteration, lane);
}

function inOneBuild(lane: LaneEvidence): Sight {
  const { timeline } = lane;
  const ran = stepsToRunOnce(lane).filter(wasCarriedOut);
  const repeated = byInstruction(timeline, ran).filter((group) => timesCarriedOut(group) > 1);
  if (repeated.length === 0) return null;
  return {
    message: repeated.map(describe).join('; '),
    evidence: inLogOrder(repeated.flatMap((group) => firstTwo(timeline, group))),
  };
}

function firstTwo(timeline: Timeline, group: readonly Step[]) {
  return group.slice(0, 2).map((step) => headerLine(timeline, step));
}

function describe(group: readonly Step[]): string {
  const platforms = group.flatMap(({ platform, targetPlatform }) =>
    platform === null ? [] : [targetPlatform === null ? platform : `${platform}->${targetPlatform}`],
  );
  const where = platforms.length === 0 ? '' : `, for ${listed(platforms, 4)}`;
  return `${quoted(group[0]?.text ?? '')} was carried out ${timesCarriedOut(group)} times in one build${where}`;
}

/** Executions that are others than the first lane's that carried the step out. */
function overLanes({ lanes }: IterationEvidence, lane: LaneEvidence): Sight {
  const own = executionsOf(stepsToRunOnce(lane));
  const again = own.flatMap((mark) => {
    const first = lanes
      .filter((other) => other.step === lane.step)
      .map((other) => ({ lane: other.lane, marks: marksOfStep(other, mark.fields.name) }))
      .find(({ marks }) => marks.length > 0);
    const isKnown = first?.marks.some((one) => one.fields.nonce === mark.fields.nonce) ?? true;
    return first === undefined || isKnown ? [] : [{ mark, first }];
  });
  if (again.length === 0) return null;
  const texts = again.map(({ mark, first }) => {
    const { name, nonce } = mark.fields;
    const firstNonce = first.marks[0]?.fields.nonce ?? '';
    return `the step ${quoted(name)} was carried out in lane ${first.lane} (${quoted(firstNonce, 12)}) and here again (${quoted(nonce, 12)})`;
  });
  return { message: listed([...new Set(texts)]), evidence: inLogOrder(again.map(({ mark }) => mark.line)) };
}

function marksOfStep(lane: LaneEvidence, name: string): readonly Mark<Execution>[] {
  return executionsOf(stepsToRunOnce(lane)).filter((mark) => mark.fields.name === name);
}

function whyBlind(iteration: IterationEvidence, lane: LaneEvidence): Sight {
  const why = whyHidden(lane) ?? lane.mustRunOnce.map((one) => whyUnseen(iteration, lane, one)).find(isText);
  return why === undefined ? null : { blind: why };
}

const isText = (why: string | null): why is string => why !== null;

function whyHidden({ timeline, timedOut, outcome }: LaneEvidence): string | null {
  if (timedOut) return timeLimit;
  if (timeline.format === 'unknown') return unrecognized;
  if (outcome === 'failed') return 'the build failed';
  return timeline.truncated === null ? null : whyCut(timeline.truncated);
}

/** A step that was not carried out here cannot be carried out twice; but that another lane did it for all is sound. */
function whyUnseen({ lanes }: IterationEvidence, lane: LaneEvidence, beginning: string): string | null {
  const { steps, unclear } = stepsThatBegin(lane.timeline, beginning);
  if (unclear.length > 0) return `names are cut too short to tell the step ${quoted(beginning)}`;
  if (steps.length === 0) return `the log has no step ${quoted(beginning)}`;
  if (steps.some(wasCarriedOut)) return null;
  if (steps.some((step) => step.status !== 'cached')) return `the step ${quoted(beginning)} did not end`;
  const others = lanes.filter((other) => other.step === lane.step && other !== lane);
  const isShared = others.some(
    (other) => executionsOf(stepsThatBegin(other.timeline, beginning).steps).length > 0,
  );
  return isShared ? null : `the step ${quoted(beginning)} came from the cache`;
}
