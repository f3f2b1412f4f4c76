import type { Builder, PrivateDaemon, Run } from '../../builders/builder.js';
import type { CacheCheckRecord, LaneRecord } from '../../results/journal.js';
import type { PlannedStep, PlannedStepOf } from '../../scenario/plan.js';
import type { IterationOptions } from '../iteration.js';
import type { Setting } from '../setting.js';

/** A context that a step made, for a lane: its folder, and what is in it. */
export interface MadeContext {
  forLane(lane: string): { readonly folder: string; readonly facts: NonNullable<LaneRecord['context']> };
}

/** The state that the steps of one iteration hand on. */
export interface IterationState extends IterationOptions {
  readonly setting: Setting;
  /** Builds go to it: the daemon's, where there is a private one. */
  readonly builder: Builder;
  readonly daemon: PrivateDaemon | null;
  /** Runs a command beside the lanes. */
  readonly aside: Run;
  readonly contexts: Map<string, MadeContext>;
  /** Lanes that ended, in the order of their steps. */
  readonly lanes: LaneRecord[];
  readonly cacheChecks: CacheCheckRecord[];
  /** Images that builds were told to make. */
  readonly tags: Set<string>;
}

/** Carries one kind of step out. It throws for faults of the environment; what builders do wrong is data. */
export type StepAction<K extends PlannedStep['step']> = (
  step: PlannedStepOf<K>,
  state: IterationState,
) => Promise<void>;
