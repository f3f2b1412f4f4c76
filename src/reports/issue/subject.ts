import type { IterationDetail, IterationName, RunDetail } from '../../results/detail.js';
import type { ArmResult } from '../../results/result.js';
import type { PlannedArm } from '../../scenario/plan.js';
import type { Signal } from '../../signals.js';

/** What of a run the issue is about: one reproduce arm, and what it is held against. */
export interface Subject {
  /** Null: the run has no arm that was carried out. */
  readonly arm: ArmResult | null;
  readonly planned: PlannedArm | null;
  /** Arms to compare it with, controls first, then its builds one at a time. */
  readonly beside: readonly ArmResult[];
  /** Signals that it expects, those that were seen first; where it expects none, those that were seen. */
  readonly signals: readonly Signal[];
  /** The expected signals were seen, or others where none is expected. */
  readonly isSeen: boolean;
  /** The scenario is about more than this arm: its title and description tell of other faults too. */
  readonly isOneOfMany: boolean;
  /** Iterations that are shown in full; null: there is none such. */
  readonly failing: IterationDetail | null;
  readonly clean: IterationDetail | null;
}

export function subjectOf(detail: RunDetail): Subject {
  const { result, plan } = detail;
  const failing = iterationNamed(detail, detail.firstFailing);
  const arm = subjectArm(result.arms, failing?.arm ?? null);
  const seen = (arm?.signals ?? []).filter(({ iterations }) => iterations.count > 0);
  const expected = (arm?.signals ?? []).filter((one) => one.expected);
  const asked = expected.length > 0 ? expected : seen;
  const inOrder = [...asked].sort((a, b) => Number(b.iterations.count > 0) - Number(a.iterations.count > 0));
  return {
    arm,
    planned: plan.arms.find(({ name }) => name === arm?.name) ?? null,
    beside: besideOf(result.arms, arm),
    signals: inOrder.map(({ signal }) => signal),
    isSeen: asked.some(({ iterations }) => iterations.count > 0),
    isOneOfMany: result.arms.some(
      (one) => one.role === 'reproduce' && one.point === null && one.name !== arm?.name,
    ),
    failing,
    clean: iterationNamed(detail, detail.clean),
  };
}

/** The arm of the failing iteration; else the first reproduce arm that was carried out, else any. */
function subjectArm(arms: readonly ArmResult[], failing: string | null): ArmResult | null {
  const own = arms.find(({ name }) => name === failing);
  if (own !== undefined) return own;
  const run = arms.filter(({ skipped }) => skipped === null);
  return run.find(({ role }) => role === 'reproduce') ?? run[0] ?? null;
}

function besideOf(arms: readonly ArmResult[], arm: ArmResult | null): ArmResult[] {
  const own = arms.filter(({ of, skipped }) => arm !== null && of === arm.name && skipped === null);
  return [...own.filter(({ role }) => role === 'control'), ...own.filter(({ role }) => role === 'alone')];
}

function iterationNamed({ iterations }: RunDetail, name: IterationName | null): IterationDetail | null {
  if (name === null) return null;
  return iterations.find((one) => one.arm === name.arm && one.iteration === name.iteration) ?? null;
}
