import type { RunDetail } from '../../results/detail.js';

/** A file of the reproduction, by a path relative to its folder. */
export interface ReproductionFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly executable: boolean;
}

/** The builds of a run as a shell script that needs nothing of this tool, with the files that it builds from. */
export interface Reproduction {
  /** `reproduce.sh`: whole in itself, as it writes the other files where they are missing. */
  readonly script: string;
  /** What is built: Dockerfiles and their contexts. */
  readonly files: readonly ReproductionFile[];
  /** How it is called, and what it needs: a sentence each. */
  readonly usage: readonly string[];
  /** What of the run the script does not do, a clause each; empty: it does all that matters. */
  readonly leavesOut: readonly string[];
}

/** The reproduction of a run, or why there can be none (one clause). */
export function reproductionOf(detail: RunDetail): Reproduction | { readonly none: string } {
  return { none: detail.plan.arms.length === 0 ? 'the run has no arm' : 'not written yet' };
}
