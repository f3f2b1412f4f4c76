import { rm } from 'node:fs/promises';
import tmp from 'tmp';
import { UserError } from '../errors.js';
import { noteOwner } from './scratch-owner.js';

/**
 * A folder for the time of a call, gone afterwards, also when this process ends in between.
 * @throws {UserError} when the folder for temporary files cannot be written.
 */
export async function withScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeFolder();
  try {
    return await use(folder);
  } finally {
    // What was killed a moment ago may still be writing.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function makeFolder(): string {
  tmp.setGracefulCleanup();
  try {
    const { name } = tmp.dirSync({ prefix: 'buildrace', unsafeCleanup: true });
    noteOwner(name);
    return name;
  } catch (error) {
    const { message } = error as Error;
    throw new UserError(
      `no scratch folder can be made (${message}); set TMPDIR to a folder that can be written`,
    );
  }
}
