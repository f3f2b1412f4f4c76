import type { LogLine } from '../progress/timeline.js';
import type { Signal } from '../signals.js';
import { timeLimit } from './blindness.js';
import type { Blindness, Detection, Finding, IterationEvidence, LaneEvidence } from './detector.js';

/** What looking at one lane gave: the fault, or why nobody could have seen it there, or null for a clean lane. */
export type Sight =
  | { readonly message: string; readonly evidence: readonly LogLine[] }
  | { readonly blind: string }
  | null;

/** Most lines that one finding carries: enough to see the fault, short enough for a bug report. */
export const maxEvidence = 6;

/** Looks at every lane on its own, so that one lane gives at most one finding or one blindness. */
export function lookAtLanes(
  signal: Signal,
  iteration: IterationEvidence,
  look: (lane: LaneEvidence) => Sight,
): Detection {
  const findings: Finding[] = [];
  const blind: Blindness[] = [];
  for (const lane of iteration.lanes) {
    const sight = look(lane);
    if (sight === null) continue;
    if ('blind' in sight) blind.push({ signal, lane: lane.lane, reason: sight.blind });
    else
      findings.push({
        signal,
        lane: lane.lane,
        message: sight.message,
        evidence: sight.evidence.slice(0, maxEvidence),
      });
  }
  return { findings, blind };
}

/**
 * The same for faults that show in how a build ends. One that was ended at its time limit did not end by itself: what
 * its log says of that is the harness's doing, and the find is `hang`.
 */
export function lookAtEnds(
  signal: Signal,
  iteration: IterationEvidence,
  look: (lane: LaneEvidence) => Sight,
): Detection {
  return lookAtLanes(signal, iteration, (lane) => (lane.timedOut ? { blind: timeLimit } : look(lane)));
}

export function orBlind(why: string | null): Sight {
  return why === null ? null : { blind: why };
}

/** For signals that make sense of any build. */
export const always = (): boolean => true;
