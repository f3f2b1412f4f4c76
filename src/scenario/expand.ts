import { UserError } from '../errors.js';
import type { BuildSource, LaneSource, LanesSource } from './build.js';
import type { DaemonSource } from './daemon.js';
import { durationMs } from './duration.js';
import type { Scenario } from './load.js';
import { nameLanes } from './name-lanes.js';
import type { PlannedArm, PlannedBuild, PlannedLane, PlannedStep } from './plan.js';
import type { ArmSource } from './schema.js';
import type { StepSource } from './steps.js';
import { type Sweep, scenarioSweep } from './sweep.js';
import { chosenSweep, sweepArms } from './sweep-arms.js';

/** What the command line says instead of the scenario; null: the scenario counts. */
export interface Overrides {
  readonly arms: readonly string[] | null;
  readonly lanes: number | null;
  readonly iterations: number | null;
  /** Delay of each lane after the gate, in ms; the last one goes on for the lanes after it. */
  readonly delaysMs: readonly number[] | null;
  /** Delay of each lane after the one before it, in ms, in the steps that let lanes go together; instead of `delaysMs`. */
  readonly offsetMs: number | null;
  /** Levels of factors, instead of the scenario's for these factors. */
  readonly sweep: Sweep | null;
}

/** An image name that says whose it is; `{run}` keeps it apart from every other run's. */
const defaultTag = 'buildrace-{scenario}-{arm}-{lane}:{run}';

/**
 * The arms of a scenario with everything inherited written out; where something is swept, one for each of its points.
 * @throws {UserError} when an arm that was asked for is not there, or a sweep makes no sense here.
 */
export function expandArms(scenario: Scenario, overrides: Overrides): PlannedArm[] {
  const { arms } = scenario.source;
  for (const name of overrides.arms ?? []) {
    if (arms.some((arm) => arm.name === name)) continue;
    const known = arms.map((arm) => arm.name).join(', ');
    throw new UserError(`scenario ${scenario.name} has no arm ${name}; it has ${known}`);
  }
  const chosen = arms.filter((arm) => overrides.arms?.includes(arm.name) ?? true);
  const sweep = chosenSweep(scenarioSweep(scenario.source.sweep), overrides);
  if (sweep === null) return chosen.map((arm) => expandArm(scenario, arm, overrides));
  const sweepable = (source: ArmSource) => ({
    source,
    expand: (atPoint: Overrides) => expandArm(scenario, source, atPoint),
  });
  return sweepArms(arms.map(sweepable), chosen.map(sweepable), sweep, overrides);
}

function expandArm(scenario: Scenario, arm: ArmSource, overrides: Overrides): PlannedArm {
  const owner = arm.role === 'alone' ? scenario.source.arms.find((other) => other.name === arm.of) : arm;
  const shape = owner ?? arm;
  const steps = shape.steps ?? scenario.source.steps;
  const own = overridesByStep(scenario, shape, steps, overrides);
  const planned = steps.map((step, i) =>
    expandStep(scenario, shape, step, arm.role !== 'alone', own[i] ?? overrides),
  );
  return {
    name: arm.name,
    title: arm.title ?? null,
    role: arm.role,
    of: arm.of ?? null,
    expects: [...(arm.expects ?? [])],
    iterations: overrides.iterations ?? arm.iterations ?? scenario.source.iterations,
    steps: nameLanes(planned),
    daemon: expandDaemon(shape.daemon ?? scenario.source.daemon),
    point: null,
    skipped: null,
  };
}

function expandDaemon(daemon: DaemonSource | undefined): PlannedArm['daemon'] {
  if (daemon === undefined) return null;
  const { snapshotter = null, flags = [], keepMegabytes = null } = daemon;
  return { snapshotter, flags, keepMegabytes, cpus: null };
}

/**
 * What the command line says of lanes is meant for the steps that let several go together: one build that prepares
 * something stays one. Where no step has several, it is meant for all.
 * @throws {UserError} where it names a delay for more lanes than any step has.
 */
function overridesByStep(
  scenario: Scenario,
  arm: ArmSource,
  steps: readonly StepSource[],
  overrides: Overrides,
): Overrides[] {
  const counts = steps.map((step) =>
    step.step === 'build' ? listedLanes(lanesOf(scenario, arm, step)).length : 0,
  );
  const isRace = (count: number): boolean => count > 1 || (count > 0 && Math.max(...counts) === 1);
  const widest = overrides.lanes ?? Math.max(...counts);
  const delays = overrides.delaysMs?.length ?? 0;
  if (delays > widest)
    throw new UserError(`--delay names ${delays} lanes, and arm ${arm.name} has ${widest}`);
  const none = { ...overrides, lanes: null, delaysMs: null, offsetMs: null };
  return counts.map((count) => (isRace(count) ? overrides : none));
}

function lanesOf(
  scenario: Scenario,
  arm: ArmSource,
  step: Extract<StepSource, { step: 'build' }>,
): LanesSource {
  return step.lanes ?? arm.lanes ?? scenario.source.lanes;
}

function listedLanes(lanes: LanesSource): LaneSource[] {
  return Array.isArray(lanes) ? lanes : Array.from({ length: lanes }, () => ({}));
}

function expandStep(
  scenario: Scenario,
  arm: ArmSource,
  step: StepSource,
  together: boolean,
  overrides: Overrides,
): PlannedStep {
  if (step.step === 'make-context') return { ...step, like: step.like ?? null };
  if (step.step !== 'build') return { ...step };
  return {
    step: 'build',
    together,
    lanes: expandLanes(scenario, arm, lanesOf(scenario, arm, step), overrides),
  };
}

function expandLanes(
  scenario: Scenario,
  arm: ArmSource,
  lanes: LanesSource,
  overrides: Overrides,
): PlannedLane[] {
  const listed = listedLanes(lanes);
  const count = overrides.lanes ?? listed.length;
  return Array.from({ length: count }, (_, i) => {
    const lane = listed[i % listed.length] ?? {};
    const { delaysMs, offsetMs } = overrides;
    const delay = offsetMs === null ? delaysMs?.[Math.min(i, delaysMs.length - 1)] : i * offsetMs;
    return {
      name: lane.name ?? '',
      cancelAfterMs: lane.cancelAfter === undefined ? null : durationMs(lane.cancelAfter),
      delayMs: delay ?? (lane.delay === undefined ? 0 : durationMs(lane.delay)),
      build: expandBuild(scenario, [scenario.source.build, arm.build, lane.build]),
    };
  });
}

function expandBuild(scenario: Scenario, layers: readonly (BuildSource | undefined)[]): PlannedBuild {
  const merged: BuildSource = Object.assign({}, ...layers);
  const buildArgs = Object.assign({}, ...layers.map((layer) => layer?.buildArgs));
  return {
    dockerfile: merged.dockerfile ?? 'Dockerfile',
    context: merged.context ?? null,
    platforms: [...(merged.platforms ?? [])],
    buildArgs: Object.fromEntries(Object.entries(buildArgs).map(([key, value]) => [key, String(value)])),
    target: merged.target ?? null,
    tags: (merged.tags ?? [defaultTag]).map((tag) => tag.replaceAll('{scenario}', scenario.name)),
    noCache: merged.noCache ?? false,
    progress: merged.progress ?? 'plain',
    cacheFrom: [...(merged.cacheFrom ?? [])],
    cacheTo: [...(merged.cacheTo ?? [])],
    push: merged.push ?? null,
    meantToFail: merged.meantToFail ?? false,
    mustBeCached: [...(merged.mustBeCached ?? [])],
    mustRunOnce: [...(merged.mustRunOnce ?? [])],
  };
}
