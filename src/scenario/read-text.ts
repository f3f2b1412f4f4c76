import { constants, open } from 'node:fs/promises';
import { systemReason, UserError } from '../errors.js';

/** Largest scenario file, in bytes: a page of text, not a payload. */
export const maxBytes = 1_048_576;

/**
 * The text of a scenario file, whose size is looked at before it is read.
 * @throws {UserError} when it is missing, no regular file, too large, or not UTF-8.
 */
export async function readScenarioText(file: string): Promise<string> {
  const bytes = await readBounded(file).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof UserError) throw error;
    throw new UserError(
      error.code === 'ENOENT'
        ? `there is no file ${file}`
        : `${file} cannot be read (${systemReason(error)})`,
    );
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${file} is not a text file in UTF-8`);
  }
}

async function readBounded(file: string): Promise<Buffer> {
  // A FIFO that nobody writes to would hold a plain open for ever.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await handle.stat();
    if (!found.isFile()) {
      throw new UserError(
        `${file} is ${found.isDirectory() ? 'a folder' : 'no regular file'}; expected a YAML file`,
      );
    }
    if (found.size > maxBytes) throw new UserError(`${file} is too large for a scenario (1 MiB at most)`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
