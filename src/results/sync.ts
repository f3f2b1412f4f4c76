import { open } from 'node:fs/promises';
import { ignoreNoSync } from './whole-file.js';

/**
 * Brings a file to disk, or the names in a folder, as far as its file system knows that.
 * @throws what the system says where it did not come there.
 */
export async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync().catch(ignoreNoSync);
  } finally {
    await handle.close();
  }
}

/** As `sync`, of a folder that may be one to write in and not to read: then its names come to disk in their time. */
export async function syncNames(folder: string): Promise<void> {
  await sync(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES') throw error;
  });
}
