import type { RunDetail } from '../results/detail.js';

/**
 * Whether the simulated builder made a run: it says so, or what was recorded of it calls the simulator or answers as it
 * does. It keeps a run whose `plan.json` was changed from being taken for a real one by accident; whoever means to forge
 * one can change the rest too.
 */
export function isSimulated({ result, plan, environment, iterations }: RunDetail): boolean {
  const told = [result.builder, plan.builder].some(
    ({ simulated, kind }) => simulated || kind === 'simulated',
  );
  const lanes = iterations.flatMap((one) => one.lanes.map(({ record }) => record.command));
  const commands = [...result.arms.map(({ command }) => command ?? []), ...lanes];
  return (
    told ||
    commands.some((command) => command.slice(0, 2).some(isSimulator)) ||
    environment.versionOutput.some(
      ({ command, output }) =>
        command.split(/\s+/).some(isSimulator) || /"simulated"\s*:\s*true\b/.test(output),
    )
  );
}

/** The simulator's program, wherever the package lies; it is called by its interpreter or by itself. */
function isSimulator(word: string): boolean {
  return /(?:^|[\\/])simulator[\\/]main\.js$/.test(word);
}

/** A run as it has to be shown: with `simulated` set where anything recorded says so. */
export function withSimulatedTold(detail: RunDetail): RunDetail {
  if (!isSimulated(detail)) return detail;
  const { result, plan } = detail;
  return {
    ...detail,
    result: { ...result, builder: { ...result.builder, simulated: true } },
    plan: { ...plan, builder: { ...plan.builder, simulated: true } },
  };
}
