import { exitCodes } from '../errors.js';
import type { Comparison } from '../results/comparison.js';
import type { RunResult } from '../results/result.js';
import { scratchVanished } from '../runner/vanished.js';

/** The exit code that one run's verdict asks for, or what it said beside a base. */
export function runExitCode(result: RunResult, failOn: string, comparison: Comparison | null = null): number {
  if (result.verdict === failOn) return exitCodes.failOn;
  if (comparison !== null && failOn === 'regression') {
    const code = comparisonExitCode(comparison, failOn);
    if (code !== exitCodes.done) return code;
  }
  if (result.verdict !== 'inconclusive') return exitCodes.done;
  const isGone = /^the builder (?:stopped answering|did not start)/.test(result.stopped ?? '');
  return isGone ? exitCodes.noBuilder : exitCodes.inconclusive;
}

/** The exit code that the end of a run asks for, whatever it showed: 2 where the user has to mend something first. */
export function endExitCode({ stopped }: Pick<RunResult, 'stopped'>): number {
  return stopped === scratchVanished ? exitCodes.usage : exitCodes.done;
}

/** The exit code that a comparison asks for. */
export function comparisonExitCode({ verdict }: Comparison, failOn: string): number {
  if (verdict === failOn) return exitCodes.failOn;
  return verdict === 'undetermined' ? exitCodes.inconclusive : exitCodes.done;
}

/** Of several runs the gravest counts (DESIGN, "Exit codes"). */
export function gravest(codes: readonly number[]): number {
  const order = [
    exitCodes.fault,
    exitCodes.usage,
    exitCodes.noBuilder,
    exitCodes.failOn,
    exitCodes.inconclusive,
  ];
  return order.find((code) => codes.includes(code)) ?? exitCodes.done;
}
