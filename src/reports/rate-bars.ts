import { terminalText } from './escape.js';
import { rangeText } from './numbers.js';
import { columns, pad, wrap } from './width.js';

/** One rate: what it is the rate of, `count` of `of` iterations, and its interval (fractions; null: nobody could look). */
export interface RateRow {
  /** Raw; it may be other people's text. */
  readonly label: string;
  readonly count: number;
  readonly of: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** What stands behind the bar, such as the control's figures. */
  readonly beside?: string;
}

export interface RateBarsOptions {
  /** Columns; lines are never longer. */
  readonly width?: number;
  /** What stands above labels and `beside`; without it, there is no header. */
  readonly head?: { readonly label: string; readonly beside?: string };
}

/** What the bars are made of, for a line below them. */
export const barLegend = '█ to the lower limit, ▓ to the rate, ─ to the upper limit';

const gap = 2;
const indent = 2;
const widestBar = 20;
/** A shorter bar tells nothing. */
const shortestBar = 8;
const shortestLabel = 6;

/** A line for each rate: label, `2/10`, `6–51 %`, a bar from 0 to 1, and what stands beside it. */
export function rateBars(
  rows: readonly RateRow[],
  { width = 80, head }: RateBarsOptions = {},
): readonly string[] {
  const cells = rows.map((row) => ({
    row,
    label: terminalText(row.label),
    seen: row.of === 0 ? '–' : `${row.count}/${row.of}`,
    interval: row.interval === null ? '' : rangeText(row.interval.low, row.interval.high),
    beside: terminalText(row.beside ?? ''),
  }));
  const header = {
    label: terminalText(head?.label ?? ''),
    seen: head === undefined ? '' : 'SEEN',
    interval: head === undefined ? '' : 'INTERVAL',
    beside: terminalText(head?.beside ?? ''),
  };
  const widest = (key: keyof typeof header) =>
    Math.max(columns(header[key]), ...cells.map((cell) => columns(cell[key])));
  const fit = fitting(width, {
    label: widest('label'),
    seen: widest('seen'),
    interval: widest('interval'),
    beside: widest('beside'),
  });
  const line = (cell: typeof header, bar: string) =>
    ' '.repeat(indent) +
    [
      pad(shortened(cell.label, fit.label), fit.label),
      pad(cell.seen, widest('seen'), 'start'),
      pad(cell.interval, widest('interval'), 'start'),
      ...(fit.bar === 0 ? [] : [pad(bar, fit.bar)]),
      ...(fit.hasBeside ? [cell.beside] : []),
    ]
      .join(' '.repeat(gap))
      .trimEnd();
  return [
    ...(head === undefined ? [] : [line(header, '')]),
    ...cells.map((cell) => line(cell, rateBar(cell.row, fit.bar))),
  ];
}

interface Widths {
  readonly label: number;
  readonly seen: number;
  readonly interval: number;
  readonly beside: number;
}

/** Where there is too little room, the bar gets shorter, then it goes, then what stands beside it, then the labels' ends. */
function fitting(width: number, widths: Widths) {
  const figures = indent + gap + widths.seen + gap + widths.interval;
  const besideColumns = widths.beside === 0 ? 0 : gap + widths.beside;
  const forBar = width - figures - widths.label - besideColumns - gap;
  const bar = forBar < shortestBar ? 0 : Math.min(widestBar, forBar);
  const hasBeside = besideColumns > 0 && figures + shortestLabel + besideColumns <= width;
  const forLabel = width - figures - (hasBeside ? besideColumns : 0) - (bar === 0 ? 0 : gap + bar);
  return { bar, hasBeside, label: Math.max(1, Math.min(widths.label, forLabel)) };
}

/** `█` up to the lower limit, `▓` up to the rate, `─` up to the upper limit; a rate above 0 is never drawn as none. */
export function rateBar(
  { count, of, interval }: Pick<RateRow, 'count' | 'of' | 'interval'>,
  width = widestBar,
): string {
  if (of === 0) return '';
  const rate = count === 0 ? 0 : Math.max(1, Math.round((count / of) * width));
  const low = interval === null ? rate : Math.min(rate, Math.round(interval.low * width));
  const high = interval === null ? rate : Math.max(rate, Math.round(interval.high * width));
  return '█'.repeat(low) + '▓'.repeat(rate - low) + '─'.repeat(high - rate);
}

/** A text of at most that many columns, with an ellipsis where it was cut. */
export function shortened(text: string, width: number): string {
  return columns(text) <= width ? text : `${wrap(text, Math.max(1, width - 1))[0]?.trimEnd() ?? ''}…`;
}
