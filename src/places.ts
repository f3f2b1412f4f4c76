import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The package's own folder: the nearest one above this file that has a `package.json`. The sources, and what is
 * bundled of them, lie at different depths.
 */
export const packageFolder: string = folderAbove(path.dirname(fileURLToPath(import.meta.url)));

function folderAbove(start: string): string {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (path.dirname(folder) === folder) throw new Error(`no package.json in ${start} or above it`);
  }
}
