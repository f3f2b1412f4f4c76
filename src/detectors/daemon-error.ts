import type { Detection, Detector, IterationEvidence } from './detector.js';
import { maxEvidence } from './lanes.js';
import { quoted } from './lines.js';

/** What BuildKit's daemon, its scheduler and the Go runtime and race detector print when they find themselves wrong. */
const patterns: readonly RegExp[] = [
  /\bpanic: /,
  /\bfatal error: /,
  /\bWARNING: DATA RACE\b/,
  /\binconsistent graph state\b/,
  /\breturn leaving (?:\d+ )?(?:incoming|outgoing) open\b/,
  /\bhealthcheck failed fatally\b/,
];

/** The daemon's own log tells of trouble; no lane of the iteration need have noticed. */
export const daemonError: Detector = {
  signal: 'daemon-error',
  summary: 'the daemon logged a panic, a data race or an inconsistent state',
  appliesTo: (iteration) => iteration.daemonLog !== null,
  detect,
};

function detect({ daemonLog }: IterationEvidence): Detection {
  const signal = 'daemon-error';
  if (daemonLog === null) {
    return { findings: [], blind: [{ signal, lane: null, reason: "the daemon's log was not kept" }] };
  }
  const lines = daemonLog.filter(({ text }) => patterns.some((pattern) => pattern.test(text)));
  const [first] = lines;
  if (first === undefined) return { findings: [], blind: [] };
  const others = lines.length > 1 ? `; and ${lines.length - 1} more` : '';
  const message = `the daemon logged: ${quoted(first.text, 200)}${others}`;
  return { findings: [{ signal, lane: null, message, evidence: lines.slice(0, maxEvidence) }], blind: [] };
}
