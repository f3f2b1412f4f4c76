import path from 'node:path';
import { armLanes } from '../../scenario/plan.js';
import type { IterationState } from './step.js';

/** Where a folder of this iteration lies; `{lane}` makes it one lane's own. */
export function folderOf(state: Pick<IterationState, 'scratch'>, folder: string, lane: string): string {
  return path.join(state.scratch, 'folders', folder.replaceAll('{lane}', lane));
}

/** All the folders that a name stands for, by the name with its lane filled in, and the lanes that share each. */
export function foldersOf(
  state: Pick<IterationState, 'scratch' | 'arm'>,
  folder: string,
): ReadonlyMap<string, { readonly path: string; readonly lanes: readonly string[] }> {
  const found = new Map<string, { path: string; lanes: string[] }>();
  for (const { name } of armLanes(state.arm)) {
    const filled = folder.replaceAll('{lane}', name);
    const one = found.get(filled) ?? { path: folderOf(state, folder, name), lanes: [] };
    one.lanes.push(name);
    found.set(filled, one);
  }
  return found;
}
