import type { Role, SignalResult, Verdict } from '../results/result.js';
import type { Signal } from '../signals.js';
import { boschloo } from '../stats/boschloo.js';
import { atMost, wilson } from '../stats/interval.js';
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
export function judgeSignal(arm: ArmCounts, tally: Tally, arms: readonly ArmCounts[]): SignalResult {
  const { count, of } = tally.iterations;
  const expected = arm.expects.includes(tally.signal);
  return {
    signal: tally.signal,
    expected,
    iterations: tally.iterations,
    builds: tally.builds,
    course: '',
    drift: null,
    sequential: null,
    interval: of === 0 ? null : wilson(count, of),
    atMost: count === 0 && of > 0 ? atMost(0, of) : null,
    verdict: arm.role === 'reproduce' && expected ? verdict(arm, tally) : null,
    controlDirty: controlDirty(arm, tally, arms),
    needsConcurrency: needsConcurrency(arm, tally, arms),
    againstControl: againstControl(arm, tally, arms),
    blindReasons: tally.blindReasons,
    examples: tally.examples,
  };
}

function verdict(arm: ArmCounts, { iterations }: Tally): Verdict {
  if (iterations.count > 0) return 'reproduced';
  const isBlind = iterations.of === 0;
  return arm.valid < arm.planned / 2 || isBlind ? 'inconclusive' : 'not-reproduced';
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
): SignalResult['needsConcurrency'] {
  const alone = arms.find((other) => other.role === 'alone' && other.of === arm.name);
  if (alone === undefined && !arm.concurrent && iterations.count > 0) {
    const { count, of } = iterations;
    return { answer: 'no', p: null, alone: { count, of } };
  }
  if (alone === undefined) return { answer: 'not-tested', p: null, alone: { count: 0, of: 0 } };
  const { count, of } = tallyOf(alone, signal).iterations;
  if (of === 0 || iterations.of === 0) return { answer: 'undetermined', p: null, alone: { count, of } };
  const p = boschloo(iterations.count, iterations.of, count, of);
  const isHigher = iterations.count / iterations.of > count / of;
  if (isHigher && p < significance) return { answer: 'yes', p, alone: { count, of } };
  return { answer: count > 0 ? 'no' : 'undetermined', p, alone: { count, of } };
}

const significance = 0.05;

function againstControl(
  arm: ArmCounts,
  { signal, iterations }: Tally,
  arms: readonly ArmCounts[],
): SignalResult['againstControl'] {
  const control = controlsOf(arm, arms)[0];
  if (control === undefined) return null;
  const { count, of } = tallyOf(control, signal).iterations;
  const p = of === 0 || iterations.of === 0 ? null : boschloo(iterations.count, iterations.of, count, of);
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
