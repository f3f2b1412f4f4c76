import type { TimedStep } from '../../../results/detail.js';
import type { Band } from './band.js';
import { mergedName, statusText, stepName } from './words.js';

/** A step of the lanes that carried it out; `cells` has one text for each lane, empty where it had no such step. */
export interface TableRow {
  readonly name: string;
  readonly cells: readonly string[];
}

/**
 * The steps of all lanes, those of one name in one row. A cell is `#7 117–217`: number in the log, start and end in ms,
 * then its status where it is not just done.
 */
export function tableRows(bands: readonly Band[]): TableRow[] {
  const rows = new Map<string, { name: string; cells: string[] }>();
  for (const [lane, band] of bands.entries()) {
    const seen = new Map<string, number>();
    const put = (name: string, cell: string): void => {
      const occurrence = (seen.get(name) ?? 0) + 1;
      seen.set(name, occurrence);
      const key = `${occurrence} ${name}`;
      const row = rows.get(key) ?? { name, cells: bands.map(() => '') };
      row.cells[lane] = cell;
      rows.set(key, row);
    };
    for (const { steps, startMs, endMs } of band.bars) {
      const [step] = steps;
      if (step === undefined) continue;
      const times = [...new Set([startMs, endMs].map((ms) => `${Math.round(ms)}`.replace('-', '−')))];
      const isOne = steps.length === 1;
      put(isOne ? stepName(step) : mergedName(steps), cellOf(step, times.join('–'), isOne));
    }
    for (const step of band.timeless) put(stepName(step), cellOf(step, 'no times', true));
  }
  return [...rows.values()];
}

function cellOf(step: TimedStep, times: string, withStatus: boolean): string {
  const status = withStatus ? statusText(step) : '';
  return `#${step.index} ${times}${status === '' ? '' : ` ${status}`}`;
}
