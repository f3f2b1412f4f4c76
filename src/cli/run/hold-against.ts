import path from 'node:path';
import { exitCodes, systemReason, UserError } from '../../errors.js';
import { refuseEmpty, refuseUnlike } from '../../judgement/comparison/comparability.js';
import { compare } from '../../judgement/comparison/compare.js';
import { confirmed } from '../../judgement/comparison/confirm.js';
import { shellWord, terminalText } from '../../reports/escape.js';
import { listBaselines, nearestBaseline } from '../../results/baselines.js';
import { type Comparable, comparableOf } from '../../results/comparable.js';
import { writeJson } from '../../results/directory.js';
import { layout } from '../../results/layout.js';
import type { HeldRun, RunResult } from '../../results/result.js';
import { contentHash, dockerfileFolder, readFolder } from '../../scenario/folder.js';
import { readComparable } from '../comparables.js';
import { tell } from '../output.js';
import type { BaselineChoice } from './baseline.js';
import { type Holder, holdNothing } from './holder.js';
import type { Pair } from './pairs.js';

/**
 * Reads the base, before anything is run where it has a name.
 * @throws {UserError} when it cannot be read, or does not fit what is going to run.
 */
export async function makeHolder(
  { named, margin }: BaselineChoice,
  results: string,
  pairs: readonly Pair[],
): Promise<Holder> {
  const base = named === 'auto' ? null : await readComparable(named, results);
  if (base !== null) await refuseMisfit(base, pairs);
  return {
    async hold(result, runAgain, abort) {
      const fitting = base ?? (await fittingBaseline(result, results));
      if (fitting === null) return holdNothing.hold(result, runAgain, abort);
      const held = await against(fitting, margin, result, runAgain, abort).catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        tell(terminalText(`not compared with the baseline: ${error.message}`));
        return null;
      });
      if (held === null) return { runs: [{ ...result, comparison: null }], exitCode: exitCodes.inconclusive };
      for (const { directory, comparison } of held) {
        await writeJson(path.join(directory, layout.comparison), comparison).catch(
          (error: NodeJS.ErrnoException) =>
            tell(`${layout.comparison} could not be written to ${directory} (${systemReason(error)})`),
        );
      }
      return { runs: held, exitCode: exitCodes.done };
    },
  };
}

async function refuseMisfit(base: Comparable, pairs: readonly Pair[]): Promise<void> {
  refuseEmpty(base);
  for (const { scenario, builder } of pairs) {
    const files = await readFolder(await dockerfileFolder(scenario.file, scenario.source.dockerfiles));
    refuseUnlike(base, {
      name: 'this run',
      scenario: scenario.name,
      contentSha256: contentHash(scenario.text, files),
      builder: { simulated: builder.builder.simulated },
    });
  }
}

async function fittingBaseline(result: RunResult, results: string): Promise<Comparable | null> {
  const { baselines, problems } = await listBaselines(results);
  for (const problem of problems) tell(terminalText(problem));
  const run = comparableOf(result);
  const found = nearestBaseline(run, baselines);
  if (found === null) {
    const out = results === 'results' ? '' : ` --out ${shellWord(results)}`;
    tell(`no baseline fits this run; make one of it with: buildrace baseline save ${run.name}${out}`);
  }
  return found;
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
      { ...result, comparison: confirmed(first, second) },
      { ...again, comparison: confirmed(second, first) },
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ ...result, comparison: confirmed(first, error.message) }];
  }
}
