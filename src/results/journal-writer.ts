import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unwritten } from '../errors.js';
import { schemaVersion } from '../scenario/plan.js';
import type { JournalEvent, NewEvent } from './journal.js';
import { isThere, removedRun } from './removed-run.js';
import { syncNames } from './sync.js';

// As `a+`; a link in a stranger's run directory is not written through.
const appending = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/** Appends events to `journal.jsonl`, one line each. */
export class JournalWriter {
  readonly #file: FileHandle;
  readonly #path: string;
  /** The last line may be cut: what comes now must not hang on to it, or both would be lost. */
  #isCut = false;

  private constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** Opens a journal, or makes it. @throws {UserError} when it cannot be written. */
  static async open(path: string): Promise<JournalWriter> {
    let file: FileHandle | null = null;
    try {
      file = await open(path, appending);
      const journal = new JournalWriter(file, path);
      journal.#isCut = !(await endsWhole(file));
      // What is on disk of a file that has no name there is lost.
      await syncNames(dirname(path));
      return journal;
    } catch (error) {
      await file?.close().catch(() => undefined);
      throw asUnwritten(path, error);
    }
  }

  /**
   * One write a line, so that a crash can only cut the last one; `durable` waits for the disk.
   * @returns the event as it stands in the journal.
   * @throws {UserError} when it is gone, or cannot be written; nothing of it stands in the journal then, as far
   *   as the file system lets itself be written at all.
   */
  async append<E extends JournalEvent>(event: NewEvent<E>, durable = false): Promise<E> {
    const whole = { schemaVersion, at: new Date().toISOString(), ...event };
    // A file that is open can be written when nobody will ever find it again.
    if (!(await isThere(this.#path))) throw await removedRun(this.#path);
    const before = await this.#length();
    try {
      await this.#file.appendFile(`${this.#isCut ? '\n' : ''}${JSON.stringify(whole)}\n`);
      this.#isCut = false;
      if (durable) await this.#file.sync();
    } catch (error) {
      await this.#takeBack(before);
      throw asUnwritten(this.#path, error);
    }
    return whole as unknown as E;
  }

  async close(): Promise<void> {
    try {
      await this.#file.sync();
    } catch (error) {
      // A device that takes bytes and keeps none knows no sync.
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw asUnwritten(this.#path, error);
    } finally {
      await this.#file.close();
    }
  }

  /** Null where it cannot be told: then nothing is taken back. */
  async #length(): Promise<number | null> {
    const stat = await this.#file.stat().catch(() => null);
    return stat?.isFile() === true ? stat.size : null;
  }

  /** What was not written whole, or never came to the disk, must not count later. */
  async #takeBack(length: number | null): Promise<void> {
    if (length === null || (await this.#length()) === length) return;
    this.#isCut = true;
    try {
      await this.#file.truncate(length);
      this.#isCut = length > 0 && !(await endsWhole(this.#file));
    } catch {
      // The next event begins a line of its own.
    }
  }
}

async function endsWhole(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return buffer[0] === 10;
}

function asUnwritten(path: string, error: unknown): Error {
  if ((error as NodeJS.ErrnoException).code === undefined) return error as Error;
  return unwritten(
    `the journal ${path}`,
    error,
    'what was finished is kept, and buildrace resume goes on with it',
  );
}
