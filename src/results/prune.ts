import { lstat, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemReason, UserError } from '../errors.js';
import { folderBytes } from './folder-bytes.js';
import { layout } from './layout.js';
import { isLocked, lockRun, type RunLock } from './lock.js';
import { runFolders } from './run-folders.js';

export interface PruneOptions {
  /** How many of the newest runs stay. */
  readonly keep: number;
  /** Only say what would go. */
  readonly dryRun: boolean;
  readonly now: Date;
}

/** `results prune --json`. */
export interface Pruned {
  readonly schemaVersion: 1;
  readonly dryRun: boolean;
  /** Oldest first. */
  readonly removed: readonly { readonly run: string; readonly bytes: number }[];
  readonly bytes: number;
  readonly kept: readonly string[];
  /** Older ones that stay, as they are still being written. */
  readonly writing: readonly string[];
  readonly failed: readonly { readonly run: string; readonly reason: string }[];
}

/** As `runName` makes them; a folder that somebody gave another name is theirs to remove. */
const namedByRun = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-[A-Za-z0-9-]+$/;
/** A run that wrote nothing for so long has died without saying so. */
const silentMs = 3_600_000;

/**
 * Removes all but the newest runs of a results folder. Baselines, other files and folders, and links stay, and so do
 * runs that are still being written.
 * @throws {UserError} when the folder cannot be read.
 */
export async function pruneRuns(results: string, { keep, dryRun, now }: PruneOptions): Promise<Pruned> {
  const runs = (await runFolders(results)).filter((name) => namedByRun.test(name));
  const older = runs.slice(0, Math.max(0, runs.length - keep));
  const removed: { run: string; bytes: number }[] = [];
  const writing: string[] = [];
  const failed: { run: string; reason: string }[] = [];
  for (const run of older) {
    const directory = path.join(results, run);
    try {
      if (await isBeingWritten(directory, now)) {
        writing.push(run);
        continue;
      }
      const bytes = await folderBytes(directory);
      if (!dryRun && !(await removeLocked(directory))) writing.push(run);
      else removed.push({ run, bytes });
    } catch (error) {
      // Another prune was faster.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && (await isGone(directory))) continue;
      failed.push({ run, reason: systemReason(error) });
    }
  }
  const bytes = removed.reduce((sum, one) => sum + one.bytes, 0);
  return { schemaVersion: 1, dryRun, removed, bytes, kept: runs.slice(older.length), writing, failed };
}

/** Nobody may begin to write a run while it goes; false, and it stays, where somebody has begun by now. */
async function removeLocked(directory: string): Promise<boolean> {
  const lock = await lockOf(directory);
  if (lock === 'taken') return false;
  try {
    await remove(directory);
    return true;
  } finally {
    await lock?.release().catch(() => undefined);
  }
}

/** Null where no lock can be made, as the disk is full, which is why runs are removed. */
async function lockOf(directory: string): Promise<RunLock | 'taken' | null> {
  try {
    return await lockRun(directory);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return (await isLocked(directory)) ? 'taken' : null;
  }
}

async function isGone(directory: string): Promise<boolean> {
  return (await lstat(path.join(directory, layout.plan)).catch(() => null)) === null;
}

/** The plan goes last: what was cut short in the middle is still a run, and goes the next time. */
async function remove(directory: string): Promise<void> {
  await rm(path.join(directory, 'iterations'), { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
}

async function isBeingWritten(directory: string, now: Date): Promise<boolean> {
  if (await isLocked(directory)) return true;
  // Whoever writes a run has its lock, but for buildraces that knew none.
  if ((await lstat(path.join(directory, layout.locks)).catch(() => null)) !== null) return false;
  const journal = path.join(directory, layout.journal);
  // A run has its plan a moment before its journal.
  const changed =
    (await lstat(journal).catch(() => null)) ?? (await lstat(path.join(directory, layout.plan)));
  if (now.getTime() - changed.mtimeMs > silentMs) return false;
  return !/"event":"run-(?:finished|stopped)"/.test(await lastLine(journal));
}

/** The last line of a journal, as far as its last bytes hold it: the one that ends a run is short. */
async function lastLine(journal: string): Promise<string> {
  if ((await lstat(journal).catch(() => null))?.isFile() !== true) return '';
  const file = await open(journal, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, 8192);
    const { buffer } = await file.read({ buffer: Buffer.alloc(length), position: size - length });
    return buffer.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  } finally {
    await file.close();
  }
}
