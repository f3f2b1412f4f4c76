import type { ArmResult, RunResult, SignalResult } from '../../results/result.js';
import { type ArmRows, type Row, rowsOf } from '../rows.js';
import { isShownAsPoint } from '../swept.js';

/** An arm with what is held beside it: its controls, then its builds alone. */
export interface RateGroup {
  readonly arms: readonly ArmRows[];
}

/** Reproduce arms, each with its controls and its alone arms directly under it; arms of nobody by themselves. */
export function rateGroups(result: RunResult): readonly RateGroup[] {
  const rows = rowsOf(result).filter(({ arm }) => !isShownAsPoint(result, arm));
  const heads = rows.filter(
    ({ arm }) => arm.role === 'reproduce' || !rows.some((one) => isHeadOf(one.arm, arm)),
  );
  return heads.map((head) => ({
    arms: [head, ...under(rows, head.arm, 'control'), ...under(rows, head.arm, 'alone')],
  }));
}

function isHeadOf(head: ArmResult, arm: ArmResult): boolean {
  return head.role === 'reproduce' && arm.role !== 'reproduce' && arm.of === head.name;
}

function under(rows: readonly ArmRows[], head: ArmResult, role: ArmResult['role']): ArmRows[] {
  return rows.filter(({ arm }) => arm.role === role && isHeadOf(head, arm));
}

/** What a bar draws, in fractions. `rate` null: none is to be given, as the run stopped at a sight, or nobody looked. */
export interface Rate {
  readonly rate: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/** What is drawn beside a row of the table of rates; null where there is nothing to draw. */
export function rateOfRow(
  { stopping }: RunResult,
  arm: ArmResult,
  row: Row,
): { signal: SignalResult; rate: Rate } | null {
  const signal = arm.signals.find((one) => one.signal === row.signal);
  if (signal === undefined) return null;
  const { count, of } = signal.iterations;
  const isFirstSight = stopping.rule === 'first' && arm.role === 'reproduce' && count > 0;
  return {
    signal,
    rate: { rate: of === 0 || isFirstSight ? null : count / of, interval: signal.interval },
  };
}
