import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.js';
import { layout } from './layout.js';
import type { StoredRun } from './read.js';

/** Folders in which a run that goes on writes files of the same names again. */
const writtenAgain = ['warm-up', 'daemons'];

/**
 * Refuses a run directory in which what a run writes or removes is a link: it may come from somebody else, and must not
 * lead out of itself.
 * @throws {UserError} with the link.
 */
export async function refuseLinks({ directory, plan }: Pick<StoredRun, 'directory' | 'plan'>): Promise<void> {
  const folders = ['iterations', ...plan.arms.map(({ name }) => path.join('iterations', name)), layout.locks];
  const files = [layout.journal, layout.log, layout.result, layout.comparison];
  for (const name of folders) await refuseLink(path.join(directory, name));
  for (const name of files) await refuseLink(path.join(directory, name));
  for (const name of writtenAgain) await refuseLinksBelow(path.join(directory, name));
}

async function refuseLinksBelow(folder: string): Promise<void> {
  await refuseLink(folder);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    await (entry.isDirectory() ? refuseLinksBelow(file) : refuseLink(file));
  }
}

async function refuseLink(file: string): Promise<void> {
  const found = await lstat(file).catch(() => null);
  if (found === null || found.isDirectory() || found.isFile()) return;
  throw new UserError(
    `${file} is a link or no ordinary file, and a run is not written through it: remove it`,
  );
}
