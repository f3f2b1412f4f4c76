import { clearRemains } from '../remains.js';
import { reproduce } from '../reproduce.js';
import type { RunResult } from '../results/result.js';
import { findScenario, scenarioNames } from '../scenario/library.js';
import { commandLine } from './command-line.js';
import { gravest, runExitCode } from './exit-code.js';
import { listenForStop } from './interrupt.js';
import { watchRun } from './live/watch.js';
import { answer, answerJson, tell } from './output.js';
import { pairsOf } from './pairs.js';
import type { Chosen } from './probes.js';
import type { RunAllOptions } from './run-options.js';

/** Runs every scenario on every builder, one after the other; everything is checked before the first build. */
export async function runAll(options: RunAllOptions, choosing: Promise<Chosen>): Promise<number> {
  const scenarios = await Promise.all((options.scenarios ?? (await scenarioNames())).map(findScenario));
  const { chosen, aside, env } = await choosing;
  const { pairs, leftOut } = pairsOf(scenarios, chosen, options.scenarios !== null);
  for (const sentence of [...leftOut, ...(await clearRemains())]) tell(sentence);
  const interrupt = listenForStop();
  const results: RunResult[] = [];
  try {
    for (const { scenario, builder } of pairs) {
      if (interrupt.abort.aborted) break;
      const watch = await watchRun(builder);
      const result = await reproduce({
        scenario,
        chosen: builder,
        overrides: options.overrides,
        timeoutMs: options.timeoutMs,
        seed: options.seed,
        stopping: options.stopping,
        maxTimeMs: options.maxTimeMs,
        shard: options.shard,
        window: null,
        registry: options.registry,
        destructive: options.destructive,
        results: options.results,
        env,
        aside,
        abort: interrupt.abort,
        again: (seed) => commandLine(scenario, builder, { ...options, seed }),
        ...watch.hooks,
      }).finally(() => watch.end());
      results.push(result);
      if (!options.json) answer((await import('./result-table.js')).resultTable(result));
    }
    if (options.json) answerJson({ schemaVersion: 1, runs: results });
    const stopped = interrupt.exitCode();
    if (stopped !== null) tell('the finished iterations are kept, and analyze reads them');
    return stopped ?? gravest(results.map((result) => runExitCode(result, options.failOn)));
  } finally {
    interrupt.release();
  }
}
