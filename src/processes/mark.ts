import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';

const markName = /^mark-[0-9a-f]{16}$/;

/**
 * An empty file that a program has open from its start, and so has all that comes of it: by that it is known again,
 * whatever group, session or parent it took, without a change in its environment. The file is there as long as the program
 * is this run's to end.
 */
export interface Mark {
  /** Absolute, without links. */
  readonly file: string;
  /** To be inherited; of this process, which closes it once the program has its own. */
  readonly descriptor: number;
}

/** Makes a mark in the run's scratch folder; null where that cannot be done: the program is known by less then. */
export function makeMark(scratch: string): Mark | null {
  try {
    const file = path.join(realpathSync(scratch), `mark-${randomBytes(8).toString('hex')}`);
    return { file, descriptor: openSync(file, 'wx', 0o600) };
  } catch {
    return null;
  }
}

export function closeMark(mark: Mark | null): void {
  if (mark !== null) closeSync(mark.descriptor);
}

/** What the program left behind is nobody's to end from here on. */
export function removeMark(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It goes with its folder.
  }
}

/** The marks of what was not over when the run was killed; none where another run that clears as well was faster. */
export function marksIn(scratch: string): string[] {
  try {
    return readdirSync(scratch)
      .filter((name) => markName.test(name))
      .map((name) => path.join(scratch, name));
  } catch (error) {
    // For any other reason there may be marks, and processes that are found by them alone.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
