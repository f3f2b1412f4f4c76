import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { systemReason, UserError } from '../errors.js';
import { layout } from './layout.js';

/**
 * Names of the run directories in a results folder, oldest first. Those are real folders (no links) that hold a plan;
 * baselines and whatever else lies there are none.
 * @throws {UserError} when the folder is missing or cannot be read.
 */
export async function runFolders(results: string): Promise<string[]> {
  const entries = await readdir(results, { withFileTypes: true }).catch((error: unknown) => {
    throw new UserError(`the results folder ${results} cannot be read (${systemReason(error)})`);
  });
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  const isRun = await Promise.all(names.map((name) => isFile(path.join(results, name, layout.plan))));
  return names.filter((_, i) => isRun[i]).sort();
}

async function isFile(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => null))?.isFile() === true;
}
