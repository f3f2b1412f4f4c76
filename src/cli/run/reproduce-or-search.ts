import { type ReproduceOptions, reproduce } from '../../reproduce.js';
import type { RunResult } from '../../results/result.js';
import { tell } from '../output.js';
import { commandLine } from './command-line.js';
import type { RunAllOptions } from './options.js';

/** Carries a scenario out as the command line asks: as it is, or with a search for the offset between its lanes before. */
export async function reproduceOrSearch(asked: RunAllOptions, options: ReproduceOptions): Promise<RunResult> {
  if (asked.window === null) return reproduce(options);
  const { findWindow } = await import('../../find-window.js');
  const { scenario, chosen } = options;
  return findWindow(options, {
    ...asked.window,
    tell,
    againAt: (seed, delaysMs, iterations) =>
      commandLine(scenario, chosen, {
        ...asked,
        window: null,
        overrides: { ...asked.overrides, delaysMs, iterations },
        seed,
      }),
  });
}
