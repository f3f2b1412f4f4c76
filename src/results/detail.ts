import type { LogLine, Step } from '../progress/timeline.js';
import type { Plan } from '../scenario/plan.js';
import type { Signal } from '../signals.js';
import type { Environment } from './environment.js';
import type { LaneRecord } from './journal.js';
import type { KeptAtLimit } from './kept.js';
import type { LogText } from './log-text.js';
import type { RunResult } from './result.js';

/**
 * What a report shows of a run beyond its counts: single iterations with their lanes' timelines and logs. Plain data,
 * read by `details/`, with secrets taken out by `redaction/`, and shown by reports that are pure functions of it.
 */
export interface RunDetail {
  readonly result: RunResult;
  readonly plan: Plan;
  readonly environment: Environment;
  /** Those that are shown, in the order in which they were carried out; `firstFailing` and `clean` are among them. */
  readonly iterations: readonly IterationDetail[];
  /** Finished iterations of the run that are not among `iterations`. */
  readonly omitted: number;
  /** The first in which a reproduce arm showed what it expects (else: anything); null: none did. */
  readonly firstFailing: IterationName | null;
  /** One that shows nothing, to hold beside it: of its control where there is one; null: there is none. */
  readonly clean: IterationName | null;
  /** The whole logs of private daemons. */
  readonly daemons: readonly { readonly name: string; readonly log: LogText }[];
  /** What was taken out, by kind; null: nobody has looked yet. */
  readonly redactions: readonly Redaction[] | null;
}

/** `count` places of the report in which something of that kind was replaced. */
export interface Redaction {
  readonly kind: string;
  readonly count: number;
}

export interface IterationName {
  readonly arm: string;
  /** From 1, within the arm. */
  readonly iteration: number;
}

export interface IterationDetail extends IterationName {
  /** When it had finished, ISO 8601. */
  readonly at: string;
  /** Why it does not count, or null. */
  readonly invalid: string | null;
  readonly findings: readonly FindingDetail[];
  /** Where somebody could not look, and why; `lane` null: the iteration as a whole. */
  readonly blind: readonly {
    readonly signal: Signal;
    readonly lane: string | null;
    readonly reason: string;
  }[];
  /** In the order of the plan; cancelled ones too. */
  readonly lanes: readonly LaneDetail[];
  /** The end of the last lane, or of a step where one ends later, on the iteration's clock, which begins with its first lane's step. */
  readonly spanMs: number;
  /** What a private daemon logged meanwhile, null where it was not ours. */
  readonly daemonLog: LogText | null;
  readonly builderGone: string | null;
}

export interface FindingDetail {
  readonly signal: Signal;
  /** Whether the arm expects it. */
  readonly expected: boolean;
  /** Null: the daemon's log shows it. */
  readonly lane: string | null;
  readonly message: string;
  /** By line of the lane's log (`LaneDetail.log`), or of `daemonLog`. */
  readonly evidence: readonly LogLine[];
  /** Of a hang: what was kept at the time limit. */
  readonly kept?: KeptAtLimit;
}

export interface LaneDetail {
  readonly record: LaneRecord;
  /** Which build step of the arm it belongs to, from 0. */
  readonly step: number;
  readonly outcome: 'succeeded' | 'failed' | 'unknown';
  /** Start and end of the lane's program on the iteration's clock, in ms; null: not known. */
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly format: string;
  /** Why the log is believed to end in the middle, or null. */
  readonly truncated: string | null;
  /** The build's own closing error. */
  readonly error: LogLine | null;
  /** At most `maxShownSteps`: those that a finding marks or that failed first, in order of their lines. */
  readonly steps: readonly TimedStep[];
  readonly stepsOmitted: number;
  readonly log: LogText;
  /** What was kept of it at its time limit: its processes, the daemon's goroutines; missing where nothing was. */
  readonly kept?: readonly LogText[];
}

export const maxShownSteps = 250;

/** A step of a lane on the iteration's clock. */
export interface TimedStep
  extends Pick<
    Step,
    | 'index'
    | 'name'
    | 'stage'
    | 'platform'
    | 'instruction'
    | 'text'
    | 'from'
    | 'internal'
    | 'status'
    | 'error'
    | 'line'
  > {
  /** In ms from the iteration's zero, never below; null where the log does not tell. */
  readonly startMs: number | null;
  readonly endMs: number | null;
  /** Whose clock: the builder's own, or when the lines arrived here. */
  readonly clock: 'builder' | 'arrival' | null;
  /** Signals whose findings name one of its lines. */
  readonly marked: readonly Signal[];
  /** Index, in the lane's `steps`, of the last step of the stage that its `--from` names; null: none. */
  readonly source: number | null;
}
