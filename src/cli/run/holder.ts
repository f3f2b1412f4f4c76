import { exitCodes } from '../../errors.js';
import type { HeldRun, RunResult } from '../../results/result.js';

/** Holds runs against what `--baseline` names. */
export interface Holder {
  /**
   * The run with what it says beside its base. A regression is run again first, and only then believed; that second run
   * comes with it. The exit code is 0, or that of a comparison that could not be made.
   */
  hold(
    result: RunResult,
    runAgain: () => Promise<RunResult>,
    abort: AbortSignal,
  ): Promise<{ readonly runs: readonly HeldRun[]; readonly exitCode: number }>;
}

/** Runs are held against nothing. */
export const holdNothing: Holder = {
  hold: async (result) => ({ runs: [{ ...result, comparison: null }], exitCode: exitCodes.done }),
};
