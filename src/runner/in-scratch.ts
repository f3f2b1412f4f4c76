import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { runLimitMs } from '../builders/run.js';
import type { Bench } from './bench.js';
import { forgetImages, noteImages } from './image-record.js';
import { carryOutIteration, type IterationRecord } from './iteration.js';
import { machineFault } from './machine-fault.js';
import type { Turn } from './order.js';
import { removeImages } from './remove-images.js';
import { refuseVanished } from './vanished.js';

/** Runs an iteration in a scratch folder of its own, and removes the folder and the images whatever happens. */
export async function inScratch(bench: Bench, turn: Turn, folder: string): Promise<IterationRecord> {
  const tags = new Set<string>();
  let scratch: string | null = null;
  let record: IterationRecord | null = null;
  const builder = bench.daemons.builderOf(turn.arm);
  try {
    // A name of its own: what could not be removed of the last one must not be found by this one.
    scratch = await mkdtemp(path.join(bench.scratch, 'iteration-'));
    record = await carryOutIteration(
      bench.setting,
      {
        ...turn,
        folder,
        scratch,
        fifo: bench.fifo,
        builder,
        daemon: bench.daemons.of(turn.arm),
        aside: bench.aside,
        onImages: () => noteImages(bench.scratch, builder, bench.setting.env, [...tags]),
      },
      tags,
    );
    await refuseVanished(bench, record.spoilt === null ? folder : null);
    return record;
  } catch (error) {
    const spoilt = machineFault(error);
    if (spoilt === null || bench.setting.abort.aborted) throw error;
    return { lanes: [], tags: [...tags], cacheChecks: [], gone: null, spoilt };
  } finally {
    const isGone = record !== null && record.gone !== null;
    if (await removeImages(bench, builder, [...tags], isGone ? hopelessMs : runLimitMs))
      forgetImages(bench.scratch, [...tags]);
    if (scratch !== null) await remove(bench, scratch);
  }
}

/** A builder that did not answer a moment ago is hardly back. */
const hopelessMs = 2_000;

/** The folder of the run goes in the end, and this one with it, or it is told of then. */
async function remove({ setting }: Bench, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
    if (machineFault(error) === null) throw error;
    setting.log.warn({ folder, reason: machineFault(error) }, 'scratch folder not removed');
  });
}
