import type { Comparison, ComparisonRow, ComparisonVerdict } from '../../results/comparison.js';
import { gravestVerdict } from './compare.js';

/** What the other run says against the same base. */
export interface OtherRun {
  readonly comparison: Comparison;
  /** Where it did not come to its end: why, and how far it came. */
  readonly ended: string | null;
}

/**
 * What is left of a regression once the run was made again on fresh iterations: of the many rows of many nights some
 * will look worse by chance alone, but hardly the same one twice in a row. Other verdicts stay as they are.
 * `second`: what the other run says, or why there is none.
 */
export function confirmed(first: Comparison, second: OtherRun | string): Comparison {
  if (first.verdict !== 'regression') return first;
  const rows = first.rows.map((row) => confirmedRow(row, first, second));
  const verdict = gravestVerdict(rows);
  if (verdict === 'regression' && typeof second !== 'string') {
    const early = second.ended === null ? '' : `, although ${second.ended}`;
    const note = `another run, ${second.comparison.run.name}, says so too${early}`;
    return { ...first, rows, notes: [...first.notes, note] };
  }
  const withdrawn = first.rows
    .filter((row) => row.verdict === 'regression')
    .map((row) => answerTo(row, second));
  return { ...first, verdict, rows, reason: first.reason ?? whyNot(first, second, gravestOf(withdrawn)) };
}

function confirmedRow(row: ComparisonRow, first: Comparison, second: OtherRun | string): ComparisonRow {
  if (row.verdict !== 'regression') return row;
  const answer = answerTo(row, second);
  if (answer === 'regression') return row;
  return { ...row, verdict: 'undetermined', reason: whyNot(first, second, answer) };
}

/** What the other run says of a row; of one that it does not have nothing can be told. */
function answerTo(row: ComparisonRow, second: OtherRun | string): ComparisonVerdict {
  if (typeof second === 'string') return 'undetermined';
  return second.comparison.rows.find((one) => isSame(one, row))?.verdict ?? 'undetermined';
}

const isSame = (one: ComparisonRow, other: ComparisonRow): boolean =>
  one.arm === other.arm && one.signal === other.signal;

const gravestOf = (verdicts: readonly ComparisonVerdict[]): ComparisonVerdict =>
  gravestVerdict(verdicts.map((verdict) => ({ verdict })));

function whyNot(first: Comparison, second: OtherRun | string, answer: ComparisonVerdict): string {
  const shows = `${first.run.name} shows a regression, and`;
  if (typeof second === 'string') return `${shows} no other run confirms it: ${second}`;
  const { name } = second.comparison.run;
  if (second.ended !== null) return `${shows} ${name} does not confirm it: ${second.ended}`;
  return answer === 'undetermined'
    ? `${shows} ${name} does not confirm it`
    : `${shows} ${name}, which ran the same, does not`;
}
