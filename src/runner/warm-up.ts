import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { layout } from '../results/layout.js';
import {
  armLanes,
  type PlannedArm,
  type PlannedBuild,
  type PlannedLane,
  type PlannedStep,
} from '../scenario/plan.js';
import type { Bench } from './bench.js';
import { inScratch } from './in-scratch.js';
import { logTail } from './log-tail.js';
import { revive } from './revive.js';

/**
 * Builds every Dockerfile of the plan once, so that what has to be pulled for it is there before anything counts. The
 * logs are kept in the run directory.
 */
export async function warmUp(bench: Bench, arms: readonly PlannedArm[]): Promise<void> {
  for (const arm of oncePerBuild(arms)) {
    bench.setting.abort.throwIfAborted();
    await warmUpArm(bench, arm);
  }
}

/** For each kind of build, the first arm that has it, with that one lane. */
function oncePerBuild(arms: readonly PlannedArm[]): PlannedArm[] {
  const seen = new Set<string>();
  return arms.flatMap((arm) =>
    armLanes(arm).flatMap(({ name, build }) => {
      const key = kindOf(build, arm);
      if (seen.has(key)) return [];
      seen.add(key);
      return [withLaneOnly(arm, name)];
    }),
  );
}

/** Builds with the same key pull the same. */
function kindOf({ dockerfile, target, platforms }: PlannedBuild, { daemon }: PlannedArm): string {
  return JSON.stringify([dockerfile, target, platforms, daemon]);
}

function withLaneOnly(arm: PlannedArm, lane: string): PlannedArm {
  const steps = arm.steps.flatMap((step): PlannedStep[] => {
    if (step.step === 'make-context') return [step];
    if (step.step !== 'build') return [];
    const lanes = step.lanes.filter(({ name }) => name === lane).map(forItself);
    return lanes.length === 0 ? [] : [{ ...step, lanes }];
  });
  return { ...arm, steps };
}

/** A build that shares nothing: what it exports would be there before the first iteration. */
function forItself(lane: PlannedLane): PlannedLane {
  const build = { ...lane.build, cacheFrom: [], cacheTo: [], push: null };
  return { ...lane, delayMs: 0, cancelAfterMs: null, build };
}

async function warmUpArm(bench: Bench, arm: PlannedArm): Promise<void> {
  const { setting, journal } = bench;
  setting.observer.warmUpStarted(arm);
  const folder = path.join(setting.directory, layout.warmUp(arm.name));
  const started = performance.now();
  const record = await inScratch(bench, { arm, iteration: 0 }, folder);
  const lane = record.lanes[0];
  const exitCode = lane?.exitCode ?? null;
  if (bench.daemons.of(arm) !== null) bench.daemons.doubt(arm, exitCode !== 0 && !(await isBack(bench, arm)));
  else if (record.gone !== null) bench.daemons.doubt(arm, true);
  const isMeant = armLanes(arm)[0]?.build.meantToFail === true && record.spoilt === null;
  const tail =
    exitCode === 0 || isMeant ? null : (record.spoilt ?? (await logTail(folder, lane?.lane ?? '')));
  if (tail !== null) setting.log.warn({ folder, tail }, 'the warm-up build failed');
  await journal.append({
    event: 'warm-up-finished',
    dockerfile: armLanes(arm)[0]?.build.dockerfile ?? '',
    exitCode,
    durationMs: Math.round(performance.now() - started),
    tail,
  });
  setting.observer.warmUpFinished(arm, tail);
}

/** A daemon of our own that died under a build is started again before anything counts; no iteration tells of it. */
async function isBack(bench: Bench, arm: PlannedArm): Promise<boolean> {
  const { before, after } = await revive(bench, arm);
  if (before !== null && after === null)
    await bench.journal.append({
      event: 'daemon-restarted',
      daemon: bench.daemons.nameOf(arm),
      reason: before,
    });
  return after === null;
}
