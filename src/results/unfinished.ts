import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { layout } from './layout.js';
import { isAbandoned } from './lock.js';

/** A run directory that is being made has such a name until all that makes it a run is in it. */
const unfinishedName = /^\.(?:starting|merging)-/;
/** Its maker takes the lock right after it made the folder. */
const lockedWithinMs = 60_000;

/** Run directories that were being made in a results folder when their maker was killed; one sentence each. */
export async function findUnfinished(results: string): Promise<string[]> {
  const folders = await unfinishedIn(results);
  return folders.map((folder) => `A killed run left ${folder}.`);
}

/**
 * Removes them. A folder goes only where it has lock files and whoever wrote these is over, or where it is empty.
 * @returns one sentence for each.
 */
export async function clearUnfinished(results: string): Promise<string[]> {
  const told: string[] = [];
  for (const folder of await unfinishedIn(results)) {
    told.push(
      (await remove(folder))
        ? `Removed what a killed run left: ${folder}.`
        : `What a killed run left in ${folder} cannot be removed.`,
    );
  }
  return told;
}

async function unfinishedIn(results: string): Promise<string[]> {
  const names = await namesIn(results);
  const found: string[] = [];
  for (const name of names.filter((one) => unfinishedName.test(one)).sort()) {
    const folder = path.join(path.resolve(results), name);
    if (!(await isOwn(folder))) continue;
    if ((await isAbandoned(folder)) || (await isForgotten(folder))) found.push(folder);
  }
  return found;
}

async function isOwn(folder: string): Promise<boolean> {
  const stat = await lstat(folder).catch(() => null);
  return stat?.isDirectory() === true && stat.uid === process.getuid?.();
}

/** Its maker was killed before it had the lock: there is nothing in it, and has not been for long. */
async function isForgotten(folder: string): Promise<boolean> {
  const locks = path.join(folder, layout.locks);
  for (const one of [folder, locks]) {
    const stat = await lstat(one).catch(() => null);
    if (stat !== null && Date.now() - stat.mtimeMs < lockedWithinMs) return false;
  }
  const names = await readdir(folder).catch(() => ['?']);
  return names.every((name) => name === layout.locks) && (await namesIn(locks)).every(isHalf);
}

/** A lock while it is written. */
const isHalf = (name: string): boolean => /^\.\d+-[0-9a-f]{12}\.json$/.test(name);

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** The lock goes last: what is cut short in the middle is known by it the next time. */
async function remove(folder: string): Promise<boolean> {
  const locks = path.join(folder, layout.locks);
  try {
    if (!(await isAbandoned(folder))) {
      for (const name of await namesIn(locks))
        if (isHalf(name)) await rm(path.join(locks, name), { force: true });
      await rmdir(locks).catch(() => undefined);
      await rmdir(folder);
      return true;
    }
    for (const name of await readdir(folder))
      if (name !== layout.locks) await rm(path.join(folder, name), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
