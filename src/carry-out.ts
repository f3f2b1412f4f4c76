import path from 'node:path';
import { pino } from 'pino';
import type { Builder, Run } from './builders/builder.js';
import { unwritten } from './errors.js';
import type { Judgement } from './judgement/judge.js';
import type { StoppingJudge } from './judgement/stopping-rule.js';
import { writeJson } from './results/directory.js';
import { harnessLog } from './results/harness-log.js';
import { layout } from './results/layout.js';
import { canGoOn, notCarriedOut } from './results/not-carried-out.js';
import type { RunResult } from './results/result.js';
import type { KeptHash } from './runner/dockerfiles-watch.js';
import { carryOut } from './runner/run.js';
import type { Earlier, Observer } from './runner/setting.js';
import { type Plan, schemaVersion } from './scenario/plan.js';

/** What a run is carried out with, whoever made its plan. */
export interface Means {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Runs commands beside the lanes. */
  readonly aside: Run;
  readonly abort: AbortSignal;
  readonly observer: Observer;
  /** Told of the run before its first build, and how many iterations of each arm were finished earlier. */
  onPlan?(plan: Plan, directory: string, finished: ReadonlyMap<string, number>): void;
  /** Told of every iteration once it is judged. */
  onJudgement?(judgement: Judgement): void;
}

export interface Work extends Means {
  readonly plan: Plan;
  /** The run directory, with its plan and environment, which this process has the lock of. */
  readonly directory: string;
  readonly builder: Builder;
  /** The scenario's Dockerfile folder. */
  readonly dockerfiles: string;
  /** What stands in it. */
  readonly kept: readonly KeptHash[];
  readonly earlier: Earlier | null;
  /** The judge of what was seen earlier; null: it is made when there is something to judge. */
  readonly judge: StoppingJudge | null;
}

/**
 * Plan → run → analysis: carries out what is left of a plan in its run directory, and judges the whole.
 * @throws {UserError} when the run directory cannot be written.
 */
export async function carryOutAndJudge(work: Work): Promise<RunResult> {
  const { plan, directory, builder, dockerfiles, kept, env, abort, observer, earlier } = work;
  const log = pino(
    { base: { schemaVersion }, timestamp: pino.stdTimeFunctions.isoTime, level: 'debug' },
    harnessLog(path.join(directory, layout.log)),
  );
  const arms = new Map(plan.arms.map((arm) => [arm.name, arm]));
  let { judge } = work;
  await carryOut(
    {
      ...{ plan, builder, directory, dockerfiles, kept, env, log, observer, abort },
      ...(earlier === null ? {} : { earlier }),
      ...(plan.registry === null
        ? {}
        : { readImage: async (...image) => (await import('./with-registry.js')).readPushed(...image) }),
    },
    work.aside,
    async (event) => {
      const arm = arms.get(event.arm);
      // Loaded when there is something to judge: until then it would only hold the first lane up.
      const { judgeIteration } = await import('./judgement/judge.js');
      const { StoppingJudge } = await import('./judgement/stopping-rule.js');
      judge ??= new StoppingJudge(plan);
      if (arm === undefined) return new Set();
      const judgement = await judgeIteration(directory, plan, arm, event);
      work.onJudgement?.(judgement);
      return judge.take(judgement);
    },
  );
  const { analyze } = await import('./analysis.js');
  const result = await analyze(directory);
  await keepResult(directory, result);
  return result;
}

/** @throws {UserError} when it cannot be written. */
export async function keepResult(directory: string, result: RunResult): Promise<void> {
  const file = path.join(directory, layout.result);
  await writeJson(file, result).catch((error: unknown) => {
    const whole = `what was finished is whole, and buildrace analyze ${directory} judges it again`;
    throw unwritten(file, error, [...leftText(directory, result), whole].join('; '));
  });
}

/** What a run that ended early did not come to; nothing of one that did all that it was to do. */
function leftText(directory: string, result: RunResult): string[] {
  const { count, of } = notCarriedOut(result);
  if (result.stopped === null || count === 0) return [];
  const more = canGoOn(result) ? `, and buildrace resume ${directory} goes on with the rest` : '';
  return [`${count} of ${of} iterations were not carried out (${result.stopped})${more}`];
}
