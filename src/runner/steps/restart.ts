import { abortable } from '../abortable.js';
import { StepError } from '../step-error.js';
import type { StepAction } from './step.js';

/** Ends the private daemon and starts it again, with what it has on its disk. */
export const restart: StepAction<'restart'> = async (_, { daemon, builder, setting }) => {
  if (daemon === null) throw new StepError(`the builder ${builder.kind} is not ours, so it is not restarted`);
  await abortable(daemon.restart(), setting.abort);
};
