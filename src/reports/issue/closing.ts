import type { Redaction, RunDetail } from '../../results/detail.js';
import { codeSpan, cut } from '../escape.js';
import { counted } from '../numbers.js';
import { redactedSentence } from '../redacted.js';
import { type Part, text } from './parts.js';
import { shortProse } from './words.js';

/** What was taken out of this report, and what made it. */
export function closing({ result, redactions }: RunDetail): Part[] {
  return [
    ...(redactions === null ? [] : [text(redactedText(redactions))]),
    text(
      `Measured with buildrace ${shortProse(result.toolVersion, 50)}: ${codeSpan(cut(result.again, 600))}`,
    ),
  ];
}

const maxKinds = 12;

/** As `redactedSentence`, with kinds that may hold somebody's pattern made harmless. */
function redactedText(redactions: readonly Redaction[]): string {
  if (redactions.length === 0) return redactedSentence([]);
  const shown = redactions.slice(0, maxKinds).map(({ kind, count }) => `${shortProse(kind, 100)} ${count}×`);
  const left = redactions.length - shown.length;
  return `Redacted: ${[...shown, ...(left > 0 ? [counted(left, 'more kind')] : [])].join(', ')}.`;
}
