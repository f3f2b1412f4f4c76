import { normalizePlatform } from '../platforms.js';
import type { LogLine, Step, Timeline } from '../progress/timeline.js';
import { timeLimit, unrecognized, whyCut } from './blindness.js';
import type { Detector, LaneEvidence } from './detector.js';
import { always, lookAtLanes, maxEvidence, type Sight } from './lanes.js';
import { headerLine, inLogOrder } from './lines.js';

/** A step whose name carries a platform, with that platform as containerd would normalize it. */
interface Spelt {
  readonly step: Step;
  readonly spelling: string;
  readonly normalized: string;
}

/**
 * Two steps of one build whose platforms differ as text and are equal once normalized. Stages do not matter: one stage
 * can show both spellings, since BuildKit labels RUN from the normalized platform and FROM, COPY, ADD and WORKDIR from
 * the one that was asked for. Other differences prove nothing, as a vertex shared by several platforms carries the
 * name of whichever came first. Targets of one bake are builds of their own, and are compared each with itself.
 */
export const platformDrift: Detector = {
  signal: 'platform-drift',
  summary: 'steps of one build spell the same platform differently (linux/arm64 beside linux/arm64/v8)',
  appliesTo: always,
  detect: (iteration) => lookAtLanes('platform-drift', iteration, look),
};

function look(lane: LaneEvidence): Sight {
  const spelt = lane.timeline.steps.flatMap(asSpelt);
  const drifts = groupsOf(spelt).filter((group) => spellingsOf(group).length > 1);
  if (drifts.length > 0) {
    return { message: drifts.map(describe).join('; '), evidence: evidenceOf(lane.timeline, drifts.flat()) };
  }
  const blind = whyBlind(lane, spelt.length);
  return blind === null ? null : { blind };
}

function asSpelt(step: Step): readonly Spelt[] {
  const normalized = step.platform === null ? null : normalizePlatform(step.platform);
  return step.platform === null || normalized === null ? [] : [{ step, spelling: step.platform, normalized }];
}

/** Steps that mean one platform within one build. */
function groupsOf(spelt: readonly Spelt[]): readonly Spelt[][] {
  const groups = new Map<string, Spelt[]>();
  for (const one of spelt) {
    const key = JSON.stringify([one.step.target, one.normalized]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function spellingsOf(group: readonly Spelt[]): readonly string[] {
  return [...new Set(group.map((one) => one.spelling))];
}

function describe(group: readonly Spelt[]): string {
  const counted = spellingsOf(group).map((spelling) => {
    const steps = group.filter((one) => one.spelling === spelling).length;
    return `${spelling} (${steps} ${steps === 1 ? 'step' : 'steps'})`;
  });
  return `${counted.slice(0, -1).join(', ')} and ${counted.at(-1)} name one platform in this build`;
}

/** The first line of each spelling, then of each further stage and instruction, as far as there is room. */
function evidenceOf(timeline: Timeline, drifting: readonly Spelt[]): readonly LogLine[] {
  const first = firstOfEach(drifting, (one) => one.spelling);
  const more = firstOfEach(drifting, (one) =>
    JSON.stringify([one.spelling, one.step.stage, one.step.instruction]),
  );
  const chosen = [...new Set([...first, ...more])].slice(0, maxEvidence);
  return inLogOrder(chosen.map((one) => headerLine(timeline, one.step)));
}

function firstOfEach(spelt: readonly Spelt[], keyOf: (one: Spelt) => string): readonly Spelt[] {
  const seen = new Map<string, Spelt>();
  for (const one of spelt) if (!seen.has(keyOf(one))) seen.set(keyOf(one), one);
  return [...seen.values()];
}

function whyBlind({ timeline, timedOut, outcome }: LaneEvidence, carrying: number): string | null {
  if (timedOut) return timeLimit;
  if (timeline.format === 'unknown') return unrecognized;
  if (timeline.truncated !== null) return whyCut(timeline.truncated);
  // A step that it did not come to may have had the other spelling.
  if (carrying >= 2) return outcome === 'failed' ? 'the build failed' : null;
  if (carrying === 1) return 'only one step carries a platform';
  return timeline.format === 'classic'
    ? "the classic builder's output names no platform"
    : 'no step carries a platform';
}
