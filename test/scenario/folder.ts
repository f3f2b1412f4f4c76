import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dirSync } from 'tmp';
import { test as base } from 'vitest';

/** A folder of its own for one test, gone afterwards. */
export interface Folder {
  /** Absolute, and free of links. */
  readonly path: string;
  at(...parts: string[]): string;
  /** Writes a file, and the folders that lead to it; returns its absolute path. */
  write(relative: string, content: string | Uint8Array): Promise<string>;
}

export const test = base.extend<{ folder: Folder }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  folder: async ({}, use) => {
    const { name } = dirSync({ prefix: 'buildrace-test' });
    const at = (...parts: string[]): string => path.join(name, ...parts);
    await use({
      path: name,
      at,
      async write(relative, content) {
        await mkdir(path.dirname(at(relative)), { recursive: true });
        await writeFile(at(relative), content);
        return at(relative);
      },
    });
    await rm(name, { recursive: true, force: true });
  },
});
