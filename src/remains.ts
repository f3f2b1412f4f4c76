import { clearRemains as clearDaemons, removeScratch } from './builders/buildkitd/remains.js';
import { clearScratch } from './runner/scratch-owner.js';

/** Ends and removes what this user's runs left that were killed; one sentence for each thing. */
export async function clearRemains(): Promise<string[]> {
  // Daemons first: their mounts lie in the scratch folders.
  return [...(await clearDaemons()), ...(await clearScratch(removeScratch))];
}
