import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { ignoreNoSync } from '../results/whole-file.js';

/**
 * An iteration counts from its event on, so all of its files have to be on disk before that.
 * @throws what the system says where one is not.
 */
export async function syncLogs(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  await Promise.all(names.map((name) => syncFile(path.join(folder, name))));
  if (names.length > 0) await syncFile(folder);
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync().catch(ignoreNoSync);
  } finally {
    await handle.close();
  }
}
