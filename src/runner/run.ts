import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Run } from '../builders/builder.js';
import { JournalWriter } from '../results/journal-writer.js';
import { layout } from '../results/layout.js';
import { durationText } from '../scenario/duration.js';
import type { Bench } from './bench.js';
import { wake } from './builder-state.js';
import { countedIteration } from './counted-iteration.js';
import { Daemons } from './daemons.js';
import { makeFifo } from './gate.js';
import { inBlocks } from './order.js';
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
  const startedMs = performance.now();
  const runnable = bench.setting.plan.arms.filter((arm) => arm.skipped === null);
  if (runnable.length === 0) return null;
  try {
    const notStarted = await bench.daemons.start(runnable);
    if (notStarted !== null) return notStarted;
    await wake(bench);
    await warmUp(bench, runnable);
    return await iterate(bench, rule, startedMs);
  } catch (error) {
    const { abort } = bench.setting;
    if (abort.aborted) return String(abort.reason);
    throw error;
  }
}

async function iterate(bench: Bench, rule: StoppingRule, startedMs: number): Promise<string | null> {
  let gone = 0;
  const { plan, abort } = bench.setting;
  const isOver = timeLimit(plan.maxTimeMs, startedMs);
  let answered: ReadonlySet<string> = new Set();
  for (const turn of inBlocks(plan)) {
    abort.throwIfAborted();
    if (answered.has(turn.arm.name)) continue;
    if (isOver()) return `the time limit of ${durationText(plan.maxTimeMs ?? 0)} was reached`;
    const event = await countedIteration(bench, turn);
    if (event.builderGone === null) gone = 0;
    else gone = event.lanes.length > 0 ? 1 : gone + 1;
    if (gone >= mostGone) return `the builder stopped answering: ${event.builderGone}`;
    answered = await rule(event);
  }
  return null;
}

/** Whether the run has lasted that long: asked before an iteration begins, as one that began is carried to its end. */
function timeLimit(maxTimeMs: number | null, startedMs: number): () => boolean {
  return () => maxTimeMs !== null && performance.now() - startedMs >= maxTimeMs;
}
