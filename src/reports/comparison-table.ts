import type { Colors } from 'picocolors/types.js';
import type { Comparison, ComparisonRow } from '../results/comparison.js';
import { simulatedBanner } from './banner.js';
import {
  adjustedText,
  comparisonDoubts,
  comparisonSentence,
  marginText,
  rateText,
  rowNote,
  sideSentence,
} from './comparison-sentence.js';
import { terminalText } from './escape.js';
import { pointsText } from './numbers.js';
import { plainText } from './sentence.js';
import type { TableOptions } from './table.js';
import { withoutTrailingSpaces } from './trailing-spaces.js';
import { columns, pad, wrap } from './width.js';

/** Fewer columns than this hold no table. */
const minWidth = 40;
const indent = '  ';

/** A comparison for a terminal: the verdict, the two sides, and a line for each rate. Ends in a newline. */
export function renderComparison(comparison: Comparison, { width = 80, colors }: TableOptions): string {
  const limit = Math.max(minWidth, width);
  const wrapped = (text: string, paint = (part: string) => part) => wrap(text, limit).map(paint);
  const paint = tone(colors, comparison.verdict);
  const isSimulated = comparison.run.builder.simulated;
  const blocks = [
    wrapped(plainText([comparisonSentence(comparison)]), (part) => colors.bold(paint(part))),
    isSimulated ? wrapped(simulatedBanner, (part) => colors.bold(colors.yellow(part))) : [],
    [
      ...wrapped(`Base: ${plainText([sideSentence(comparison.base)])}`),
      ...wrapped(`Run:  ${plainText([sideSentence(comparison.run)])}`),
    ],
    comparisonDoubts(comparison).flatMap((one) => wrapped(plainText([one]))),
    rowLines(comparison, limit, colors),
    wrapped(
      `Differences are in percentage points with Newcombe's 95 % interval; p is Boschloo's, adjusted by Holm; the margin is ${marginText(comparison.margin)}.`,
      colors.dim,
    ),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map(withoutTrailingSpaces)
    .join('\n\n')}\n`;
}

const headers = ['', 'BASE', 'RUN', 'DIFFERENCE', 'P', 'VERDICT'] as const;

function rowLines({ rows, reason }: Comparison, limit: number, colors: Colors): string[] {
  const cells = rows.map(cellsOf);
  const widths = headers.map((header, i) =>
    Math.max(columns(header), ...cells.map((row) => columns(row[i] ?? ''))),
  );
  const lineOf = (texts: readonly string[]) =>
    indent +
    texts
      .map((text, i) => pad(text, widths[i] ?? 0, i === 0 || i === headers.length - 1 ? 'end' : 'start'))
      .join(indent)
      .trimEnd();
  const isTable = columns(lineOf(widths.map((one) => '-'.repeat(one)))) <= limit;
  const lines = isTable ? [colors.dim(lineOf(headers))] : [];
  rows.forEach((row, i) => {
    const texts = cells[i] ?? [];
    const paint = tone(colors, row.verdict);
    if (row.arm !== rows[i - 1]?.arm) lines.push(...wrap(headOf(row), limit).map(colors.bold));
    const prose = `${texts[0]}: ${texts[1]} then ${texts[2]}, ${texts[3]}, p ${texts[4]}: ${texts[5]}`;
    if (isTable) lines.push(paint(lineOf(texts)));
    else lines.push(...wrap(prose, limit - indent.length).map((part) => indent + paint(part)));
    const note = rowNote(row, reason);
    if (note === null) return;
    const room = limit - 2 * indent.length;
    lines.push(...wrap(terminalText(note), room).map((part) => indent + indent + colors.dim(part)));
  });
  return lines;
}

function headOf({ arm, role }: ComparisonRow): string {
  return terminalText(`${arm}: ${role}`);
}

function cellsOf(row: ComparisonRow): readonly string[] {
  return [
    row.signal,
    rateText(row.base),
    rateText(row.run),
    row.difference === null ? '–' : pointsText(row.difference),
    adjustedText(row),
    row.verdict === 'regression' ? 'REGRESSION' : row.verdict,
  ];
}

function tone(colors: Colors, verdict: Comparison['verdict']): (text: string) => string {
  const tones = {
    regression: colors.red,
    undetermined: colors.yellow,
    improvement: colors.green,
    unchanged: (text: string) => text,
  } as const;
  return tones[verdict];
}
