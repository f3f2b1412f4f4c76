import { rm } from 'node:fs/promises';
import path from 'node:path';
import { stateArguments } from '../arguments.js';
import { ownState } from '../state.js';

/** `prune --state FOLDER`: forgets all contexts, and what killed builds left; images and the record stay. */
export async function prune(args: readonly string[]): Promise<number> {
  const { state } = stateArguments(args);
  ownState(state);
  for (const folder of ['fssync', 'builds']) {
    await rm(path.join(state, folder), { recursive: true, force: true });
  }
  return 0;
}
