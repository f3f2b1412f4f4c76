import type { Comparison, ComparisonRow } from '../../results/comparison.js';
import { gravestVerdict } from './compare.js';

/**
 * What is left of a regression once the run was made again on fresh iterations: of the many rows of many nights some
 * will look worse by chance alone, but hardly the same one twice in a row. Other verdicts stay as they are.
 * `second`: what the other run says against the same base, or why it says nothing.
 */
export function confirmed(first: Comparison, second: Comparison | string): Comparison {
  if (first.verdict !== 'regression') return first;
  const rows = first.rows.map((row) => confirmedRow(row, first, second));
  const verdict = gravestVerdict(rows);
  if (verdict === 'regression' && typeof second !== 'string') {
    return { ...first, rows, notes: [...first.notes, `another run, ${second.run.name}, says so too`] };
  }
  return { ...first, verdict, rows, reason: first.reason ?? whyNot(first, second) };
}

function confirmedRow(row: ComparisonRow, first: Comparison, second: Comparison | string): ComparisonRow {
  if (row.verdict !== 'regression') return row;
  const again = typeof second === 'string' ? null : second.rows.find((one) => isSame(one, row));
  if (again?.verdict === 'regression') return row;
  return { ...row, verdict: 'undetermined', reason: whyNot(first, second) };
}

const isSame = (one: ComparisonRow, other: ComparisonRow): boolean =>
  one.arm === other.arm && one.signal === other.signal;

function whyNot(first: Comparison, second: Comparison | string): string {
  return typeof second === 'string'
    ? `${first.run.name} shows a regression, and no other run confirms it: ${second}`
    : `${first.run.name} shows a regression, and ${second.run.name}, which ran the same, does not`;
}
