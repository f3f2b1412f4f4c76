import type { Builder, Probe, Run } from './builders/builder.js';

/** A builder that was chosen, with what it said of itself. */
export interface ChosenBuilder {
  readonly builder: Builder;
  readonly probe: Probe;
}

/** Apple's command line itself waits that long for its builder. */
const wakeLimitMs = 300_000;

/** A builder that is started on first use tells its version only then; a run without it says too little. */
export async function awake(chosen: ChosenBuilder, aside: Run, abort: AbortSignal): Promise<ChosenBuilder> {
  const commands = chosen.probe.daemonVersion === null ? chosen.builder.wake() : [];
  for (const command of commands) await aside(command, { timeoutMs: wakeLimitMs, abort });
  return commands.length === 0 ? chosen : { ...chosen, probe: await chosen.builder.probe() };
}
