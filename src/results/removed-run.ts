import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.js';

/** Whether something has that name. What cannot be asked for is taken to be there. */
export async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT' && code !== 'ENOTDIR',
  );
}

/** What is told of a run directory, or a file in it, that somebody took away while the run wrote it. */
export async function removedRun(file: string): Promise<UserError> {
  const folder = path.dirname(file);
  const what = (await isThere(folder)) ? file : folder;
  return new UserError(
    `${what} was removed or moved away while the run wrote it, so that it ended: where the run directory was only moved, buildrace resume goes on with it, else run it afresh`,
  );
}
