import type { Step, Timeline } from '../progress/timeline.js';
import type { LaneEvidence } from './detector.js';
import { stepsThatBegin } from './instructions.js';
import { type Mark, marksOf } from './marks.js';

/** One carrying out of a step, which the step itself names by a random number. */
export interface Execution {
  /** The step's name in the scenario. */
  readonly name: string;
  readonly nonce: string;
}

/** `buildrace: ran step=NAME nonce=HEX`; BuildKit shows one execution's output to all builds that share it. */
const pattern = /buildrace:\s+ran\s+step=(\S{1,100})\s+nonce=([0-9a-f][0-9a-f-]{0,63})(?![0-9a-f-])/i;

/** The steps that a lane had to carry out once, cached or not. */
export function stepsToRunOnce({ timeline, mustRunOnce }: LaneEvidence): readonly Step[] {
  return [...new Set(mustRunOnce.flatMap((beginning) => stepsThatBegin(timeline, beginning).steps))];
}

export function executionsOf(steps: readonly Step[]): readonly Mark<Execution>[] {
  return marksOf(steps, pattern, ([name = '', nonce = '']) => ({ name, nonce: nonce.toLowerCase() }));
}

export function wasCarriedOut({ status }: Step): boolean {
  return status === 'done' || status === 'error';
}

/** Steps that are one instruction of one Dockerfile: one stage, one place in it, one text. */
export function byInstruction(timeline: Timeline, steps: readonly Step[]): readonly Step[][] {
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    // A terminal cuts names, the longer the bracket the more: the place in the stage has to do there.
    const text = timeline.format === 'tty' ? '' : step.text.replace(/\s+/g, ' ');
    const key = JSON.stringify([step.stage?.toLowerCase(), placeInStage(step), text]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [step]);
    else group.push(step);
  }
  return [...groups.values()];
}

/** `2/4` of BuildKit's bracket; other builders number their steps. */
function placeInStage(step: Step): string {
  return /^\[[^\]]*?(\d+\/\d+)\]/.exec(step.name)?.[1] ?? String(step.index);
}

/** How often the steps of one instruction ran: as many times as they say, where each of them says it. */
export function timesCarriedOut(group: readonly Step[]): number {
  const nonces = group.map((step) => executionsOf([step])[0]?.fields.nonce);
  return nonces.includes(undefined) ? group.length : new Set(nonces).size;
}
