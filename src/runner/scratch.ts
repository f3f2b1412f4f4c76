import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { mayHoldMounts } from '../builders/buildkitd/mounts.js';
import { systemReason, UserError } from '../errors.js';
import { imagesFile, noteFiles } from './image-record.js';
import { noteOwner } from './scratch-owner.js';

/** Folders that calls use now. */
const used = new Set<string>();
let guarded = false;
/** Another run that clears what is left may take a folder that is not noted yet for one that is. */
const tries = 3;

/**
 * A folder for the time of a call, gone afterwards, also when this process ends in between. Where images are noted in it
 * then, the notes stay for who comes later.
 * @throws {UserError} when the folder for temporary files cannot be written.
 */
export async function withScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeFolder();
  try {
    return await use(folder);
  } finally {
    // What cannot be removed is no reason to lose what `use` gives.
    const removed = await remove(folder).then(
      () => true,
      () => false,
    );
    if (removed) used.delete(folder);
  }
}

async function remove(folder: string): Promise<void> {
  // What was killed a moment ago may still be writing.
  const wholly = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
  if (!existsSync(path.join(folder, imagesFile))) return rm(folder, wholly);
  const others = (await readdir(folder)).filter((name) => !noteFiles.includes(name));
  await Promise.all(others.map((name) => rm(path.join(folder, name), wholly)));
}

function makeFolder(): string {
  if (!guarded) process.on('exit', leave);
  guarded = true;
  for (let left = tries; ; left--) {
    try {
      const name = `buildrace-${process.pid}-${randomBytes(8).toString('hex')}`;
      const folder = path.join(realpathSync(os.tmpdir()), name);
      mkdirSync(folder, { mode: 0o700 });
      used.add(folder);
      noteOwner(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && left > 1) continue;
      throw noScratch(systemReason(error));
    }
  }
}

/** What mends a folder for temporary files that is of no use. */
export const scratchMend = 'set TMPDIR to a folder that can be written';

function noScratch(why: string): UserError {
  return new UserError(`no scratch folder can be made (${why}); ${scratchMend}`);
}

/** Why no scratch folder can be made here, as far as that can be told without making one; null: nothing is in the way. */
export function whyNoScratch(): string | null {
  try {
    const parent = realpathSync(os.tmpdir());
    if (!statSync(parent).isDirectory()) return 'not a directory';
    accessSync(parent, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return systemReason(error);
  }
}

/**
 * Asked before builders are: one of them may make the folder for temporary files that was named by mistake.
 * @throws {UserError} where no scratch folder can be made.
 */
export function refuseWithoutScratch(): void {
  const why = whyNoScratch();
  if (why !== null) throw noScratch(why);
}

/** What takes its time to be removed, and what may hold other people's files, is left to the next run, by its note. */
function leave(): void {
  for (const folder of used) {
    if (existsSync(path.join(folder, imagesFile)) || mayHoldMounts(folder)) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // The next run removes it.
    }
  }
}
