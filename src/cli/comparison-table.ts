import pc from 'picocolors';
import { renderComparison } from '../reports/comparison-table.js';
import type { Comparison } from '../results/comparison.js';
import { isLive } from './output.js';

/** A comparison for the reader of stdout: as wide as the terminal, within reason, and 80 columns elsewhere. */
export function comparisonTable(comparison: Comparison): string {
  const width = process.stdout.isTTY ? Math.min(process.stdout.columns, 120) : 80;
  return renderComparison(comparison, { width, colors: pc.createColors(isLive(process.stdout)) });
}
