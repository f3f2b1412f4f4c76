import type { RunResult, SignalResult } from '../results/result.js';
import { terminalText } from './escape.js';
import { barLegend, type RateRow, rateBars, shortened } from './rate-bars.js';
import { plainText } from './sentence.js';
import {
  controlRates,
  expectedSignals,
  moverSentence,
  ratesOf,
  type SweptArm,
  type SweptPoint,
  sweptArms,
  testText,
} from './swept.js';
import { columns, pad, wrap } from './width.js';

/** What a sweep shows of one signal in one arm. */
export interface SweepBlock {
  /** `copy-context: copy-from-failed`; raw. */
  readonly title: string;
  /** In lines of at most the page's width, with nothing in them that a terminal would obey. */
  readonly lines: readonly string[];
}

/** A longer level is cut: it may be any text. */
const widestLevel = 16;

/** A block for each swept arm and signal that it expects: rates by point, and which factor moves them. */
export function sweepBlocks(result: RunResult, width: number): readonly SweepBlock[] {
  return sweptArms(result).flatMap((arm) =>
    expectedSignals(arm).map((signal) => ({
      title: `${arm.name}: ${signal}`,
      lines: sweepLines(result, arm, signal, width),
    })),
  );
}

/** What the bars and the p of all blocks mean; nothing where there is no block. */
export function sweepLegend(result: RunResult, width: number): readonly string[] {
  if (sweptArms(result).length === 0) return [];
  const test = testText(result);
  return [barLegend, ...(test === null ? [] : [test])].flatMap((text) => wrap(text, width));
}

/** One block's lines: header, a row for each point with its control's figures, which factor moves the rate. */
export function sweepLines(
  result: RunResult,
  arm: SweptArm,
  signal: SignalResult['signal'],
  width: number,
): readonly string[] {
  const labels = labelling(arm.points);
  const hasControl = arm.points.some(({ controls }) => controls.length > 0);
  const rows = ratesOf(arm, signal).map(({ point, seen }): RateRow => {
    const { count, of } = seen?.iterations ?? { count: 0, of: 0 };
    const interval = seen?.interval ?? null;
    return { label: labels.of(point), count, of, interval, beside: controlText(point, signal) };
  });
  const head = { label: labels.head, ...(hasControl ? { beside: 'CONTROL' } : {}) };
  const movers = moverSentence(result, arm.name, signal);
  return [
    ...rateBars(rows, { width, head }),
    ...(movers === null ? [] : wrap(plainText([movers]), width - 2).map((line) => `  ${line}`)),
  ];
}

/** `0/10`, of several controls `0/10, 1/10`; `skipped` where the point was not run. */
export function controlText(point: SweptPoint, signal: SignalResult['signal']): string {
  if (point.arm.skipped !== null) return 'skipped';
  return controlRates(point, signal)
    .map(({ count, of }) => (of === 0 ? '–' : `${count}/${of}`))
    .join(', ');
}

/** Levels below their factors, in columns of one width. */
function labelling(points: readonly SweptPoint[]) {
  const factors = Object.keys(points[0]?.arm.point?.factors ?? {});
  const levelOf = ({ arm }: SweptPoint, factor: string) =>
    shortened(terminalText(arm.point?.factors[factor] ?? ''), widestLevel);
  const heads = factors.map((factor) => shortened(terminalText(factor.toUpperCase()), widestLevel));
  const widths = factors.map((factor, i) =>
    Math.max(columns(heads[i] ?? ''), ...points.map((point) => columns(levelOf(point, factor)))),
  );
  const line = (cells: readonly string[]) => cells.map((cell, i) => pad(cell, widths[i] ?? 0)).join('  ');
  return {
    head: line(heads),
    of: (point: SweptPoint) => line(factors.map((factor) => levelOf(point, factor))),
  };
}
