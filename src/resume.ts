import path from 'node:path';
import { carryOutAndJudge, keepResult, type Means } from './carry-out.js';
import { awake, type ChosenBuilder } from './chosen-builder.js';
import { UserError } from './errors.js';
import { builderDifferences } from './results/builder-differences.js';
import { runName, runSalt } from './results/directory.js';
import { thisMachine } from './results/environment.js';
import { finishedIterations, iterationKey } from './results/finished-iterations.js';
import { lockRun } from './results/lock.js';
import { machineDifferences } from './results/machine-differences.js';
import { resumedElsewhere } from './results/mixture.js';
import { newRun } from './results/new-run.js';
import { refuseLinks } from './results/own-folders.js';
import { refuseForeign } from './results/own-run.js';
import { readRun, type StoredRun } from './results/read.js';
import type { RunResult } from './results/result.js';
import { spellsOf, workedMs } from './results/spells.js';
import { markSkipped } from './runner/prepare.js';
import type { Earlier } from './runner/setting.js';
import { contentHash, dockerfileFolder, readFolder } from './scenario/folder.js';
import { findScenario } from './scenario/library.js';
import { loadScenario, type Scenario } from './scenario/load.js';
import type { Plan } from './scenario/plan.js';
import { newSeed } from './scenario/seed.js';
import { toolVersion } from './version.js';

export interface ResumeOptions extends Pick<Means, 'env' | 'aside' | 'abort'> {
  /** The run directory. */
  readonly directory: string;
  /** Steps may take from others that use the builder. */
  readonly destructive: boolean;
  /** The builder `KIND[:INSTANCE]`. @throws {UserError} where it does not answer. */
  choose(builder: string): Promise<ChosenBuilder>;
  /** Who is told of what happens on that builder. */
  watch(chosen: ChosenBuilder): Promise<Omit<Means, 'env' | 'aside' | 'abort'>>;
}

/**
 * Goes on with a run that ended early: what is left of its plan, in its order, on its builder. Of a run that is finished
 * it is the result.
 * @throws {UserError} when it is no run directory, may be another user's, is being written, or its builder or scenario is
 *   no longer as it was.
 */
export async function resume(options: ResumeOptions): Promise<RunResult> {
  const { directory } = options;
  const before = await readRun(directory);
  if (isFinished(before)) return judged(directory);
  await refuseUntrusted(before);
  const lock = await lockRun(directory);
  try {
    // What was read before may have been written since.
    const run = await readRun(directory);
    if (isFinished(run)) return await judged(directory);
    return await onSameBuilder(run, options, async ({ chosen, dockerfiles, registry }) => {
      const { judge, answered } = await judgeEarlier(run, options);
      const plan = { ...run.plan, registry };
      const earlier = earlierOf(run, answered);
      const watcher = await options.watch(chosen);
      watcher.onPlan?.(plan, directory, countsOf(run));
      const { builder } = chosen;
      const kept = run.environment.scenario.files;
      const work = { plan, builder, dockerfiles, kept, earlier, judge };
      return carryOutAndJudge({ ...options, ...watcher, ...work });
    });
  } finally {
    await lock.release();
  }
}

/**
 * Carries a run's plan out once more, as a run of its own beside it: fresh iterations in another order.
 * @throws {UserError} as `resume` does.
 */
export async function repeat(options: ResumeOptions): Promise<RunResult> {
  const run = await readRun(options.directory);
  await refuseUntrusted(run);
  return onSameBuilder(run, options, async ({ chosen, dockerfiles, registry }) => {
    const now = new Date();
    const seed = newSeed();
    const { scenario } = run.plan;
    const plan: Plan = {
      ...run.plan,
      toolVersion,
      run: runName(now, scenario.name, run.plan.builder.kind, runSalt()),
      createdAt: now.toISOString(),
      seed,
      registry,
      again: run.plan.again.replace(/ --seed \d+(?= |$)/, ` --seed ${seed}`),
    };
    const environment = { ...run.environment, ...thisMachine(), toolVersion };
    const { directory, lock } = await newRun(path.dirname(options.directory), plan, environment);
    try {
      const watcher = await options.watch(chosen);
      watcher.onPlan?.(plan, directory, new Map());
      const { builder } = chosen;
      const kept = environment.scenario.files;
      const work = { plan, directory, builder, dockerfiles, kept, earlier: null, judge: null };
      return await carryOutAndJudge({ ...options, ...watcher, ...work });
    } finally {
      await lock.release();
    }
  });
}

/** Links first: of a link itself, everybody may change what they like (`lstat`), and no chmod mends that. */
async function refuseUntrusted(run: StoredRun): Promise<void> {
  await refuseLinks(run);
  await refuseForeign(run);
}

function isFinished({ directory, journal }: StoredRun): boolean {
  if (journal.events.some(({ event }) => event === 'runs-merged'))
    throw new UserError(`${directory} was joined of parts; resume the parts, and merge them again`);
  return spellsOf(journal).at(-1)?.end?.event === 'run-finished';
}

/** It may be somebody's archive, which cannot be written: the result is told all the same. */
async function judged(directory: string): Promise<RunResult> {
  const { analyze } = await import('./analysis.js');
  const result = await analyze(directory);
  await keepResult(directory, result).catch(() => undefined);
  return result;
}

interface Prepared {
  readonly chosen: ChosenBuilder;
  readonly dockerfiles: string;
  /** As the plan has it, or the address of a fresh one where the run had its own. */
  readonly registry: string | null;
}

async function onSameBuilder<T>(
  run: StoredRun,
  options: ResumeOptions,
  use: (prepared: Prepared) => Promise<T>,
): Promise<T> {
  const { plan } = run;
  const dockerfiles = await sameScenario(run);
  const { kind, instance } = plan.builder;
  const asked = await options.choose(instance === null ? kind : `${kind}:${instance}`);
  const chosen = await awake(asked, options.aside, options.abort);
  refuseOther(plan, chosen);
  return withSameRegistry(plan, options, async (registry) => {
    await refuseNewlySkipped(plan, chosen, dockerfiles, { registry, destructive: options.destructive });
    return use({ chosen, dockerfiles, registry });
  });
}

/** The Dockerfile folder of the run's scenario, if that still is what it was. */
async function sameScenario({ plan, environment }: StoredRun): Promise<string> {
  const { name, contentSha256 } = plan.scenario;
  const scenario = await keptScenario(environment.scenario.file, name);
  const folder = await dockerfileFolder(scenario.file, scenario.source.dockerfiles);
  if (contentHash(scenario.text, await readFolder(folder)) === contentSha256) return folder;
  throw new UserError(
    `the scenario ${scenario.file} is not what it was when the run began: put it back, or run it afresh with: ${plan.again}`,
  );
}

/** Where its file is gone it may have come with the program, which was moved or installed anew. */
async function keptScenario(file: string, name: string): Promise<Scenario> {
  try {
    return await loadScenario(file);
  } catch (error) {
    const bundled = await findScenario(name).catch(() => null);
    if (bundled === null) throw error;
    return bundled;
  }
}

/** A rate over two builders says nothing of either. */
function refuseOther(plan: Plan, { builder, probe }: ChosenBuilder): void {
  const differing = builderDifferences(plan.builder, { ...builder, ...probe }).map(
    ({ fact, before, now }) => `${words[fact]} ${before}, now ${now}`,
  );
  if (differing.length === 0) return;
  throw new UserError(
    `the builder is not the one that the run began on (${differing.join('; ')}): run it afresh with: ${plan.again}`,
  );
}

const words = {
  kind: 'kind',
  simulated: 'simulated:',
  name: 'name',
  version: 'version',
  daemonVersion: 'daemon version',
} as const;

/** What the plan allows itself has to be allowed again: it may be somebody else's. */
async function refuseNewlySkipped(
  plan: Plan,
  { builder, probe }: ChosenBuilder,
  dockerfiles: string,
  means: { registry: string | null; destructive: boolean },
): Promise<void> {
  const runnable = plan.arms.filter((arm) => arm.skipped === null);
  const marked = await markSkipped(runnable, builder, probe, dockerfiles, means);
  const skipped = marked.find((arm) => arm.skipped !== null);
  if (skipped !== undefined)
    throw new UserError(
      `the run cannot go on, arm ${skipped.name} is no longer possible: ${skipped.skipped}`,
    );
}

async function withSameRegistry<T>(
  { registry, ownRegistry }: Plan,
  { env, aside }: ResumeOptions,
  use: (registry: string | null) => Promise<T>,
): Promise<T> {
  if (registry === null) return use(null);
  const { withRegistry } = await import('./with-registry.js');
  const { BUILDRACE_REGISTRY: _, ...others } = env;
  const asked = ownRegistry
    ? { registry: null, env: others, isNeeded: true }
    : { registry, env, isNeeded: false };
  return withRegistry({ ...asked, aside }, use);
}

/** Lets the stopping rule see what was seen earlier, in its order. */
async function judgeEarlier({ directory, plan, journal }: StoredRun, { abort }: ResumeOptions) {
  const { judgeIteration } = await import('./judgement/judge.js');
  const { StoppingJudge } = await import('./judgement/stopping-rule.js');
  const judge = new StoppingJudge(plan);
  let answered: ReadonlySet<string> = new Set();
  // A fixed number does not hang on what was seen.
  if (plan.stopping.rule === 'fixed') return { judge, answered };
  for (const event of finishedIterations(plan, journal).events) {
    if (abort.aborted) break;
    const arm = plan.arms.find(({ name }) => name === event.arm);
    if (arm === undefined) continue;
    answered = judge.take(await judgeIteration(directory, plan, arm, event));
  }
  return { judge, answered };
}

function earlierOf({ plan, journal, environment }: StoredRun, answered: ReadonlySet<string>): Earlier {
  const { events } = finishedIterations(plan, journal);
  const differing = machineDifferences(environment, thisMachine());
  return {
    finished: new Set(events.map(({ arm, iteration }) => iterationKey(arm, iteration))),
    answered,
    workedMs: workedMs(journal),
    warnings: [
      ...(differing.length === 0 ? [] : [`${resumedElsewhere}: ${differing.join(', ')}`]),
      ...(plan.toolVersion === toolVersion
        ? []
        : [`it was begun with buildrace ${plan.toolVersion} and resumed with ${toolVersion}`]),
    ],
  };
}

function countsOf({ plan, journal }: StoredRun): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { arm } of finishedIterations(plan, journal).events) counts.set(arm, (counts.get(arm) ?? 0) + 1);
  return counts;
}
