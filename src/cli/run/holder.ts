import { exitCodes } from '../../errors.js';
import type { HeldRun, RunResult } from '../../results/result.js';
import { endExitCode, gravest, runExitCode } from '../exit-code.js';
import { answer } from '../output.js';

/** Holds runs against what `--baseline` names. */
export interface Holder {
  /**
   * The run with what it says beside its base. A regression is run again first, and only then believed; that second run
   * comes with it.
   */
  hold(result: RunResult, runAgain: () => Promise<RunResult>, abort: AbortSignal): Promise<Held>;
}

/** Runs, held against what there was. */
export interface Held {
  readonly runs: readonly HeldRun[];
  /** 0, or that of a comparison that could not be made. */
  readonly exitCode: number;
}

/** The gravest code that runs, their ends and their comparisons ask for. */
export function heldExitCode({ runs, exitCode }: Held, failOn: string): number {
  return gravest([
    exitCode,
    ...runs.flatMap((run) => [endExitCode(run), runExitCode(run, failOn, run.comparison)]),
  ]);
}

/** Shows how the first of them stands beside its base, where it has one. */
export async function tellComparison({ runs }: Held): Promise<void> {
  const comparison = runs[0]?.comparison ?? null;
  if (comparison !== null) answer((await import('../comparison-table.js')).comparisonTable(comparison));
}

/** Runs are held against nothing. */
export const holdNothing: Holder = {
  hold: async (result) => ({ runs: [{ ...result, comparison: null }], exitCode: exitCodes.done }),
};
