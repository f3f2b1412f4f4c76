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
import { codeCell, proseCell } from './escape.js';
import { pointsText } from './numbers.js';
import { markdownText } from './sentence.js';

/** A comparison as a part of a Markdown document: the verdict, the two sides, a table of rates. Ends without a newline. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { base, run, margin, reason, rows } = comparison;
  const header = ['Arm', 'Signal', 'Base', 'Run', 'Difference, points', 'p', 'Verdict'];
  const rule = ['---', '---', '--:', '--:', '--:', '--:', '---'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    markdownText([comparisonSentence(comparison)]),
    ...(run.builder.simulated ? [`**${simulatedBanner}**`] : []),
    [`- Base: ${markdownText([sideSentence(base)])}`, `- Run: ${markdownText([sideSentence(run)])}`].join(
      '\n',
    ),
    comparisonDoubts(comparison)
      .map((one) => `- ${markdownText([one])}`)
      .join('\n'),
    [line(header), line(rule), ...rows.map((row) => line(cellsOf(row, reason)))].join('\n'),
    `Differences with Newcombe's 95 % interval; p is Boschloo's, two-sided, adjusted by Holm over all rows; the margin is ${marginText(margin)}.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function cellsOf(row: ComparisonRow, reason: string | null): readonly string[] {
  const note = rowNote(row, reason);
  const verdict = row.verdict === 'regression' ? '**regression**' : row.verdict;
  return [
    codeCell(row.arm),
    codeCell(row.signal),
    rateText(row.base),
    rateText(row.run),
    row.difference === null ? '–' : pointsText(row.difference),
    adjustedText(row),
    note === null ? verdict : `${verdict}: ${proseCell(note)}`,
  ];
}
