import { printableJson } from '../results/printable-json.js';
import type { RunResult } from '../results/result.js';
import { bannerOf } from './banner.js';
import type { Report } from './report.js';

/**
 * The document that `run --json` prints, with this run alone. `notice` is there for simulated runs only. Text is kept
 * as it is in the run, escaped so that a terminal that shows the document takes no orders from it.
 */
export const jsonReport: Report = {
  name: 'json',
  extension: 'json',
  render(result: RunResult): string {
    const banner = bannerOf(result);
    const document = {
      ...(banner === null ? {} : { notice: banner }),
      schemaVersion: 1,
      runs: [{ ...result, comparison: null }],
    };
    return `${printableJson(document)}\n`;
  },
};
