import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { unwritten } from '../errors.js';
import type { Plan } from '../scenario/plan.js';
import { createRunDirectory, writeJson } from './directory.js';
import type { Environment } from './environment.js';
import { layout } from './layout.js';
import { lockRun, type RunLock } from './lock.js';
import { syncNames } from './sync.js';

/** A run directory that this process may write. */
export interface OpenRun {
  /** Absolute. */
  readonly directory: string;
  readonly lock: RunLock;
}

/**
 * Makes a run directory under `results`, with its plan, its environment and the lock of this process. It is made under a
 * hidden name that no command takes for a run, so that one that has its name has its plan, whenever this process dies.
 * @throws {UserError} when the results folder cannot be made or written.
 */
export async function newRun(results: string, plan: Plan, environment: Environment): Promise<OpenRun> {
  const making = await createRunDirectory(results, `.starting-${plan.run}`);
  const directory = path.join(path.dirname(making), plan.run);
  try {
    const lock = await lockRun(making);
    await writeJson(path.join(making, layout.environment), environment);
    await writeJson(path.join(making, layout.plan), plan);
    await rename(making, directory);
    // It is there; where its name cannot be brought to disk, it comes there in its time.
    await syncNames(path.dirname(directory)).catch(() => undefined);
    return { directory, lock: lock.movedTo(directory) };
  } catch (error) {
    // Nothing is left of a run that could not even begin.
    await rm(making, { recursive: true, force: true }).catch(() => undefined);
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw unwritten(`the run directory ${directory}`, error, 'or give another folder with --out');
  }
}
