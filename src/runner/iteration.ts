import { type Builder, DaemonError, type PrivateDaemon, type Run } from '../builders/builder.js';
import { makeFolder } from '../results/directory.js';
import type { CacheCheckRecord, LaneRecord } from '../results/journal.js';
import type { PlannedArm } from '../scenario/plan.js';
import { GateError } from './gate.js';
import { machineFault } from './machine-fault.js';
import type { Setting } from './setting.js';
import { SilentBuilderError } from './silence.js';
import { StepError } from './step-error.js';
import { carryOutStep } from './steps/index.js';
import type { IterationState, MadeContext } from './steps/step.js';

export interface IterationOptions {
  readonly arm: PlannedArm;
  readonly iteration: number;
  /** Where the lanes' streams go. */
  readonly folder: string;
  /** Empty, and removed afterwards by the caller. */
  readonly scratch: string;
  readonly fifo: string;
  readonly builder: Builder;
  readonly daemon: PrivateDaemon | null;
  readonly aside: Run;
  /** Called when the names of images are known, before a build can make them. */
  readonly onImages?: () => void;
}

/** What an iteration left, finished or not. */
export interface IterationRecord {
  readonly lanes: readonly LaneRecord[];
  /** Images that its builds may have made. */
  readonly tags: readonly string[];
  readonly cacheChecks: readonly CacheCheckRecord[];
  readonly spoilt: string | null;
  /** What was wrong with the builder, where that spoilt it. */
  readonly gone: string | null;
}

/** One pass over an arm's steps. An abort throws after the lanes were ended; `tags` then still names all images. */
export async function carryOutIteration(
  setting: Setting,
  options: IterationOptions,
  tags: Set<string>,
): Promise<IterationRecord> {
  const state = {
    setting,
    ...options,
    contexts: new Map<string, MadeContext>(),
    lanes: [] as LaneRecord[],
    cacheChecks: [] as CacheCheckRecord[],
    tags,
  };
  try {
    await makeFolder(options.folder);
    for (const step of options.arm.steps) {
      setting.abort.throwIfAborted();
      await carryOutStep(step, state);
    }
    return recordOf(state, null, null);
  } catch (error) {
    const reason = spoiledBy(error);
    if (reason === null || setting.abort.aborted) throw error;
    setting.log.warn({ arm: options.arm.name, iteration: options.iteration, reason }, 'iteration spoilt');
    return recordOf(state, reason, error instanceof SilentBuilderError ? error.why : null);
  }
}

function recordOf(
  { lanes, cacheChecks, tags }: Pick<IterationState, 'lanes' | 'cacheChecks' | 'tags'>,
  spoilt: string | null,
  gone: string | null,
): IterationRecord {
  return { lanes, cacheChecks, tags: [...tags], spoilt, gone };
}

/** What the environment did, in words; null for anything that is not the environment's doing. */
function spoiledBy(error: unknown): string | null {
  const own = [GateError, StepError, DaemonError, SilentBuilderError];
  if (own.some((kind) => error instanceof kind)) return (error as Error).message;
  return machineFault(error);
}
