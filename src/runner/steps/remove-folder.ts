import { rm } from 'node:fs/promises';
import { foldersOf } from './folder-of.js';
import type { StepAction } from './step.js';

export const removeFolder: StepAction<'remove-folder'> = async ({ folder }, state) => {
  for (const { path } of foldersOf(state, folder).values()) {
    await rm(path, { recursive: true, force: true });
  }
};
