import type { RunDetail } from '../../results/detail.js';
import { codeSpan, cut } from '../escape.js';
import { redactedSentence } from '../redacted.js';
import { type Part, text } from './parts.js';
import { shortProse } from './words.js';

/** What was taken out of this report, and what made it. */
export function closing({ result, redactions }: RunDetail): Part[] {
  return [
    ...(redactions === null ? [] : [text(shortProse(redactedSentence(redactions), 600))]),
    text(
      `Measured with buildrace ${shortProse(result.toolVersion, 50)}: ${codeSpan(cut(result.again, 600))}`,
    ),
  ];
}
