import type { RunResult } from '../results/result.js';
import { bannerOf } from './banner.js';
import type { Report } from './report.js';

/** Printable as it stands: JSON itself allows C1 controls, line separators and bidi controls unescaped. */
const unprintable = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

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
    const text = JSON.stringify(document, null, 2).replace(unprintable, escaped);
    return `${text}\n`;
  },
};

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
