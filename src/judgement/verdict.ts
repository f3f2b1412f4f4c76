import type { Role, SignalResult, Verdict } from '../results/result.js';
import type { Stopping } from '../scenario/plan.js';
import type { Signal } from '../signals.js';
import { boschloo } from '../stats/boschloo.js';
import { confidenceSequence } from '../stats/confidence-sequence.js';
import { atMost, type Interval, wilson } from '../stats/interval.js';
import { runsTest } from '../stats/runs-test.js';
import { sequentialTest } from '../stats/sequential.js';
import { askedSignals } from './asked.js';
import { outcomesOf } from './course.js';
import type { Tally } from './tally.js';

/** An arm's counts, as far as verdicts depend on them. */
export interface ArmCounts {
  readonly name: string;
  readonly role: Role;
  readonly of: string | null;
  readonly expects: readonly Signal[];
  /** Its builds run side by side. */
  readonly concurrent: boolean;
  readonly planned: number;
  readonly valid: number;
  readonly tallies: readonly Tally[];
}

/** What the tallies say of one arm's signal, beside the arms that belong to it (DESIGN, "Verdicts"). */
export function judgeSignal(
  arm: ArmCounts,
  tally: Tally,
  arms: readonly ArmCounts[],
  stopping: Stopping = { rule: 'fixed' },
): SignalResult {
  const { count, of } = tally.iterations;
  const outcomes = outcomesOf(tally.course);
  const expected = arm.expects.includes(tally.signal);
  const isAsked = askedSignals(arm, arms).includes(tally.signal);
  const sequential = stopping.rule === 'verdict' && isAsked ? sequentialAnswer(outcomes, stopping) : null;
  return {
    signal: tally.signal,
    expected,
    iterations: tally.iterations,
    builds: tally.builds,
    course: tally.course,
    drift: runsTest(outcomes),
    sequential,
    interval: of === 0 ? null : intervalFor(stopping)(count, of),
    atMost: count === 0 && of > 0 ? limitFor(stopping)(of) : null,
    // A part of a plan may have no iteration of an arm: it has nothing to answer then.
    verdict: arm.role === 'reproduce' && expected && arm.planned > 0 ? verdict(arm, tally, sequential) : null,
    controlDirty: controlDirty(arm, tally, arms),
    needsConcurrency: needsConcurrency(arm, tally, arms, stopping),
    againstControl: againstControl(arm, tally, arms, stopping),
    blindReasons: tally.blindReasons,
    examples: tally.examples,
  };
}

/** Wilson's interval holds for a number of iterations that was fixed before; where it hung on what was seen, it does not. */
function intervalFor({ rule }: Stopping): (k: number, n: number, level?: number) => Interval {
  return rule === 'fixed' ? wilson : confidenceSequence;
}

/**
 * The limit where nothing was seen in n iterations. A run that goes on to the first sight and has none was of a number that
 * hung on nothing seen here, so that the exact limit holds for it too.
 */
function limitFor({ rule }: Stopping): (n: number) => number {
  return rule === 'verdict' ? (n) => confidenceSequence(0, n).high : (n) => atMost(0, n);
}

function sequentialAnswer(
  outcomes: readonly boolean[],
  { p0, p1, error }: Extract<Stopping, { rule: 'verdict' }>,
): NonNullable<SignalResult['sequential']> {
  const { answer } = sequentialTest(outcomes, { p0, p1, error });
  return { answer, p0, p1, error };
}

function verdict(arm: ArmCounts, { iterations }: Tally, sequential: SignalResult['sequential']): Verdict {
  // A question that was put is open until it is answered, whatever was seen on the way.
  if (sequential?.answer === 'open') return 'inconclusive';
  return sequential !== null && iterations.count === 0 ? 'not-reproduced' : verdictOf(arm, iterations);
}

/** What counts alone say, where their number was fixed before (DESIGN, "Verdicts"). */
export function verdictOf(
  { planned, valid }: Pick<ArmCounts, 'planned' | 'valid'>,
  { count, of }: { readonly count: number; readonly of: number },
): Verdict {
  if (count > 0) return 'reproduced';
  const isBlind = of === 0;
  return valid < planned / 2 || isBlind ? 'inconclusive' : 'not-reproduced';
}

/** Whether a control shows what its reproduce arm expects; null where none could look. */
function controlDirty(arm: ArmCounts, { signal }: Tally, arms: readonly ArmCounts[]): boolean | null {
  const owner = arm.role === 'control' ? arms.find((other) => other.name === arm.of) : arm;
  if (owner?.expects.includes(signal) !== true) return null;
  const controls = arm.role === 'control' ? [arm] : controlsOf(arm, arms);
  const looked = controls
    .map((control) => tallyOf(control, signal))
    .filter((tally) => tally.iterations.of > 0);
  return looked.length === 0 ? null : looked.some((tally) => tally.iterations.count > 0);
}

function needsConcurrency(
  arm: ArmCounts,
  { signal, iterations }: Tally,
  arms: readonly ArmCounts[],
  stopping: Stopping,
): SignalResult['needsConcurrency'] {
  const alone = arms.find((other) => other.role === 'alone' && other.of === arm.name);
  if (alone === undefined && !arm.concurrent && iterations.count > 0) {
    const { count, of } = iterations;
    return { answer: 'no', p: null, alone: { count, of } };
  }
  if (alone === undefined) return { answer: 'not-tested', p: null, alone: { count: 0, of: 0 } };
  const { count, of } = tallyOf(alone, signal).iterations;
  if (of === 0 || iterations.of === 0) return { answer: 'undetermined', p: null, alone: { count, of } };
  const p = stopping.rule === 'fixed' ? boschloo(iterations.count, iterations.of, count, of) : null;
  const isHigher =
    p === null
      ? apart(iterations, { count, of })
      : iterations.count / iterations.of > count / of && p < significance;
  if (isHigher) return { answer: 'yes', p, alone: { count, of } };
  return { answer: count > 0 ? 'no' : 'undetermined', p, alone: { count, of } };
}

interface Rate {
  readonly count: number;
  readonly of: number;
}

/**
 * Whether the first rate lies above the second, for numbers of iterations that hung on what was seen: each rate's
 * confidence sequence misses it with half of the error at most, so two that do not meet are wrong with all of it at most.
 */
function apart(upper: Rate, lower: Rate): boolean {
  const level = 1 - significance / 2;
  return (
    confidenceSequence(upper.count, upper.of, level).low >
    confidenceSequence(lower.count, lower.of, level).high
  );
}

const significance = 0.05;

function againstControl(
  arm: ArmCounts,
  { signal, iterations }: Tally,
  arms: readonly ArmCounts[],
  stopping: Stopping,
): SignalResult['againstControl'] {
  const control = controlsOf(arm, arms)[0];
  if (control === undefined) return null;
  const { count, of } = tallyOf(control, signal).iterations;
  const isTested = of > 0 && iterations.of > 0 && stopping.rule === 'fixed';
  const p = isTested ? boschloo(iterations.count, iterations.of, count, of) : null;
  return { control: control.name, p, count, of };
}

function controlsOf(arm: ArmCounts, arms: readonly ArmCounts[]): ArmCounts[] {
  return arms.filter((other) => other.role === 'control' && other.of === arm.name);
}

const nothing = { iterations: { count: 0, of: 0, blind: 0 } } as const;

function tallyOf(arm: ArmCounts, signal: Signal): Pick<Tally, 'iterations'> {
  return arm.tallies.find((tally) => tally.signal === signal) ?? nothing;
}

/** The strongest verdict; null when there is none. */
export function strongest(verdicts: readonly (Verdict | null)[]): Verdict | null {
  const order: readonly Verdict[] = ['reproduced', 'inconclusive', 'not-reproduced'];
  return order.find((one) => verdicts.includes(one)) ?? null;
}
