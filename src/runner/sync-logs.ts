import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { sync, syncNames } from '../results/sync.js';

/** Brings what iterations leave to disk; one for a run. */
export class LogSync {
  readonly #run: string;
  /** Folders of iterations (of all, of an arm) whose own names are on disk. */
  readonly #named = new Set<string>();

  /** @param run the run directory */
  constructor(run: string) {
    this.#run = run;
  }

  /**
   * An iteration counts from its event on, so all of its files have to be on disk before that, with the names that lead
   * there.
   * @throws what the system says where one is not.
   */
  async sync(folder: string): Promise<void> {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    if (names.length === 0) return;
    await Promise.all(names.map((name) => sync(path.join(folder, name))));
    const named = this.#unnamed(folder);
    // A name stands in the folder around it.
    await Promise.all([sync(folder), ...named.map((one) => syncNames(path.dirname(one)))]);
    for (const one of named.slice(1)) this.#named.add(one);
  }

  /** The folder, and those around it up to the run directory whose names may not be on disk. */
  #unnamed(folder: string): string[] {
    const [, ...around] = path.relative(this.#run, folder).split(path.sep);
    const outer = around.map((_, i) => path.resolve(folder, ...Array<string>(i + 1).fill('..')));
    return [folder, ...outer.filter((one) => !this.#named.has(one))];
  }
}
