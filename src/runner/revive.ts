import type { PlannedArm } from '../scenario/plan.js';
import { abortable } from './abortable.js';
import type { Bench } from './bench.js';
import { whyGone } from './builder-state.js';

/** How a builder was found that may be gone, and what came of it; null each: it answers. */
export interface Revived {
  readonly before: string | null;
  readonly after: string | null;
}

/** Asks the builder of an arm; a private daemon that is gone is started again. @throws the reason of an abort */
export async function revive(bench: Bench, arm: PlannedArm): Promise<Revived> {
  const { abort, log } = bench.setting;
  const before = await whyGone(bench, arm);
  const daemon = bench.daemons.of(arm);
  if (before === null || daemon === null) return { before, after: before };
  const name = bench.daemons.nameOf(arm);
  try {
    await abortable(daemon.restart(), abort);
    log.warn({ arm: arm.name, name, reason: before }, 'daemon started again');
    return { before, after: null };
  } catch (error) {
    abort.throwIfAborted();
    const after = (error as Error).message;
    log.warn({ arm: arm.name, name, reason: before, failure: after }, 'daemon not started again');
    return { before, after };
  }
}
