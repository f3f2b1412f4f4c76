import { clearRemains as clearDaemons, findRemains as findDaemons } from './builders/buildkitd/remains.js';
import { clearScratch, findScratch } from './remains/scratch.js';
import { clearUnfinished, findUnfinished } from './results/unfinished.js';

/**
 * Ends and removes what this user's runs left that were killed, also in a results folder where one is named; one sentence
 * for each thing.
 */
export async function clearRemains(results: string | null = null): Promise<string[]> {
  return [
    // Daemons first: their mounts lie in the scratch folders.
    ...(await clearDaemons()),
    ...(await clearScratch()),
    ...(results === null ? [] : await clearUnfinished(results)),
  ];
}

/** What this user's runs left that were killed; one sentence for each thing, and nothing is changed. */
export async function findRemains(results: string | null = null): Promise<string[]> {
  return [
    ...(await findDaemons()),
    ...(await findScratch()),
    ...(results === null ? [] : await findUnfinished(results)),
  ];
}
