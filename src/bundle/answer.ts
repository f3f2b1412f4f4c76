import { bytesText } from '../reports/bytes.js';
import { terminalText } from '../reports/escape.js';
import { counted } from '../reports/numbers.js';
import { redactedSentence } from '../reports/redacted.js';
import { wrapWhole } from '../reports/width.js';
import type { Bundle } from './bundle.js';
import type { CutFile } from './fit-into.js';

/** What `bundle --json` prints. */
export interface BundleAnswer {
  readonly schemaVersion: 1;
  /** Absolute path of the zip. */
  readonly file: string;
  readonly bytes: number;
  /** Names inside of the zip, and bytes as unpacked. */
  readonly entries: Bundle['entries'];
  /** Files of logs with the lines and (about) the bytes that were left out of them. */
  readonly cut: readonly CutFile[];
  /** What was left out beside that, a clause each. */
  readonly leftOut: readonly string[];
  readonly redactions: Bundle['redactions'];
}

export function bundleAnswer(bundle: Bundle, file: string): BundleAnswer {
  const { zip, entries, cut, leftOut, redactions } = bundle;
  return { schemaVersion: 1, file, bytes: zip.length, entries, cut, leftOut, redactions };
}

/** What `bundle` prints: where it is, how large, what is inside, what was cut and redacted, and what to do with it. */
export function bundleText(bundle: Bundle, file: string, width = 80): string {
  const { name, zip, entries } = bundle;
  const inside = (entry: string): boolean => entries.some((one) => one.name === `${name}/${entry}`);
  const reports = ['report.html', 'report.md', 'issue.md'].filter(inside);
  const logs = entries.filter((one) => /\/(?:iterations|daemons)\//.test(one.name)).length;
  const script = 'reproduce/reproduce.sh';
  return [
    file,
    `${bytesText(zip.length)}, ${counted(entries.length, 'file')}: README.md, ${[...reports, ...(inside(script) ? [script] : [])].join(', ')}, ${counted(logs, 'log')}.`,
    ...leftOutSentences(bundle),
    redactedSentence(bundle.redactions),
    bundle.simulated
      ? 'It is of a simulated builder, and proves nothing: attach it to no report.'
      : `Attach it to the issue${inside('issue.md') ? ', whose body is issue.md' : ''}; look through it before: no list of secrets is complete.`,
    ...(inside(script) ? [`Unpacked, its ${script} runs the builds without buildrace.`] : []),
  ]
    .flatMap((sentence) => wrapWhole(terminalText(sentence), width))
    .join('\n');
}

function leftOutSentences({ cut, leftOut }: Bundle): string[] {
  const bytes = cut.reduce((sum, one) => sum + one.bytes, 0);
  return [
    ...(cut.length === 0
      ? []
      : [`Cut in the middle: ${counted(cut.length, 'log')}, by about ${bytesText(bytes)} in all.`]),
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join('; ')}.`]),
  ];
}
