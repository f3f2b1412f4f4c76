import path from 'node:path';
import { UserError } from '../errors.js';
import { layout } from '../results/layout.js';
import { isThere, removedRun } from '../results/removed-run.js';
import type { Bench } from './bench.js';

/** Why a run ends whose scratch folder was removed (cleaners of `/tmp` do that): no iteration can follow. */
export const scratchVanished =
  'the scratch folder was removed while the run used it; set TMPDIR to a folder that nobody clears meanwhile';

/** What an iteration used was removed meanwhile, so that it says nothing. */
class Vanished extends Error {
  override readonly name = 'Vanished';
  readonly file: string;

  constructor(file: string) {
    super(`${file} is gone`);
    this.file = file;
  }
}

/** @throws {Vanished} when the gate, or the folder with the iteration's logs (null: it has none), is gone. */
export async function refuseVanished({ fifo }: Pick<Bench, 'fifo'>, logs: string | null): Promise<void> {
  for (const file of [fifo, ...(logs === null ? [] : [logs])])
    if (!(await isThere(file))) throw new Vanished(file);
}

/**
 * Why a run ends early that failed with this error because its scratch folder was removed.
 * @throws {UserError} where the run directory was, or something of it; the error itself where nothing was.
 */
export async function whyVanished(
  error: unknown,
  { fifo, setting }: Pick<Bench, 'fifo' | 'setting'>,
): Promise<string> {
  if (error instanceof UserError) throw error;
  const journal = path.join(setting.directory, layout.journal);
  if (!(await isThere(journal))) throw await removedRun(journal);
  if (!(await isThere(fifo))) return scratchVanished;
  if (error instanceof Vanished) throw await removedRun(error.file);
  const { code, path: file } = (error ?? {}) as NodeJS.ErrnoException;
  const isOfRun = file?.startsWith(setting.directory + path.sep) === true;
  throw code === 'ENOENT' && isOfRun ? await removedRun(file) : error;
}
