import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileHash, readFolder } from '../scenario/folder.js';

/** What a run directory keeps of a file of the Dockerfile folder. */
export interface KeptHash {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly sha256: string;
}

/**
 * Tells whether the Dockerfile folder still is what the run began with: builds read it anew each time, and what they made
 * of another content says nothing of the scenario. Its files are read again only where something of them was touched.
 */
export class DockerfilesWatch {
  readonly #folder: string;
  readonly #kept: ReadonlyMap<string, string>;
  #touched: string | null = null;

  constructor(folder: string, kept: readonly KeptHash[]) {
    this.#folder = folder;
    this.#kept = new Map(kept.map(({ path: name, sha256 }) => [name, sha256]));
  }

  /** What differs, as the end of a sentence, or null. */
  async whyOther(): Promise<string | null> {
    const touched = await stampOf(this.#folder);
    if (touched !== null && touched === this.#touched) return null;
    const why = await this.#compare();
    if (why === null) this.#touched = touched;
    return why;
  }

  async #compare(): Promise<string | null> {
    try {
      const files = await readFolder(this.#folder);
      const found = new Map(files.map((file) => [file.path, fileHash(file)]));
      const names = [...new Set([...this.#kept.keys(), ...found.keys()])];
      const other = names.find((name) => this.#kept.get(name) !== found.get(name));
      if (other === undefined) return null;
      const verb = !found.has(other) ? 'is gone' : this.#kept.has(other) ? 'was changed' : 'is new';
      return `${path.join(this.#folder, other)} ${verb}`;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

/** Names of all files with what the system changes when one is written; null where they cannot be listed now. */
async function stampOf(folder: string): Promise<string | null> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const names = entries.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
    const stamps = await Promise.all(
      names.sort().map(async (name) => {
        const { ino, size, mtimeNs, ctimeNs } = await lstat(name, { bigint: true });
        return JSON.stringify([name, ...[ino, size, mtimeNs, ctimeNs].map(String)]);
      }),
    );
    return stamps.join('\n');
  } catch {
    return null;
  }
}
