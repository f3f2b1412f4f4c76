/** `plan --json`: how long one has to run to know. Rates are fractions; iterations are those of each arm. */
export interface PlanAnswer {
  readonly schemaVersion: 1;
  readonly scenario: string;
  /** A fault of that rate shows at least once with that probability. */
  readonly see: ToSee;
  /** The same for usual rates and confidences. */
  readonly table: readonly ToSee[];
  readonly tell: ToTell;
  /** Null: nothing was measured. */
  readonly measured: Measured | null;
  /** What the figures above take here; empty where nothing was measured. */
  readonly estimates: readonly Estimate[];
}

export interface ToSee {
  readonly rate: number;
  readonly confidence: number;
  readonly iterations: number;
}

/** A rate of p0 or less told from one of p1 or more, each answer wrong with probability `error` at most. */
export interface ToTell {
  readonly p0: number;
  readonly p1: number;
  readonly error: number;
  /** A number fixed beforehand; null: more than a million. */
  readonly fixed: number | null;
  /** Mean number of the sequential test (`--until verdict`) at either rate; null: it may go on beyond 10000. */
  readonly sequential: { readonly atP0: number | null; readonly atP1: number | null };
}

/** A few iterations of all arms, carried out here. */
export interface Measured extends Measurement {
  /** Absolute path of the run directory. */
  readonly directory: string;
  readonly builder: {
    readonly kind: string;
    readonly version: string | null;
    readonly daemonVersion: string | null;
    readonly simulated: boolean;
  };
  readonly arms: readonly string[];
}

export interface Measurement {
  /** How many were measured. */
  readonly iterations: number;
  /** Of one iteration of all arms, one arm after the other. */
  readonly iterationMs: { readonly median: number; readonly low: number; readonly high: number };
  /** What comes before the first iteration. */
  readonly warmUpMs: number;
  /** Mean bytes that one iteration of all arms adds to the run directory. */
  readonly iterationBytes: number;
}

export interface Estimate {
  readonly of: 'see' | 'tell-fixed' | 'tell-at-p0' | 'tell-at-p1';
  /** Not whole where it is a mean. */
  readonly iterations: number;
  /** With the warm-up; by the median, the shortest and the longest iteration that was measured. */
  readonly ms: { readonly median: number; readonly low: number; readonly high: number };
  readonly bytes: number;
}
