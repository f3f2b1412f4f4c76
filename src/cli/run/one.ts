import type { RunResult } from '../../results/result.js';
import type { Interrupt } from '../interrupt.js';
import { watchRun } from '../live/watch.js';
import type { Chosen } from '../probes.js';
import { commandLine } from './command-line.js';
import type { RunAllOptions } from './options.js';
import type { Pair } from './pairs.js';
import { reproduceOrSearch } from './reproduce-or-search.js';

/** Runs one scenario on one builder as the command line asks for it, shown on stderr while it happens. */
export async function runOne(
  { scenario, builder }: Pair,
  options: RunAllOptions,
  { env, aside }: Pick<Chosen, 'env' | 'aside'>,
  { abort }: Interrupt,
): Promise<RunResult> {
  const watch = await watchRun(builder);
  return reproduceOrSearch(options, {
    scenario,
    chosen: builder,
    overrides: options.overrides,
    timeoutMs: options.timeoutMs,
    seed: options.seed,
    stopping: options.stopping,
    maxTimeMs: options.maxTimeMs,
    shard: options.shard,
    window: null,
    maxLogBytes: options.maxLogBytes,
    judgedBy: { failOn: options.failOn, baseline: options.baseline },
    registry: options.registry,
    destructive: options.destructive,
    results: options.results,
    env,
    aside,
    abort,
    again: (seed) => commandLine(scenario, builder, { ...options, seed }),
    ...watch.hooks,
  }).finally(() => watch.end());
}
