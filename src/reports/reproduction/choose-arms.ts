import type { RunDetail } from '../../results/detail.js';
import type { PlannedArm } from '../../scenario/plan.js';
import type { Signal } from '../../signals.js';

/** What the script is called with, and the arm that it then carries out. */
export interface Mode {
  readonly name: 'reproduce' | 'control' | 'alone';
  readonly arm: PlannedArm;
}

export interface Chosen {
  /** That of the reproduce arm first. */
  readonly modes: readonly [Mode, ...Mode[]];
  /** What the script looks for. */
  readonly signals: readonly Signal[];
}

/** The arm that showed what it expects, or else is meant to, with its control and its builds alone; null: there is none. */
export function chooseArms({ plan, firstFailing, iterations }: RunDetail): Chosen | null {
  const runnable = plan.arms.filter(({ skipped }) => skipped === null);
  const candidates = runnable.filter(({ role }) => role === 'reproduce');
  const failing = candidates.find(({ name }) => name === firstFailing?.arm);
  const arm = failing ?? candidates.find(({ expects }) => expects.length > 0);
  if (arm === undefined) return null;
  const shown = iterations
    .filter((one) => one.arm === arm.name)
    .flatMap(({ findings }) => findings.map(({ signal }) => signal));
  const signals = arm.expects.length > 0 ? arm.expects : [...new Set(shown)];
  if (signals.length === 0) return null;
  const of = (role: 'control' | 'alone'): Mode[] =>
    runnable
      .filter((one) => one.role === role && one.of === arm.name)
      .slice(0, 1)
      .map((one) => ({ name: role, arm: one }));
  return { modes: [{ name: 'reproduce', arm }, ...of('control'), ...of('alone')], signals };
}
