import { lstatSync, mkdirSync } from 'node:fs';
import { UsageError } from './errors.js';

/**
 * The state folder, made for this user alone where it is missing. Its usual name lies in a folder that everybody writes
 * to, and can be guessed: what another user put there, or could change, would lead what is written into it elsewhere.
 * Throws `UsageError`.
 */
export function ownState(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UsageError(`the state folder ${folder} cannot be made (${(error as Error).message})`);
  }
  const found = lstatSync(folder);
  const isOwn = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o002) === 0;
  if (isOwn) return folder;
  throw new UsageError(
    `${folder} is not a folder that this user alone writes to: remove it, or name another state folder`,
  );
}
