import type { Command, RunResult } from '../../builders/builder.js';
import { Silence } from '../silence.js';
import { StepError } from '../step-error.js';
import type { IterationState, StepAction } from './step.js';

/** A cache of some gigabytes takes its time. */
const limitMs = 300_000;

/** Empties the cache of the builder; whether that may be done was seen when the arm was planned. */
export const prune: StepAction<'prune'> = async (_, state) => {
  const { daemon, builder, setting } = state;
  const command = daemon?.prune() ?? builder.prune?.();
  if (command === undefined) throw new StepError(`the builder ${builder.kind} cannot be pruned`);
  const result = await carryOut(command, state);
  setting.log.debug({ command, exitCode: result.exitCode, stderr: result.stderr }, 'pruned');
  setting.abort.throwIfAborted();
  if (result.exitCode !== 0) throw new StepError(`the cache could not be pruned: ${result.stderr.trim()}`);
};

/** Ends the command where the builder does not answer meanwhile. @throws {SilentBuilderError} */
async function carryOut(command: Command, { builder, setting, aside }: IterationState): Promise<RunResult> {
  const given = new AbortController();
  const silence = new Silence(builder, setting.patience);
  const abort = AbortSignal.any([setting.abort, given.signal]);
  silence.begin();
  try {
    return await Promise.race([aside(command, { timeoutMs: limitMs, abort }), silence.broken]);
  } finally {
    silence.end();
    given.abort();
  }
}
