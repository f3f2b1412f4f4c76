import type { Shard, Stopping, WindowSearch } from '../scenario/plan.js';
import type { Signal } from '../signals.js';
import type { Comparison } from './comparison.js';
import type { NumberStretch } from './iteration-numbers.js';
import type { KeptAtLimit } from './kept.js';

/** `result.json`, and one of `runs` in what `run --json` and `analyze --json` print. Rates are fractions, times ISO 8601 UTC. */
export interface RunResult {
  readonly schemaVersion: 1;
  readonly scenario: string;
  /** SHA-256 over the scenario's text and files. */
  readonly contentSha256: string;
  /** Absolute path of the run directory. */
  readonly directory: string;
  readonly builder: {
    readonly kind: string;
    readonly name: string | null;
    readonly version: string | null;
    readonly daemonVersion: string | null;
    readonly simulated: boolean;
  };
  /** The strongest of the expected signals' verdicts; null where no reproduce arm was in the plan. */
  readonly verdict: Verdict | null;
  readonly arms: readonly ArmResult[];
  readonly title: string;
  /** Upstream reports that the scenario stands for. */
  readonly reports: readonly string[];
  readonly startedAt: string;
  /** When the last event was written. */
  readonly finishedAt: string;
  /** Null, or why the plan was not carried out to its end (`stopped by SIGINT`, `the builder stopped answering: …`). */
  readonly stopped: string | null;
  readonly toolVersion: string;
  readonly environment: EnvironmentSummary;
  /** Errors of all builds, grouped by their text without ids, digests and numbers; the most frequent first. */
  readonly failures: readonly FailureGroup[];
  /** The command line that runs this again. */
  readonly again: string;
  /** What the order of the iterations followed from; null: arms took turns in the order of the plan. */
  readonly seed: number | null;
  readonly stopping: Stopping;
  /** The part of a plan that this is; null: all of it. */
  readonly shard: Shard | null;
  /** Which factor moves which rate, where arms are points of a sweep. */
  readonly sweep: SweepResult | null;
  /** Where it looked for the offset at which the fault shows. */
  readonly window: WindowResult | null;
  /** Its iterations, or those of its parts, were carried out on several machines; not there: on one. */
  readonly severalMachines?: true;
  /** The builder became another one while they were; not there: it did not. */
  readonly severalBuilders?: true;
  /** What the reader has to know before believing anything (a warm-up that failed, a log that was cut). */
  readonly warnings: readonly string[];
}

/** A sweep: the arms of the result that have a `point` are its cells. */
export interface SweepResult {
  readonly factors: readonly { readonly name: string; readonly levels: readonly string[] }[];
  /** Whether a factor moves a signal's rate in the points of one arm: a permutation test within the levels of the other factors; `pAdjusted` by Holm over all tests of the run. */
  readonly tests: readonly {
    /** The scenario's arm. */
    readonly arm: string;
    readonly signal: Signal;
    readonly factor: string;
    readonly p: number;
    readonly pAdjusted: number;
  }[];
}

/** A search for the offset between lanes. */
export interface WindowResult {
  readonly phase: WindowSearch['phase'];
  /** All points looked at before the rate was measured, by offset; those of this run too while it still searches. */
  readonly searched: readonly { readonly offsetMs: number; readonly count: number; readonly of: number }[];
  /** Offset that was measured afresh (`confirm`), or that it would choose (`search`); null where nothing was seen. */
  readonly bestMs: number | null;
  /** Names of the runs that searched, first to last; this one too while it still searches. */
  readonly runs: readonly string[];
}

export type Verdict = 'reproduced' | 'inconclusive' | 'not-reproduced';
export type Role = 'reproduce' | 'control' | 'alone';

export interface ArmResult {
  readonly name: string;
  readonly title: string | null;
  readonly role: Role;
  readonly of: string | null;
  readonly skipped: string | null;
  /** Which point of a sweep it is, with the scenario's arm that it is made of; null: none. */
  readonly point: { readonly arm: string; readonly factors: Readonly<Record<string, string>> } | null;
  readonly lanes: {
    readonly count: number;
    /** Median over the valid iterations of an upper limit for the time between the first and the last lane's start; null for one lane, or none. */
    readonly startSpreadMs: number | null;
    /** Delay after the gate of each lane, in ms. */
    readonly delaysMs: readonly number[];
    /** Builds of an iteration, over all of its steps. */
    readonly builds: number;
  };
  readonly iterations: { readonly planned: number; readonly valid: number; readonly invalid: number };
  /**
   * The numbers of the iterations that were carried out, in that order: one for each mark of a signal's `course`. They
   * have gaps in a part of a plan, and where a part or an end is missing. Not there in results of older versions.
   */
  readonly carriedOut?: readonly NumberStretch[];
  readonly invalidReasons: readonly { readonly reason: string; readonly count: number }[];
  /** What an iteration does, in order: `make-context files`, `build a, b`, `prune`. */
  readonly steps: readonly string[];
  readonly builds: { readonly total: number; readonly failed: number };
  readonly signals: readonly SignalResult[];
  /** The command of one lane, as it was called in the first iteration. */
  readonly command: readonly string[] | null;
  /** Which spelling of the platform each stage and instruction carried, over all builds of the arm: the most frequent ones. */
  readonly spellings: readonly Spelling[];
  /** How many pairs of step and spelling there are beside those, at least; 0: they are all. */
  readonly spellingsLeftOut: number;
}

export interface SignalResult {
  readonly signal: Signal;
  /** The scenario expects it in this arm. */
  readonly expected: boolean;
  /** Iterations in which it was seen, of those valid and not blind. */
  readonly iterations: { readonly count: number; readonly of: number; readonly blind: number };
  readonly builds: { readonly count: number; readonly of: number };
  /**
   * What each iteration showed, in the order in which they were carried out: `1` seen, `0` not, `-` blind, `x` invalid. The
   * cumulative rate follows from it.
   */
  readonly course: string;
  /** Wald–Wolfowitz runs test: p that sights clump together this much by chance; null where all were alike. */
  readonly drift: { readonly runs: number; readonly p: number } | null;
  /** What the sequential test says; null where the run did not stop by one, or nothing is asked of this signal here. */
  readonly sequential: {
    /** `at-least`: p1 or more. `at-most`: p0 or less. */
    readonly answer: 'at-least' | 'at-most' | 'open';
    readonly p0: number;
    readonly p1: number;
    readonly error: number;
  } | null;
  /** Two-sided 95 %: Wilson's where the number of iterations was fixed, a confidence sequence where it hung on what was seen; null when nothing could be looked at. */
  readonly interval: {
    readonly low: number;
    readonly high: number;
    readonly level: number;
    readonly method: string;
  } | null;
  /** Upper limit of the rate (Clopper–Pearson, one-sided 95 %; that of the confidence sequence where it stopped by a sequential test) where it was not seen, else null. */
  readonly atMost: number | null;
  /** For expected signals of reproduce arms, else null. */
  readonly verdict: Verdict | null;
  /** A control of this arm (or this control itself) showed it; null where no control could look. */
  readonly controlDirty: boolean | null;
  readonly needsConcurrency: {
    readonly answer: 'yes' | 'no' | 'undetermined' | 'not-tested';
    /** Boschloo, two-sided, reproduce arm against alone; null when not tested. */
    readonly p: number | null;
    readonly alone: { readonly count: number; readonly of: number };
  };
  /** Boschloo's p, reproduce arm against its control; null when there is none. */
  readonly againstControl: {
    readonly control: string;
    readonly p: number | null;
    readonly count: number;
    readonly of: number;
  } | null;
  readonly blindReasons: readonly { readonly reason: string; readonly count: number }[];
  /** The first sights, at most `maxExamples`. */
  readonly examples: readonly FindingExample[];
}

export const maxExamples = 3;

export interface FindingExample {
  /** From 1, within its arm. */
  readonly iteration: number;
  /** Null where it is the daemon's log that shows it. */
  readonly lane: string | null;
  readonly message: string;
  /** Log file, relative to the run directory. */
  readonly file: string;
  readonly evidence: readonly { readonly line: number; readonly text: string }[];
  /** Of a hang: what was kept at the time limit. */
  readonly kept?: KeptAtLimit;
}

export interface Spelling {
  readonly stage: string | null;
  readonly instruction: string;
  readonly platform: string;
  /** Builds in which that stage and instruction carried it. */
  readonly builds: number;
}

export interface FailureGroup {
  /** The error with ids, digests, paths' random parts and numbers taken out. */
  readonly text: string;
  readonly builds: number;
  readonly arms: readonly string[];
  readonly example: {
    readonly arm: string;
    readonly iteration: number;
    readonly lane: string;
    readonly file: string;
    readonly line: number;
    readonly text: string;
  };
}

export interface EnvironmentSummary {
  readonly os: string;
  readonly kernel: string;
  readonly arch: string;
  /** Tells machines apart without naming them; null: not recorded. */
  readonly host: string | null;
  readonly cpus: number;
  readonly cpuModel: string;
  readonly memoryBytes: number;
  /** Load average over one minute at the start of the run. */
  readonly load: number;
  readonly node: string;
  /** Output of the builder's own version commands. */
  readonly versionOutput: readonly { readonly command: string; readonly output: string }[];
}

/** A run, and what it said beside a base; null where it was held against none. */
export type HeldRun = RunResult & {
  readonly comparison: Comparison | null;
  /** Why the comparison that was asked for could not be made; not there where it was made, or no baseline fits. */
  readonly notCompared?: string;
};

/** What `run`, `analyze`, `resume` and `merge` print with `--json`. */
export interface RunsDocument {
  readonly schemaVersion: 1;
  readonly runs: readonly HeldRun[];
}
