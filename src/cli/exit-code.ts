import { exitCodes } from '../errors.js';
import type { RunResult } from '../results/result.js';

/** The exit code that one run's verdict asks for. */
export function runExitCode(result: RunResult, failOn: string): number {
  if (result.verdict === failOn) return exitCodes.failOn;
  if (result.verdict !== 'inconclusive') return exitCodes.done;
  const isGone = /^the builder (?:stopped answering|did not start)/.test(result.stopped ?? '');
  return isGone ? exitCodes.noBuilder : exitCodes.inconclusive;
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
