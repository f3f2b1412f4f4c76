import type { Plan, PlannedArm, Stopping } from '../scenario/plan.js';
import type { Signal } from '../signals.js';
import { sequentialTest } from '../stats/sequential.js';
import { askedSignals } from './asked.js';
import { markOf, outcomesOf } from './course.js';
import type { Judgement } from './judge.js';

/** So many iterations in a row that could not be looked at: a question that will not be answered. */
const blindEnough = 5;
/** As above, of iterations that did not count: their cause is often one that passes. */
const invalidEnough = 10;

/** Says after each judged iteration which arms have shown enough, by the plan's stopping rule. */
export class StoppingJudge {
  readonly #plan: Pick<Plan, 'arms' | 'stopping'>;
  readonly #runnable: readonly PlannedArm[];
  readonly #courses = new Map<string, string>();
  #isSeen = false;

  constructor(plan: Pick<Plan, 'arms' | 'stopping'>) {
    this.#plan = plan;
    this.#runnable = plan.arms.filter((arm) => arm.skipped === null);
  }

  /** Takes the judgement of an iteration. @returns the names of the arms that need no more. */
  take(judgement: Judgement): ReadonlySet<string> {
    const arm = this.#runnable.find(({ name }) => name === judgement.read.event.arm);
    if (arm !== undefined) this.#note(arm, judgement);
    return this.#answered();
  }

  #note(arm: PlannedArm, judgement: Judgement): void {
    for (const signal of askedSignals(arm, this.#plan.arms)) {
      const mark = markOf(
        judgement,
        judgement.sights.find((sight) => sight.signal === signal),
      );
      const key = keyOf(arm, signal);
      this.#courses.set(key, (this.#courses.get(key) ?? '') + mark);
      if (mark === '1' && arm.role === 'reproduce') this.#isSeen = true;
    }
  }

  #answered(): ReadonlySet<string> {
    const { stopping } = this.#plan;
    if (stopping.rule === 'fixed') return new Set();
    if (stopping.rule === 'first') return new Set(this.#isSeen ? this.#names(() => true) : []);
    // A reproduce arm, its controls and its builds alone go on together: what is compared has seen the same machine.
    const open = new Set(
      this.#runnable.filter((arm) => !this.#isAnswered(arm, stopping)).map((arm) => arm.of ?? arm.name),
    );
    return new Set(this.#names((arm) => !open.has(arm.of ?? arm.name)));
  }

  #names(of: (arm: PlannedArm) => boolean): string[] {
    return this.#runnable.filter(of).map(({ name }) => name);
  }

  #isAnswered(arm: PlannedArm, stopping: Extract<Stopping, { rule: 'verdict' }>): boolean {
    return askedSignals(arm, this.#plan.arms).every((signal) => {
      const course = this.#courses.get(keyOf(arm, signal)) ?? '';
      return isHopeless(course) || sequentialTest(outcomesOf(course), stopping).answer !== 'open';
    });
  }
}

function isHopeless(course: string): boolean {
  return course.endsWith('-'.repeat(blindEnough)) || course.endsWith('x'.repeat(invalidEnough));
}

const keyOf = (arm: PlannedArm, signal: Signal): string => `${arm.name} ${signal}`;
