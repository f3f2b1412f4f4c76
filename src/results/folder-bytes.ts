import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { regularFiles } from './regular-files.js';

/** Bytes in all regular files under a folder; what is gone meanwhile counts nothing. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const file of await regularFiles(folder)) {
    bytes += (await lstat(path.join(folder, file)).catch(() => null))?.size ?? 0;
  }
  return bytes;
}
