import { parseDuration } from '../scenario/duration.js';
import type { PlannedArm } from '../scenario/plan.js';
import { byOffset, type SearchedOffset } from '../scenario/window.js';
import type { Judgement } from './judge.js';

/**
 * Per offset, in how many iterations of the reproduce arms any signal showed that its arm expects, of those in which at
 * least one of them could be looked for: what a search chooses by, and no rate of any signal.
 */
export class OffsetCounter {
  readonly #seen: SearchedOffset[] = [];

  /** Points without a single iteration are named too: nobody could look there. */
  constructor(arms: readonly PlannedArm[]) {
    for (const arm of arms) this.#note(arm, 0, 0);
  }

  add(arm: PlannedArm, { invalid, sights }: Judgement): void {
    if (invalid !== null) return;
    const expected = sights.filter(({ signal }) => arm.expects.includes(signal));
    const isSeen = expected.some(({ findings }) => findings.length > 0);
    // A signal that a builder's logs never show must not make every offset at which another one shows look certain.
    const couldLook = isSeen || expected.some(({ blind }) => blind.size === 0);
    if (couldLook) this.#note(arm, isSeen ? 1 : 0, 1);
  }

  /** By offset. */
  get points(): SearchedOffset[] {
    return byOffset(this.#seen);
  }

  #note(arm: PlannedArm, count: number, of: number): void {
    const offsetMs = arm.role === 'reproduce' && arm.skipped === null ? offsetOf(arm) : null;
    if (offsetMs !== null) this.#seen.push({ offsetMs, count, of });
  }
}

/** The offset between the lanes of an arm that is a point of a sweep over `delay`, in ms; else null. */
function offsetOf({ point }: PlannedArm): number | null {
  const delay = point?.factors.delay;
  return delay === undefined ? null : parseDuration(delay);
}
