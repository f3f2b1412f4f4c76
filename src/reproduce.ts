import { carryOutAndJudge, type Means } from './carry-out.js';
import { awake, type ChosenBuilder } from './chosen-builder.js';
import { UserError } from './errors.js';
import { runName, runSalt } from './results/directory.js';
import { type Environment, keptFile, thisMachine } from './results/environment.js';
import { newRun } from './results/new-run.js';
import type { RunResult } from './results/result.js';
import { markSkipped } from './runner/prepare.js';
import { durationMs } from './scenario/duration.js';
import { expandArms, type Overrides } from './scenario/expand.js';
import {
  contentHash,
  dockerfileFolder,
  type FolderFile,
  readFolder,
  refuseResultsInside,
} from './scenario/folder.js';
import type { Scenario } from './scenario/load.js';
import { notMeantFor } from './scenario/meant-for.js';
import { type Plan, type Shard, type Stopping, schemaVersion, type WindowSearch } from './scenario/plan.js';
import { seedFor } from './scenario/seed.js';
import { signals } from './signals.js';
import { toolVersion } from './version.js';

export interface ReproduceOptions extends Means {
  readonly scenario: Scenario;
  readonly chosen: ChosenBuilder;
  readonly overrides: Overrides;
  /** Time limit of one build; null: the scenario's, else 10 minutes. */
  readonly timeoutMs: number | null;
  /** `HOST:PORT` of the registry for scenarios that need one; null: `$BUILDRACE_REGISTRY`, else one of the run's own. */
  readonly registry: string | null;
  /** Steps may take from others that use the builder. */
  readonly destructive: boolean;
  /** What the order of the iterations follows from; null: a new one. */
  readonly seed: number | null;
  readonly stopping: Stopping;
  /** No iteration begins later than that after the start of the run; null: no limit. */
  readonly maxTimeMs: number | null;
  /** The part of the plan that is carried out; null: all of it. */
  readonly shard: Shard | null;
  readonly window: WindowSearch | null;
  /** Bytes that are kept of what a lane prints; null: all. */
  readonly maxLogBytes: number | null;
  /** What the run is going to be held against and to fail on, kept for who resumes it. */
  readonly judgedBy: Pick<Plan, 'failOn' | 'baseline'>;
  /** The folder that holds the runs. */
  readonly results: string;
  /** The command line that does the same again, in the order of that seed. */
  again(seed: number): string;
}

const defaultTimeoutMs = 600_000;

/**
 * Scenario → plan → run → analysis: runs a scenario on one builder and judges it. Nothing is written before
 * everything was found right.
 * @throws {UserError} for a scenario, a folder or a results folder that is wrong.
 */
export async function reproduce(options: ReproduceOptions): Promise<RunResult> {
  const isNeeded = options.scenario.source.registry;
  // A daemon of the run's own takes base images from the registry that was named, whatever the scenario.
  if (!isNeeded && options.chosen.builder.startDaemon === undefined)
    return reproduceWith(options, null, false);
  // Loaded where it is needed: most runs have no registry, and it would only hold their first lane up.
  const { withRegistry } = await import('./with-registry.js');
  return withRegistry({ ...options, isNeeded }, (registry, isOwn) => reproduceWith(options, registry, isOwn));
}

async function reproduceWith(
  options: ReproduceOptions,
  registry: string | null,
  isOwn: boolean,
): Promise<RunResult> {
  const dockerfiles = await dockerfileFolder(options.scenario.file, options.scenario.source.dockerfiles);
  await refuseResultsInside(dockerfiles, options.results);
  const files = await readFolder(dockerfiles);
  await makePlan(options, dockerfiles, files, registry, isOwn); // finds mistakes before anything is started
  const chosen = await awake(options.chosen, options.aside, options.abort);
  const plan = await makePlan({ ...options, chosen }, dockerfiles, files, registry, isOwn);
  const environment = makeEnvironment({ ...options, chosen }, files);
  const { directory, lock } = await newRun(options.results, plan, environment);
  try {
    options.onPlan?.(plan, directory, new Map());
    const { builder } = chosen;
    return await carryOutAndJudge({
      ...options,
      ...{
        plan,
        directory,
        builder,
        dockerfiles,
        kept: environment.scenario.files,
        earlier: null,
        judge: null,
      },
    });
  } finally {
    await lock.release();
  }
}

async function makePlan(
  options: ReproduceOptions,
  dockerfiles: string,
  files: readonly FolderFile[],
  registry: string | null,
  isOwn: boolean,
): Promise<Plan> {
  const { scenario, chosen } = options;
  const { source } = scenario;
  const { builder, probe } = chosen;
  const misplaced = notMeantFor(scenario, builder.kind);
  if (misplaced !== null) throw new UserError(misplaced);
  const now = new Date();
  const contentSha256 = contentHash(scenario.text, files);
  const seed = seedFor(options.seed, options.shard, contentSha256);
  const allowed = { registry, destructive: options.destructive };
  const expanded = expandArms(scenario, options.overrides);
  if (options.stopping.rule === 'first' && expanded.some(({ point }) => point !== null)) {
    throw new UserError(
      '--until first measures no rate, so that a sweep has nothing to compare: leave one out',
    );
  }
  const arms = await markSkipped(expanded, builder, probe, dockerfiles, allowed).catch((error: unknown) => {
    if (error instanceof UserError) throw new UserError(`${scenario.file}: ${error.message}`, error.exitCode);
    throw error;
  });
  return {
    schemaVersion,
    toolVersion,
    run: runName(now, scenario.name, builder.kind, runSalt()),
    createdAt: now.toISOString(),
    scenario: {
      name: scenario.name,
      title: source.title,
      description: source.description ?? null,
      reports: source.reports,
      contentSha256,
    },
    builder: {
      kind: builder.kind,
      instance: builder.instance,
      name: probe.name,
      version: probe.version,
      daemonVersion: probe.daemonVersion,
      simulated: builder.simulated,
      progressStream: builder.progressStream,
      leaves: builder.leaves,
    },
    timeoutMs:
      options.timeoutMs ?? (source.timeout === undefined ? defaultTimeoutMs : durationMs(source.timeout)),
    seed,
    stopping: options.stopping,
    maxTimeMs: options.maxTimeMs,
    shard: options.shard,
    window: options.window,
    registry,
    ownRegistry: registry !== null && isOwn,
    maxLogBytes: options.maxLogBytes,
    ...options.judgedBy,
    signals: lookedFor(scenario),
    arms,
    again: options.again(seed),
  };
}

/** The signals that a scenario asks for, all of them where it names none, in the order in which reports list them. */
function lookedFor({ source }: Scenario): Plan['signals'] {
  return signals.filter((signal) => source.signals?.includes(signal) ?? true);
}

function makeEnvironment({ scenario, chosen }: ReproduceOptions, files: readonly FolderFile[]): Environment {
  return {
    schemaVersion,
    toolVersion,
    ...thisMachine(),
    versionOutput: [...chosen.probe.versionOutput],
    platforms: chosen.probe.platforms === null ? null : [...chosen.probe.platforms],
    scenario: { file: scenario.file, text: scenario.text, files: files.map(keptFile) },
  };
}
