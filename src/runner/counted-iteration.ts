import os from 'node:os';
import path from 'node:path';
import type { DaemonLogCut, IterationFinished } from '../results/journal.js';
import { daemonLogName, layout } from '../results/layout.js';
import { isThere } from '../results/removed-run.js';
import { durationText } from '../scenario/duration.js';
import type { Bench } from './bench.js';
import { whyGone } from './builder-state.js';
import { followDaemonLog } from './daemon-log.js';
import { inScratch } from './in-scratch.js';
import type { IterationRecord } from './iteration.js';
import type { Gap } from './kept-file.js';
import { machineFault } from './machine-fault.js';
import type { Turn } from './order.js';
import { usualPatience } from './patience.js';
import { revive } from './revive.js';
import { Standstill } from './standstill.js';

/** Carries an iteration out and journals it. */
export async function countedIteration(bench: Bench, turn: Turn): Promise<IterationFinished> {
  const { setting, journal, logs, daemons } = bench;
  const { arm, iteration } = turn;
  setting.observer.iterationStarted(arm, iteration);
  await journal.append({ event: 'iteration-started', arm: arm.name, iteration });
  const folder = path.join(setting.directory, layout.iteration(arm.name, iteration));
  const goneBefore = daemons.isDoubted(arm) ? (await revive(bench, arm)).after : null;
  const keepLog = await followDaemonLog(daemons.of(arm), path.join(folder, daemonLogName));
  const record =
    goneBefore === null
      ? await observed(bench, () => inScratch(bench, turn, folder))
      : withoutBuilder(goneBefore);
  const isSuspicious =
    record.spoilt !== null || record.lanes.some((lane) => lane.exitCode !== 0 && !lane.cancelled);
  const builderGone = record.gone ?? (isSuspicious ? await whyGone(bench, arm) : null);
  daemons.doubt(arm, builderGone !== null);
  let daemonLogCut: DaemonLogCut | null = null;
  const unkept = await whyUnkept(async () => {
    // Where the machine lacked something at the very beginning, there is no folder to keep anything in.
    if (record.spoilt !== null && !(await isThere(folder))) return;
    if (goneBefore === null) daemonLogCut = cutOf(await keepLog());
    await logs.sync(folder);
  });
  const event = await journal.append<IterationFinished>(
    {
      event: 'iteration-finished',
      arm: arm.name,
      iteration,
      lanes: [...record.lanes],
      spoilt: record.spoilt ?? unkept,
      cacheChecks: [...record.cacheChecks],
      daemonLogCut,
      builderGone,
      load: os.loadavg()[0] ?? 0,
    },
    true,
  );
  setting.observer.iterationFinished(arm, event);
  return event;
}

/** What lanes showed does not count where this process did not see it, or they built something else. */
async function observed(bench: Bench, work: () => Promise<IterationRecord>): Promise<IterationRecord> {
  const standstill = new Standstill();
  const record = await work().finally(() => standstill.end());
  return { ...record, spoilt: record.spoilt ?? (await whyUntrue(bench, standstill.longestMs)) };
}

async function whyUntrue({ setting, dockerfiles }: Bench, stillMs: number): Promise<string | null> {
  const { standstillMs } = { ...usualPatience, ...setting.patience };
  if (stillMs >= standstillMs)
    return `buildrace itself stood still for ${durationText(Math.round(stillMs / 1_000) * 1_000)} (it was stopped, or the machine slept)`;
  const other = await dockerfiles.whyOther();
  return other === null ? null : `the scenario changed while it ran: ${other}`;
}

/** Logs that did not come to the disk whole prove nothing. */
async function whyUnkept(keep: () => Promise<void>): Promise<string | null> {
  try {
    await keep();
    return null;
  } catch (error) {
    const fault = machineFault(error);
    if (fault === null) throw error;
    return `the logs could not be kept: ${fault}`;
  }
}

function cutOf(gap: Gap | null): DaemonLogCut | null {
  if (gap === null) return null;
  const { keptBytes, leftOutBytes, line } = gap;
  return { keptBytes, leftOutBytes, line };
}

function withoutBuilder(why: string): IterationRecord {
  return {
    lanes: [],
    cacheChecks: [],
    tags: [],
    spoilt: `the builder did not answer before the gate opened: ${why}`,
    gone: why,
  };
}
