import { asMachineFault, UserError } from '../../errors.js';
import { clearRemains } from '../../remains.js';
import type { HeldRun, RunResult } from '../../results/result.js';
import { findScenario, scenarioNames } from '../../scenario/library.js';
import { gravest } from '../exit-code.js';
import { tellGithub } from '../github.js';
import { type Interrupt, stoppedWith } from '../interrupt.js';
import { answer, answerJson, goOnWithoutReader, tell } from '../output.js';
import type { Chosen } from '../probes.js';
import { resumeTexts } from '../resume-text.js';
import { type Holder, heldExitCode, holdNothing, tellComparison } from './holder.js';
import { runOne } from './one.js';
import type { RunAllOptions } from './options.js';
import { type Pair, pairsOf } from './pairs.js';

/** Runs every scenario on every builder, one after the other; everything is checked before the first build. */
export async function runAll(
  options: RunAllOptions,
  choosing: Promise<Chosen>,
  interrupt: Interrupt,
): Promise<number> {
  const scenarios = await Promise.all((options.scenarios ?? (await scenarioNames())).map(findScenario));
  const { chosen, aside, env } = await choosing;
  const { pairs, leftOut } = pairsOf(scenarios, chosen, options.scenarios !== null);
  for (const sentence of [...leftOut, ...(await clearRemains(options.results))]) tell(sentence);
  const holder = await holderFor(options, pairs);
  interrupt.begin();
  goOnWithoutReader();
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
      const result = await once(pair, options.seed).catch((error: unknown) => {
        const mendable = error instanceof UserError ? error : asMachineFault(error);
        if (mendable === null || results.length === 0) throw error;
        // What stopped this run stops the next ones, but those before it have something to say.
        tell(mendable.message);
        codes.push(mendable.exitCode);
        return null;
      });
      if (result === null) break;
      const held = await holder.hold(result, () => once(pair, null), interrupt.abort);
      results.push(...held.runs);
      codes.push(heldExitCode(held, options.failOn));
      if (!options.json) await tellComparison(held);
    }
    if (options.json) await answerJson({ schemaVersion: 1, runs: results });
    await tellGithub(results);
    for (const sentence of resumeTexts(results)) tell(sentence);
    return interrupt.exitCode() ?? gravest(codes);
  } catch (error) {
    return stoppedWith(error, interrupt);
  } finally {
    interrupt.release();
  }
}

async function holderFor(options: RunAllOptions, pairs: readonly Pair[]): Promise<Holder> {
  const { baseline, results } = options;
  if (baseline === null) return holdNothing;
  const { makeHolder } = await import('./hold-against.js');
  const { soughtFor } = await import('./sought.js');
  return makeHolder(baseline, results, await Promise.all(pairs.map((pair) => soughtFor(pair, options))));
}
