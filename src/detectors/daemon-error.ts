import type { LogLine } from '../progress/timeline.js';
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
  appliesTo: ({ daemonLog, daemonLogHidden }) => daemonLog !== null || daemonLogHidden !== null,
  nothing: 'the daemon’s log was not kept',
  detect,
};

function detect({ daemonLog, daemonLogHidden }: IterationEvidence): Detection {
  const signal = 'daemon-error';
  const blindFor = (reason: string): Detection => ({ findings: [], blind: [{ signal, lane: null, reason }] });
  if (daemonLog === null) return blindFor(daemonLogHidden ?? "the daemon's log was not kept");
  const evidence: LogLine[] = [];
  let count = 0;
  for (const line of daemonLog) {
    if (!patterns.some((pattern) => pattern.test(line.text))) continue;
    if (count++ < maxEvidence) evidence.push(line);
  }
  const [first] = evidence;
  if (first === undefined)
    return daemonLogHidden === null ? { findings: [], blind: [] } : blindFor(daemonLogHidden);
  const others = count > 1 ? `; and ${count - 1} more` : '';
  const message = `the daemon logged: ${quoted(first.text, 200)}${others}`;
  return { findings: [{ signal, lane: null, message, evidence }], blind: [] };
}
