import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemReason, UserError } from '../errors.js';
import { printableJson } from './printable-json.js';
import { runFolders } from './run-folders.js';
import { writeWhole } from './whole-file.js';

/**
 * A new, empty run directory under `results`.
 * @throws {UserError} when the results folder cannot be made or written.
 */
export async function createRunDirectory(results: string, run: string): Promise<string> {
  try {
    await makeFolder(path.resolve(results));
    await access(results, constants.W_OK | constants.X_OK);
    const directory = path.join(path.resolve(results), run);
    await mkdir(directory);
    return directory;
  } catch (error) {
    throw new UserError(
      `the results folder ${results} cannot be written (${systemReason(error)}); give another with --out`,
    );
  }
}

/**
 * As `mkdir -p`. Node's own recursive form turns for ever where a parent takes no folders (`/proc`), and says ENOENT where
 * the disk is full or can only be read.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = path.dirname(folder);
    // A parent that is there and still says ENOENT will say it again.
    if (code !== 'ENOENT' || (await stat(parent).catch(() => null)) !== null) throw error;
    await makeFolder(parent);
    await makeFolder(folder);
  }
}

/** A name for a run: when (to the millisecond, UTC), what, on which builder. Sorting names sorts runs by their start. */
export function runName(now: Date, scenario: string, kind: string, salt: string): string {
  const when = now.toISOString().replaceAll(/[:.]/g, '-');
  return `${when}-${scenario}-${kind}-${salt}`;
}

/** What keeps two runs of one millisecond apart, wherever they run. */
export function runSalt(): string {
  return randomBytes(4).toString('hex');
}

/**
 * Writes JSON so that a reader sees the old file or the new one, never half of one. The folder may be a stranger's: a link
 * in the file's place is never written through. @throws what the system says.
 */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeWhole(file, json(value), { replace: true });
}

/** As `writeJson`, of a file that is not there yet: of several that come at once, one writes it. @throws also `EEXIST`. */
export async function writeNewJson(file: string, value: unknown): Promise<void> {
  await writeWhole(file, json(value), { replace: false });
}

const json = (value: unknown): string => `${printableJson(value)}\n`;

/**
 * The directory that `RUN` names: a path, a run's name under `results`, or `latest`.
 * @throws {UserError} when there is no such run.
 */
export async function findRun(named: string, results: string): Promise<string> {
  if (named === 'latest') return latestRun(results);
  const candidates = [named, path.join(results, named)];
  for (const candidate of candidates) {
    if ((await stat(candidate).catch(() => null))?.isDirectory()) return path.resolve(candidate);
  }
  const isFile = (await stat(named).catch(() => null))?.isFile() === true;
  throw new UserError(
    isFile
      ? `${named} is a file, not a run directory`
      : `there is no run ${named} (looked here and in ${results})`,
  );
}

/** A link among the runs may be somebody else's way to lead elsewhere: only folders count. */
async function latestRun(results: string): Promise<string> {
  const newest = (await runFolders(results).catch(() => [])).at(-1);
  if (newest !== undefined) return path.resolve(results, newest);
  throw new UserError(
    `there is no run in ${results} yet; make one with buildrace run, or name the folder with --out`,
  );
}
