import type { Sought } from '../../results/baselines.js';
import { thisMachine } from '../../results/environment.js';
import { expandArms } from '../../scenario/expand.js';
import { contentHash, dockerfileFolder, readFolder } from '../../scenario/folder.js';
import type { Plan, PlannedArm } from '../../scenario/plan.js';
import type { RunAllOptions } from './options.js';
import type { Pair } from './pairs.js';

/** What of the command line decides what a run is. */
export type Asked = Pick<RunAllOptions, 'overrides' | 'results'>;

/** A run as it will be. */
export interface PlannedRun {
  readonly sought: Sought;
  /** A builder that is started on first use tells its version only then. */
  readonly isVersionKnown: boolean;
  readonly arms: readonly PlannedArm[];
}

/** The same of a run whose plan is there. */
export function soughtOf(plan: Plan): PlannedRun {
  const { kind, simulated, name, version, daemonVersion } = plan.builder;
  const { name: scenario, contentSha256 } = plan.scenario;
  return {
    sought: {
      ...{ name: 'this run', scenario, contentSha256 },
      builder: { kind, name, version, daemonVersion, simulated },
      machine: thisMachine(),
      startedAt: plan.createdAt,
    },
    arms: plan.arms,
    isVersionKnown: true,
  };
}

/**
 * What can be said of a run before its first build.
 * @throws {UserError} for a scenario's folder that cannot be read, or an arm that it does not have.
 */
export async function soughtFor(
  { scenario, builder: { builder, probe } }: Pair,
  { overrides }: Asked,
): Promise<PlannedRun> {
  const files = await readFolder(await dockerfileFolder(scenario.file, scenario.source.dockerfiles));
  const { kind, simulated } = builder;
  const { name, version, daemonVersion } = probe;
  return {
    sought: {
      name: 'this run',
      scenario: scenario.name,
      contentSha256: contentHash(scenario.text, files),
      builder: { kind, name, version, daemonVersion, simulated },
      machine: thisMachine(),
      startedAt: new Date().toISOString(),
    },
    arms: expandArms(scenario, overrides),
    isVersionKnown: daemonVersion !== null || builder.wake().length === 0,
  };
}
