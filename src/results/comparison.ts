import type { Signal } from '../signals.js';
import type { Role, RunResult } from './result.js';

/** Of a run against a base. `regression`: the fault shows more often than there. */
export type ComparisonVerdict = 'regression' | 'improvement' | 'unchanged' | 'undetermined';

/** `compare --json`, and `comparison` of a run that was held against a baseline. Rates and differences are fractions. */
export interface Comparison {
  readonly schemaVersion: 1;
  /** The gravest row's: regression, undetermined, improvement, unchanged. */
  readonly verdict: ComparisonVerdict;
  readonly base: ComparedSide;
  readonly run: ComparedSide;
  /** A difference below it is none that one cares about. */
  readonly margin: number;
  /** Why nothing can be told although there are figures (another machine, a builder that changed meanwhile), or null. */
  readonly reason: string | null;
  /** What the reader has to know besides: an arm that only one side has, builders of two kinds. */
  readonly notes: readonly string[];
  readonly rows: readonly ComparisonRow[];
}

export interface ComparedSide {
  /** The run's name. */
  readonly name: string;
  /** The run directory, or the baseline's file. */
  readonly file: string;
  readonly isBaseline: boolean;
  /** Its name is null where none was recorded. */
  readonly builder: RunResult['builder'];
  readonly startedAt: string;
}

export interface ComparisonRow {
  readonly scenario: string;
  readonly arm: string;
  readonly role: Role;
  readonly signal: Signal;
  readonly expected: boolean;
  /** Iterations in which it was seen, of those valid and not blind. */
  readonly base: { readonly count: number; readonly of: number };
  readonly run: { readonly count: number; readonly of: number };
  /** Rate of the run minus rate of the base; null where one of them has nothing to count. */
  readonly difference: {
    readonly estimate: number;
    readonly low: number;
    readonly high: number;
    readonly level: number;
    readonly method: string;
  } | null;
  /** Boschloo, two-sided; null as above. */
  readonly p: number | null;
  /** By Holm over all rows. */
  readonly pAdjusted: number | null;
  readonly verdict: ComparisonVerdict;
  /** Why it is undetermined where the figures do not say it, or null. */
  readonly reason: string | null;
  /** Iterations of each side that would settle it at the rates seen; null where it is settled, or none within reason would. */
  readonly iterationsToSettle: number | null;
}
