import type { Redaction } from '../results/detail.js';

/** What was taken out of a report, by kind and count, in a sentence. */
export function redactedSentence(redactions: readonly Redaction[]): string {
  if (redactions.length === 0) return 'Redacted: nothing was found that had to be.';
  return `Redacted: ${redactions.map(({ kind, count }) => `${kind} ${count}×`).join(', ')}.`;
}
