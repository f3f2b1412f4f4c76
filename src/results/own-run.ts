import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.js';
import { layout } from './layout.js';
import type { StoredRun } from './read.js';

/** A user, as far as rights to files hang on it. */
export interface FileUser {
  readonly uid: number;
  /** The primary group. */
  readonly gid: number;
}

/**
 * Refuses a run directory that another user wrote or can change: who goes on with a run executes what its plan says, and
 * believes what its journal says. Windows knows no such owners; rights of access lists are not looked at.
 * @throws {UserError} with the file and what mends it.
 */
export async function refuseForeign({
  directory,
  plan,
}: Pick<StoredRun, 'directory' | 'plan'>): Promise<void> {
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()];
  if (uid === undefined || gid === undefined) return;
  for (const name of ['', ...decisive(plan)]) {
    const file = path.join(directory, name);
    const found = await lstat(file).catch(() => null);
    if (found === null) continue;
    const foreign = foreignBy(found, { uid, gid });
    if (foreign === 'owner')
      throw new UserError(
        `${file} belongs to another user, and to resume a run is to build what it says: if you trust it, make it yours with chown`,
      );
    if (foreign === 'mode')
      throw new UserError(
        `${file} can be changed by other users, and to resume a run is to build what it says: if you trust it, call chmod -R go-w ${directory}`,
      );
  }
}

/** What decides what is built, and the folders in which a run writes. */
function decisive({ arms }: StoredRun['plan']): string[] {
  return [
    ...[layout.plan, layout.environment, layout.journal, layout.locks],
    ...['warm-up', 'daemons', 'iterations'],
    ...arms.map(({ name }) => path.join('iterations', name)),
  ];
}

/**
 * Why a file is not the user's alone, or root's; null where it is. Where each user has a group of their own (its number
 * is that of the user), files are often writable by it (umask 002): that lets nobody else in. A sticky folder does: it
 * keeps others from removing files, and not from adding them.
 */
export function foreignBy(
  { uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>,
  user: FileUser,
): 'owner' | 'mode' | null {
  if (uid !== user.uid && uid !== 0) return 'owner';
  const hasOwnGroup = user.gid === user.uid && gid === user.gid;
  const others = hasOwnGroup ? 0o002 : 0o022;
  return (mode & others) === 0 ? null : 'mode';
}
