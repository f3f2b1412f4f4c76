import { existsSync } from 'node:fs';
import path from 'node:path';
import { isGone, isOver, isRunning, namesIn, pidWorld } from '../../processes/identity.js';
import { homeAt, isHome, removeTree } from './home.js';
import { endDaemon, isMarked, killStrays } from './mark.js';
import { type DaemonRecord, readRecords, recordsFolder, removeRecord, UntrustedFolder } from './records.js';

/** Nobody waits for the builds of a daemon that is left. */
const graceMs = 3_000;

/**
 * Ends the daemons of this user's runs that were killed, and removes what they left: mounts, folders, records. The run's
 * scratch folder stays, as it holds the notes by which the rest is found, and so does a daemon whose run is still there.
 * One sentence for each record that was dealt with.
 */
export async function clearRemains(folder: string = recordsFolder()): Promise<string[]> {
  const records = await trusted(folder);
  if (typeof records === 'string') return [records];
  const left = records.filter(isLeft);
  const told = [];
  for (const record of left) told.push(await clear(record, folder));
  return told;
}

/** What `clearRemains` would deal with; one sentence for each record. */
export async function findRemains(folder: string = recordsFolder()): Promise<string[]> {
  const records = await trusted(folder);
  if (typeof records === 'string') return [records];
  return records.filter(isLeft).map(({ id, daemon, home, bootId }) => {
    const isThere =
      daemon !== null && bootId === pidWorld().bootId && isRunning(daemon) && isMarked(daemon.pid, id);
    return isThere
      ? `A killed run left a daemon (pid ${daemon.pid}) in ${home}.`
      : `A killed run left ${home}.`;
  });
}

/** Whether its run is over. A daemon that may live and cannot be looked at keeps its home, until it can be. */
function isLeft({ owner, daemon, ...world }: DaemonRecord): boolean {
  if (!isOver(owner, world)) return false;
  if (daemon === null || isGone(daemon)) return true;
  const here = pidWorld().bootId;
  // Nothing follows from boots that are not known: one that may live is then neither ended nor passed over.
  if (here === '' || world.bootId === '') return false;
  return world.bootId !== here || isRunning(daemon);
}

/**
 * Ends the daemons whose homes lie in the scratch folder of a killed run, and removes it with all that is mounted there:
 * their records may be gone. What has a name of `keep` stays, and the folder with it. False when something else does.
 */
export async function removeScratch(scratch: string, keep: readonly string[] = []): Promise<boolean> {
  for (const name of namesIn(scratch)) {
    const home = homeAt(path.join(scratch, name));
    if (home !== null) await killStrays(home.id, home.folder);
  }
  if (keep.length === 0) return removeTree(scratch);
  const removed = [];
  for (const name of namesIn(scratch))
    if (!keep.includes(name)) removed.push(await removeTree(path.join(scratch, name)));
  return removed.every(Boolean);
}

async function trusted(folder: string): Promise<DaemonRecord[] | string> {
  try {
    return await readRecords(folder);
  } catch (error) {
    if (error instanceof UntrustedFolder) return error.message;
    throw error;
  }
}

async function clear(record: DaemonRecord, folder: string): Promise<string> {
  const { id, home } = record;
  const isGenuine = isHome({ id, folder: home });
  const ended = record.bootId === pidWorld().bootId && (await end(record, isGenuine));
  const daemon = ended ? `the daemon of a killed run (pid ${record.daemon?.pid})` : null;
  if (!isGenuine) {
    await removeRecord(id, folder);
    const what = existsSync(home) ? `${home} is no folder of such a daemon, and stays` : `${home} is gone`;
    return daemon === null ? `A killed run left no daemon: ${what}.` : `Ended ${daemon}; ${what}.`;
  }
  if (!(await removeTree(home))) {
    return `What a killed run left in ${home} cannot be removed: unmount what is mounted there, and remove it.`;
  }
  await removeRecord(id, folder);
  return daemon === null
    ? `Removed what the daemon of a killed run left: ${home}.`
    : `Ended ${daemon}, and removed what it left: ${home}.`;
}

/** Whether there was a daemon to end. Its mark is asked for as well: a record alone must not end anybody else. */
async function end({ id, daemon, home }: DaemonRecord, isGenuine: boolean): Promise<boolean> {
  const isThere = daemon !== null && isRunning(daemon) && isMarked(daemon.pid, id);
  if (isThere) await endDaemon(daemon, graceMs);
  if (isThere || isGenuine) await killStrays(id, isGenuine ? home : null);
  return isThere;
}
