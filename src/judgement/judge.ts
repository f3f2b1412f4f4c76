import type { Detector, Finding, IterationEvidence } from '../detectors/detector.js';
import { detectors } from '../detectors/index.js';
import { UserError } from '../errors.js';
import type { IterationFinished } from '../results/journal.js';
import type { Plan, PlannedArm } from '../scenario/plan.js';
import type { Signal } from '../signals.js';
import { askedSignals } from './asked.js';
import { type ReadIteration, readIteration } from './evidence.js';
import { invalidReason } from './validity.js';

/** What one detector saw in one iteration. */
export interface Sight {
  readonly signal: Signal;
  readonly findings: readonly Finding[];
  /** Lanes that it could not look at, with the reason, where it found nothing in them. */
  readonly blind: ReadonlyMap<string | null, string>;
}

/** One iteration, judged. */
export interface Judgement {
  readonly read: ReadIteration;
  /** Why it does not count, or null. */
  readonly invalid: string | null;
  /** By all detectors that had something to look for, or were asked to; empty where it does not count. */
  readonly sights: readonly Sight[];
}

/** Reads an iteration's files and lets every detector look at them. */
export async function judgeIteration(
  directory: string,
  plan: Plan,
  arm: PlannedArm,
  event: IterationFinished,
): Promise<Judgement> {
  const read = await readIteration(directory, plan, event).catch((error: unknown) => {
    if (error instanceof UserError) return error;
    throw error;
  });
  // A log that is gone spoils its iteration, and no other one.
  if (read instanceof UserError) return withoutLogs(event, read.message);
  const invalid = invalidReason(arm, read);
  const looking = detectors.filter((detector) => plan.signals.includes(detector.signal));
  const asked = new Set(askedSignals(arm, plan.arms));
  return { read, invalid, sights: invalid === null ? looking.flatMap((one) => look(one, read, asked)) : [] };
}

function withoutLogs(event: IterationFinished, why: string): Judgement {
  const { builderGone } = event;
  const evidence = { lanes: [], builderGone, cacheChecks: [], daemonLog: null, daemonLogHidden: null };
  return { read: { event, lanes: [], evidence }, invalid: why, sights: [] };
}

function look(detector: Detector, { evidence }: ReadIteration, asked: ReadonlySet<Signal>): Sight[] {
  if (!detector.appliesTo(evidence))
    return asked.has(detector.signal) ? [nothingToSee(detector, evidence)] : [];
  const { findings, blind } = detector.detect(evidence);
  const found = new Set(findings.map((finding) => finding.lane));
  const unseen = blind
    .filter(({ lane }) => !found.has(lane))
    .map(({ lane, reason }) => [lane, reason] as const);
  return [{ signal: detector.signal, findings, blind: new Map(unseen) }];
}

/** A signal that the arm is asked about has an answer for each iteration: where it could not show, nobody could look. */
function nothingToSee({ signal, nothing }: Detector, { lanes }: IterationEvidence): Sight {
  const reason = nothing ?? 'there was nothing to look at';
  // Where all builds were to be ended in the middle no lane counts: without any, it would look as if nothing had shown.
  const whose = lanes.length === 0 ? [null] : lanes.map(({ lane }) => lane);
  return { signal, findings: [], blind: new Map(whose.map((lane) => [lane, reason])) };
}
