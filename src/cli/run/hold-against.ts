import path from 'node:path';
import { exitCodes, systemReason, UserError } from '../../errors.js';
import { refuseEmpty, refuseSearch, refuseUnlike } from '../../judgement/comparison/comparability.js';
import { compare } from '../../judgement/comparison/compare.js';
import { confirmed } from '../../judgement/comparison/confirm.js';
import { terminalText } from '../../reports/escape.js';
import { baselineOf } from '../../results/baseline.js';
import { type Comparable, comparableOf, isSameArm } from '../../results/comparable.js';
import { writeJson } from '../../results/directory.js';
import { layout } from '../../results/layout.js';
import type { HeldRun, RunResult } from '../../results/result.js';
import { readComparable } from '../comparables.js';
import { tell } from '../output.js';
import type { BaselineChoice } from './baseline.js';
import { fittingBaselines, saveCommand } from './fitting-baseline.js';
import { type Holder, holdNothing } from './holder.js';
import type { PlannedRun } from './sought.js';

/**
 * Reads what the runs are held against, before anything is run.
 * @throws {UserError} when it cannot be read, or does not fit what is going to run.
 */
export async function makeHolder(
  { named, margin }: BaselineChoice,
  results: string,
  planned: readonly PlannedRun[],
): Promise<Holder> {
  const baseFor =
    named === 'auto' ? await fittingBaselines(results, planned) : await oneBase(named, results, planned);
  return {
    async hold(result, runAgain, abort) {
      try {
        const run = comparableOf(result);
        const base = baseFor(run);
        if (base === null) {
          tell(terminalText(`no baseline fits this run; ${howToMakeOne(run, results)}`));
          return await holdNothing.hold(result, runAgain, abort);
        }
        const runs = await against(base, margin, result, runAgain, abort);
        await Promise.all(runs.map(keep));
        return { runs, exitCode: exitCodes.done };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        tell(terminalText(`not compared with the baseline: ${error.message}`));
        const run = { ...result, comparison: null, notCompared: error.message };
        return { runs: [run], exitCode: exitCodes.inconclusive };
      }
    },
  };
}

function howToMakeOne(run: Comparable, results: string): string {
  try {
    baselineOf(run);
    return `make one of it with: ${saveCommand(run, results)}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

async function oneBase(
  named: string,
  results: string,
  planned: readonly PlannedRun[],
): Promise<() => Comparable> {
  const base = await readComparable(named, results);
  refuseSearch(base);
  refuseEmpty(base);
  for (const { sought, arms } of planned) {
    refuseUnlike(base, sought);
    if (arms.some((arm) => base.arms.some((other) => isSameArm(arm, other)))) continue;
    const names = arms.map((arm) => arm.name).join(', ');
    throw new UserError(`${base.name} has no arm of this run (${names}), so there is nothing to compare`);
  }
  return () => base;
}

async function keep({ directory, comparison }: HeldRun): Promise<void> {
  await writeJson(path.join(directory, layout.comparison), comparison).catch((error: NodeJS.ErrnoException) =>
    tell(`${layout.comparison} could not be written to ${directory} (${systemReason(error)})`),
  );
}

async function against(
  base: Comparable,
  margin: number,
  result: RunResult,
  runAgain: () => Promise<RunResult>,
  abort: AbortSignal,
): Promise<HeldRun[]> {
  const first = compare(base, comparableOf(result), margin);
  if (first.verdict !== 'regression') return [{ ...result, comparison: first }];
  if (abort.aborted) return [{ ...result, comparison: confirmed(first, 'it was stopped before that') }];
  tell('a regression: it is run again on fresh iterations before it counts');
  try {
    const again = await runAgain();
    const second = compare(base, comparableOf(again), margin);
    return [
      { ...result, comparison: confirmed(first, { comparison: second, ended: earlyEnd(again) }) },
      { ...again, comparison: confirmed(second, { comparison: first, ended: earlyEnd(result) }) },
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ ...result, comparison: confirmed(first, error.message) }];
  }
}

function earlyEnd({ stopped, arms }: RunResult): string | null {
  if (stopped === null) return null;
  const counts = arms.map(({ iterations }) => iterations);
  const done = counts.reduce((sum, { valid, invalid }) => sum + valid + invalid, 0);
  const planned = counts.reduce((sum, one) => sum + one.planned, 0);
  return `it ended early (${stopped}) after ${done} of ${planned} iterations`;
}
