import { type FileHandle, open } from 'node:fs/promises';
import { systemReason, UserError } from '../errors.js';
import { schemaVersion } from '../scenario/plan.js';
import type { JournalEvent, NewEvent } from './journal.js';

/** Appends events to `journal.jsonl`, one line each. */
export class JournalWriter {
  readonly #file: FileHandle;
  readonly #path: string;

  private constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** Opens a journal, or makes it. @throws {UserError} when it cannot be written. */
  static async open(path: string): Promise<JournalWriter> {
    try {
      const file = await open(path, 'a+');
      // A crash can have cut the last line: what comes now must not hang on to it, or both would be lost.
      if (!(await endsWhole(file))) await file.write('\n');
      return new JournalWriter(file, path);
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /**
   * One write a line, so that a crash can only cut the last one; `durable` waits for the disk.
   * @returns the event as it stands in the journal.
   * @throws {UserError} when it cannot be written.
   */
  async append<E extends JournalEvent>(event: NewEvent<E>, durable = false): Promise<E> {
    const whole = { schemaVersion, at: new Date().toISOString(), ...event };
    try {
      await this.#file.appendFile(`${JSON.stringify(whole)}\n`);
      if (durable) await this.#file.sync();
    } catch (error) {
      throw unwritable(this.#path, error);
    }
    return whole as unknown as E;
  }

  async close(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
  }
}

async function endsWhole(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return buffer[0] === 10;
}

function unwritable(path: string, error: unknown): Error {
  if ((error as NodeJS.ErrnoException).code === undefined) return error as Error;
  return new UserError(`the journal ${path} cannot be written (${systemReason(error)})`);
}
