import { StepError } from '../step-error.js';
import type { StepAction } from './step.js';

/** A cache of some gigabytes takes its time. */
const limitMs = 300_000;

/** Empties the cache of the builder; whether that may be done was seen when the arm was planned. */
export const prune: StepAction<'prune'> = async (_, { daemon, builder, aside, setting }) => {
  const command = daemon?.prune() ?? builder.prune?.();
  if (command === undefined) throw new StepError(`the builder ${builder.kind} cannot be pruned`);
  const result = await aside(command, { timeoutMs: limitMs });
  setting.log.debug({ command, exitCode: result.exitCode, stderr: result.stderr }, 'pruned');
  if (result.exitCode !== 0) throw new StepError(`the cache could not be pruned: ${result.stderr.trim()}`);
};
