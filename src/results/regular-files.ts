import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * All regular files under a folder, relative to it and with `/`, sorted; none where it is missing. A link is neither
 * followed nor named, wherever it leads, and nor is what is neither file nor folder: the folder may be a stranger's.
 */
export async function regularFiles(folder: string, under = ''): Promise<string[]> {
  const entries = await readdir(path.join(folder, under), { withFileTypes: true });
  const files = await Promise.all(
    entries.map(async (entry) => {
      const name = path.posix.join(under, entry.name);
      if (entry.isDirectory()) return regularFiles(folder, name);
      return entry.isFile() ? [name] : [];
    }),
  );
  return files.flat().sort();
}
