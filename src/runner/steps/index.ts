import type { PlannedStep } from '../../scenario/plan.js';
import { build } from './build.js';
import { checkCache } from './check-cache.js';
import { makeContext } from './make-context.js';
import { prune } from './prune.js';
import { readImages } from './read-images.js';
import { removeFolder } from './remove-folder.js';
import { restart } from './restart.js';
import type { IterationState, StepAction } from './step.js';

/** All kinds of step; the schema of each is in `scenario/steps.ts`. */
const actions: { readonly [K in PlannedStep['step']]: StepAction<K> } = {
  build,
  'make-context': makeContext,
  prune,
  restart,
  'check-cache': checkCache,
  'read-images': readImages,
  'remove-folder': removeFolder,
};

export async function carryOutStep(step: PlannedStep, state: IterationState): Promise<void> {
  const action = actions[step.step] as StepAction<PlannedStep['step']>;
  await action(step, state);
}
