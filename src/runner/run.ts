import { rm } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Run } from '../builders/builder.js';
import { thisMachine } from '../results/environment.js';
import { iterationKey, ofIterationKey } from '../results/finished-iterations.js';
import type { NewEvent } from '../results/journal.js';
import { JournalWriter } from '../results/journal-writer.js';
import { layout } from '../results/layout.js';
import { machineFacts } from '../results/machine-differences.js';
import { durationText } from '../scenario/duration.js';
import { type PlannedArm, plannedIterations } from '../scenario/plan.js';
import { toolVersion } from '../version.js';
import type { Bench } from './bench.js';
import { noteBuilderChange } from './builder-change.js';
import { wake } from './builder-state.js';
import { countedIteration } from './counted-iteration.js';
import { Daemons } from './daemons.js';
import { DockerfilesWatch } from './dockerfiles-watch.js';
import { makeFifo } from './gate.js';
import { SpoiltInRow } from './machine-fault.js';
import { inBlocks, type Turn } from './order.js';
import { removeLeftImages } from './remove-images.js';
import { withScratch } from './scratch.js';
import type { Setting, StoppingRule } from './setting.js';
import { LogSync } from './sync-logs.js';
import { whyVanished } from './vanished.js';
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
    await journal.append(beginning(setting), true);
    const stopped = await withScratch(async (scratch) => {
      const fifo = path.join(scratch, 'gate');
      await makeFifo(fifo);
      const logs = new LogSync(setting.directory);
      const daemons = new Daemons(setting, scratch);
      const dockerfiles = new DockerfilesWatch(setting.dockerfiles, setting.kept);
      try {
        const bench = { setting, journal, logs, scratch, fifo, daemons, dockerfiles, aside };
        return await workThrough(bench, rule);
      } finally {
        await daemons.stop();
        await removeLeftImages({ setting, aside }, scratch);
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

function beginning({ earlier }: Setting): NewEvent {
  if (earlier === undefined) return { event: 'run-started' };
  const machine = machineFacts(thisMachine());
  return { event: 'run-resumed', toolVersion, machine, warnings: [...earlier.warnings] };
}

async function workThrough(bench: Bench, rule: StoppingRule): Promise<string | null> {
  const startedMs = performance.now() - (bench.setting.earlier?.workedMs ?? 0);
  const runnable = armsLeft(bench.setting);
  if (runnable.length === 0) return null;
  if (bench.setting.earlier !== undefined && isOver(bench.setting, startedMs)) return overText(bench.setting);
  try {
    const notStarted = await bench.daemons.start(runnable);
    if (notStarted !== null) return notStarted;
    await wake(bench);
    await warmUp(bench, runnable);
    const stopped = await iterate(bench, rule, startedMs);
    await noteBuilderChange(bench);
    return stopped;
  } catch (error) {
    const { abort } = bench.setting;
    if (abort.aborted) return String(abort.reason);
    return await whyVanished(error, bench);
  }
}

async function iterate(bench: Bench, rule: StoppingRule, startedMs: number): Promise<string | null> {
  let gone = 0;
  const spoilt = new SpoiltInRow();
  const { abort, earlier } = bench.setting;
  let answered = earlier?.answered ?? new Set();
  for (const turn of turnsLeft(bench.setting)) {
    abort.throwIfAborted();
    if (answered.has(turn.arm.name)) continue;
    if (isOver(bench.setting, startedMs)) return overText(bench.setting);
    const other = await bench.dockerfiles.whyOther();
    if (other !== null)
      return `the scenario is not what it was when the run began (${other}): put it back, and resume`;
    if (earlier !== undefined) await removeHalf(bench.setting.directory, turn);
    const event = await countedIteration(bench, turn);
    if (event.builderGone === null) gone = 0;
    else gone = event.lanes.length > 0 ? 1 : gone + 1;
    if (gone >= mostGone) return `the builder stopped answering: ${event.builderGone}`;
    const hopeless = spoilt.after(event);
    if (hopeless !== null) return hopeless;
    answered = await rule(event);
  }
  return null;
}

/** What of the plan is not carried out yet, in its order. */
function* turnsLeft({ plan, earlier }: Setting): Generator<Turn> {
  for (const turn of inBlocks(plan))
    if (earlier?.finished.has(iterationKey(turn.arm.name, turn.iteration)) !== true) yield turn;
}

/** Arms that still have something to do: for the others nothing is started and warmed up. */
function armsLeft({ plan, earlier }: Setting): PlannedArm[] {
  const finished = new Map<string, number>();
  for (const key of earlier?.finished ?? []) {
    const { arm } = ofIterationKey(key);
    finished.set(arm, (finished.get(arm) ?? 0) + 1);
  }
  return plan.arms.filter(
    (arm) =>
      arm.skipped === null &&
      earlier?.answered.has(arm.name) !== true &&
      plannedIterations(arm, plan.shard) > (finished.get(arm.name) ?? 0),
  );
}

/** What an iteration left that was cut short in the middle: it is carried out again, from nothing. */
async function removeHalf(directory: string, { arm, iteration }: Turn): Promise<void> {
  await rm(path.join(directory, layout.iteration(arm.name, iteration)), { recursive: true, force: true });
}

/** Whether the run has lasted that long: asked before an iteration begins, as one that began is carried to its end. */
function isOver({ plan: { maxTimeMs } }: Setting, startedMs: number): boolean {
  return maxTimeMs !== null && performance.now() - startedMs >= maxTimeMs;
}

function overText({ plan: { maxTimeMs } }: Setting): string {
  return `the time limit of ${durationText(maxTimeMs ?? 0)} was reached`;
}
