import path from 'node:path';
import type { Run } from '../builders/builder.js';
import { JournalWriter } from '../results/journal-writer.js';
import { layout } from '../results/layout.js';
import type { PlannedArm } from '../scenario/plan.js';
import type { Bench } from './bench.js';
import { wake } from './builder-state.js';
import { countedIteration } from './counted-iteration.js';
import { Daemons } from './daemons.js';
import { makeFifo } from './gate.js';
import { inTurns } from './order.js';
import { withScratch } from './scratch.js';
import type { Setting, StoppingRule } from './setting.js';
import { warmUp } from './warm-up.js';

/**
 * A builder that was gone this often in a row will not come back by itself. One that is back before the next iteration
 * (a daemon that builds kill, and that is started again) goes on being tried: that is what a run is to find.
 */
const mostGone = 3;

/**
 * Carries a plan out into its run directory, which has its plan and environment already.
 * @returns why it stopped early, or null. An abort ends lanes, removes images and is journalled like any stop.
 * @throws {UserError} when the run directory or the scratch folder cannot be written.
 */
export async function carryOut(setting: Setting, aside: Run, rule: StoppingRule): Promise<string | null> {
  const journal = await JournalWriter.open(path.join(setting.directory, layout.journal));
  try {
    await journal.append({ event: 'run-started' }, true);
    const stopped = await withScratch(async (scratch) => {
      const fifo = path.join(scratch, 'gate');
      await makeFifo(fifo);
      const daemons = new Daemons(setting, scratch);
      try {
        return await workThrough({ setting, journal, scratch, fifo, daemons, aside }, rule);
      } finally {
        await daemons.stop();
      }
    });
    await journal.append(
      stopped === null ? { event: 'run-finished' } : { event: 'run-stopped', reason: stopped },
    );
    return stopped;
  } finally {
    await journal.close();
  }
}

async function workThrough(bench: Bench, rule: StoppingRule): Promise<string | null> {
  const runnable = bench.setting.plan.arms.filter((arm) => arm.skipped === null);
  if (runnable.length === 0) return null;
  try {
    const notStarted = await bench.daemons.start(runnable);
    if (notStarted !== null) return notStarted;
    await wake(bench);
    await warmUp(bench, runnable);
    return await iterate(bench, runnable, rule);
  } catch (error) {
    const { abort } = bench.setting;
    if (abort.aborted) return String(abort.reason);
    throw error;
  }
}

async function iterate(
  bench: Bench,
  arms: readonly PlannedArm[],
  rule: StoppingRule,
): Promise<string | null> {
  let gone = 0;
  for (const turn of inTurns(arms)) {
    bench.setting.abort.throwIfAborted();
    const event = await countedIteration(bench, turn);
    if (event.builderGone === null) gone = 0;
    else gone = event.lanes.length > 0 ? 1 : gone + 1;
    if (gone >= mostGone) return `the builder stopped answering: ${event.builderGone}`;
    if ((await rule(event)) === 'stop') return 'the stopping rule was met';
  }
  return null;
}
