import pc from 'picocolors';
import { renderTable } from '../reports/table.js';
import type { RunResult } from '../results/result.js';
import { answerWidth, isLive } from './output.js';

/** A run's result for the reader of stdout. */
export function resultTable(result: RunResult): string {
  return renderTable(result, { width: answerWidth(), colors: pc.createColors(isLive(process.stdout)) });
}
