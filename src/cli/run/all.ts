import { clearRemains } from '../../remains.js';
import type { HeldRun, RunResult } from '../../results/result.js';
import { findScenario, scenarioNames } from '../../scenario/library.js';
import { gravest, runExitCode } from '../exit-code.js';
import { tellGithub } from '../github.js';
import { listenForStop } from '../interrupt.js';
import { answer, answerJson, tell } from '../output.js';
import type { Chosen } from '../probes.js';
import { holdNothing } from './holder.js';
import { runOne } from './one.js';
import type { RunAllOptions } from './options.js';
import { type Pair, pairsOf } from './pairs.js';

/** Runs every scenario on every builder, one after the other; everything is checked before the first build. */
export async function runAll(options: RunAllOptions, choosing: Promise<Chosen>): Promise<number> {
  const scenarios = await Promise.all((options.scenarios ?? (await scenarioNames())).map(findScenario));
  const { chosen, aside, env } = await choosing;
  const { pairs, leftOut } = pairsOf(scenarios, chosen, options.scenarios !== null);
  for (const sentence of [...leftOut, ...(await clearRemains())]) tell(sentence);
  const holder =
    options.baseline === null
      ? holdNothing
      : await (await import('./hold-against.js')).makeHolder(options.baseline, options, pairs);
  const interrupt = listenForStop();
  const results: HeldRun[] = [];
  const codes: number[] = [];
  const once = async (pair: Pair, seed: number | null): Promise<RunResult> => {
    const result = await runOne(pair, { ...options, seed }, { aside, env }, interrupt);
    if (!options.json) answer((await import('../result-table.js')).resultTable(result));
    return result;
  };
  try {
    for (const pair of pairs) {
      if (interrupt.abort.aborted) break;
      const result = await once(pair, options.seed);
      const held = await holder.hold(result, () => once(pair, null), interrupt.abort);
      results.push(...held.runs);
      codes.push(held.exitCode, ...held.runs.map((run) => runExitCode(run, options.failOn, run.comparison)));
      const comparison = held.runs[0]?.comparison ?? null;
      if (!options.json && comparison !== null)
        answer((await import('../comparison-table.js')).comparisonTable(comparison));
    }
    if (options.json) answerJson({ schemaVersion: 1, runs: results });
    await tellGithub(results);
    const stopped = interrupt.exitCode();
    if (stopped !== null) tell('the finished iterations are kept, and analyze reads them');
    return stopped ?? gravest(codes);
  } finally {
    interrupt.release();
  }
}
