import { systemReason } from '../errors.js';
import type { IterationFinished } from '../results/journal.js';

const faults: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system can only be read',
  EFBIG: 'a file would be larger than this process may write',
  EIO: 'the disk cannot be written or read',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files on this system',
  EAGAIN: 'no more processes allowed',
  ENOMEM: 'out of memory',
};

/** What the machine lacked, in words; null for an error that is not the machine's doing. */
export function machineFault(error: unknown): string | null {
  return faults[(error as NodeJS.ErrnoException | null)?.code ?? ''] ?? null;
}

/** Why a lane got no process, as `machineFault` says it where it can. */
export function whyNoProcess(error: unknown): string {
  return machineFault(error) ?? (error === undefined ? 'no process' : systemReason(error));
}

/** A machine that lacked the same this often in a row will lack it the next time, too. */
const mostInRow = 3;

/** Tells when a machine keeps spoiling iterations; one for a run. */
export class SpoiltInRow {
  #count = 0;

  /** Why the run cannot go on after this iteration, or null. */
  after({ spoilt }: Pick<IterationFinished, 'spoilt'>): string | null {
    const fault = Object.values(faults).find((words) => spoilt?.includes(words) === true);
    this.#count = fault === undefined ? 0 : this.#count + 1;
    return this.#count < mostInRow ? null : `${mostInRow} iterations in a row were spoilt: ${fault}`;
  }
}
