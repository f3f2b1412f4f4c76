import pc from 'picocolors';
import { renderComparison } from '../reports/comparison-table.js';
import type { Comparison } from '../results/comparison.js';
import { answerWidth, isLive } from './output.js';

/** A comparison for the reader of stdout. */
export function comparisonTable(comparison: Comparison): string {
  return renderComparison(comparison, {
    width: answerWidth(),
    colors: pc.createColors(isLive(process.stdout)),
  });
}
