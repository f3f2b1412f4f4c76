import { createBuildctl } from '../../../src/builders/buildctl.js';
import type { Builder, BuilderKind, Probe, Surroundings } from '../../../src/builders/builder.js';
import { builderFactories } from '../../../src/builders/index.js';
import type { RunDetail } from '../../../src/results/detail.js';
import { keptFile } from '../../../src/results/environment.js';
import { markSkipped } from '../../../src/runner/prepare.js';
import { expandArms } from '../../../src/scenario/expand.js';
import { dockerfileFolder, readFolder } from '../../../src/scenario/folder.js';
import { findScenario } from '../../../src/scenario/library.js';
import { notMeantFor } from '../../../src/scenario/meant-for.js';
import type { PlannedArm } from '../../../src/scenario/plan.js';
import { sampleEnvironment, samplePlan } from '../../results/sample-run.js';
import { sampleDetail } from '../sample-detail.js';

export const registry = '127.0.0.1:5000';

/** Nothing is asked of any program. */
const surroundings: Surroundings = {
  env: {},
  platform: 'linux',
  run: async () => ({ exitCode: 1, stdout: '', stderr: '', timedOut: false, notFound: true }),
};

/** The builder as a script calls it: by its name on PATH, at the place that the environment names. */
export function bareBuilder(kind: string): Builder {
  const factory = builderFactories.find((one) => one.kind === kind);
  if (factory === undefined) throw new Error(`there is no builder ${kind}`);
  if (kind !== 'buildkitd') return factory.create(null, surroundings);
  const place = { kind: 'buildkitd', instance: null, program: 'buildctl', address: null } as const;
  return createBuildctl(place, surroundings);
}

/** The run that a scenario of the library would be on a builder of that kind; null: it is not for it. */
export async function plannedDetail(name: string, kind: BuilderKind): Promise<RunDetail | null> {
  const scenario = await findScenario(name);
  if (notMeantFor(scenario, kind) !== null) return null;
  const folder = await dockerfileFolder(scenario.file, scenario.source.dockerfiles);
  const none = { arms: null, lanes: null, iterations: null, delaysMs: null, offsetMs: null, sweep: null };
  const builder = builderFactories.find((one) => one.kind === kind)?.create(null, surroundings);
  if (builder === undefined) return null;
  const probe: Probe = {
    ...{ kind, instance: null, found: true, answers: true, name: null, version: null },
    ...{ daemonVersion: null, platforms: null, missing: [], versionOutput: [] },
  };
  const means = { registry, destructive: true };
  const arms = await markSkipped(expandArms(scenario, none), builder, probe, folder, means);
  return detailOf(arms, kind, (await readFolder(folder)).map(keptFile), name);
}

/** A run of these arms that has not shown anything yet. */
export function detailOf(
  arms: readonly PlannedArm[],
  kind: string,
  files: RunDetail['environment']['scenario']['files'],
  name = 'sample',
): RunDetail {
  const plan = samplePlan({ arms: [...arms], registry });
  const environment = sampleEnvironment();
  return sampleDetail({
    plan: {
      ...plan,
      run: 'run-1',
      builder: { ...plan.builder, kind },
      scenario: { ...plan.scenario, name },
    },
    environment: { ...environment, scenario: { ...environment.scenario, files } },
    iterations: [],
    firstFailing: null,
    clean: null,
  });
}

/** The same run, after that arm was the first to show its fault. */
export const failingIn = (detail: RunDetail, arm: string): RunDetail => ({
  ...detail,
  firstFailing: { arm, iteration: 1 },
});
