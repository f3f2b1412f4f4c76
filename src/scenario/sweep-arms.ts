import { UserError } from '../errors.js';
import { parseDuration } from './duration.js';
import type { Overrides } from './expand.js';
import { armLanes, type PlannedArm, type PlannedStep, widestStep } from './plan.js';
import type { ArmSource } from './schema.js';
import { argumentOf, type Sweep } from './sweep.js';

/** An arm of the scenario, and how it is expanded under other overrides. */
export interface SweptArm {
  readonly source: ArmSource;
  expand(overrides: Overrides): PlannedArm;
}

type Point = Readonly<Record<string, string>>;

const maxPoints = 100;
const maxArms = 400;
const maxNameLength = 63;

/**
 * The sweep that is carried out: the scenario's with the levels of the command line; what the command line fixes
 * (`--lanes`, `--delay`) is not varied. Null where nothing is varied.
 * @throws {UserError} where the command line both fixes a factor and varies it.
 */
export function chosenSweep(ofScenario: Sweep | null, overrides: Overrides): Sweep | null {
  const { sweep, lanes, delaysMs, offsetMs } = overrides;
  const fixed = [
    ...(lanes === null ? [] : ['lanes']),
    ...(delaysMs === null && offsetMs === null ? [] : ['delay']),
  ];
  const both = fixed.find((factor) => sweep?.has(factor));
  if (both !== undefined)
    throw new UserError(`--sweep ${both} varies what is fixed by another option: give one of the two`);
  const own = [...(ofScenario ?? [])].filter(([factor]) => !fixed.includes(factor));
  const chosen = new Map([...own, ...(sweep ?? [])]);
  return chosen.size === 0 ? null : chosen;
}

/**
 * Every reproduce arm and every control at every point of the grid, in the order of the arms; the first factor varies
 * slowest. A control's point belongs to the reproduce arm's at the same levels. A factor that bears on neither an arm nor
 * its controls is not varied there. Alone arms are left out. `known`: all arms of the scenario, `chosen` among them.
 * @throws {UserError} for a factor that bears on nothing, and for too many points or arms.
 */
export function sweepArms(
  known: readonly SweptArm[],
  chosen: readonly SweptArm[],
  sweep: Sweep,
  overrides: Overrides,
): PlannedArm[] {
  const swept = chosen.filter(({ source }) => source.role !== 'alone');
  if (swept.length === 0)
    throw new UserError('a sweep leaves alone arms out: choose a reproduce arm or a control');
  const isMoot = sweep.has('delay') && sweep.get('lanes')?.includes('1') === true;
  if (isMoot) throw new UserError('a sweep over delay and over 1 lane: one lane has none after it to delay');
  const first = Object.fromEntries([...sweep].map(([name, [level = '']]) => [name, level]));
  const borne = (arms: readonly SweptArm[]) => {
    const planned = arms.map(({ expand }) => expand(atPoint(overrides, first)));
    return [...sweep.keys()].filter((factor) => planned.some((arm) => bears(factor, arm)));
  };
  refuseUseless(sweep, borne(swept), () => borne(known), overrides);
  const grids = swept.map(({ source }) => {
    const family = swept.filter(({ source: other }) => familyOf(other) === familyOf(source));
    const own = new Set(borne(family));
    return gridOf(new Map([...sweep].filter(([factor]) => own.has(factor))));
  });
  const total = grids.reduce((sum, grid) => sum + grid.length, 0);
  if (total > maxArms)
    throw new UserError(
      `the sweep makes ${total} arms, and ${maxArms} are the most: choose fewer levels or arms`,
    );
  return named(
    swept.flatMap(({ source, expand }, i) =>
      (grids[i] ?? []).map((point) => pointArm(expand(atPoint(overrides, point)), source, point)),
    ),
  );
}

const familyOf = ({ name, of }: ArmSource): string => of ?? name;

/** What the command line names has to bear on a chosen arm, what the scenario names on any of its arms. */
function refuseUseless(
  sweep: Sweep,
  borne: readonly string[],
  borneAnywhere: () => readonly string[],
  overrides: Overrides,
): void {
  for (const factor of sweep.keys()) {
    if (borne.includes(factor)) continue;
    const isAsked = overrides.sweep?.has(factor) === true;
    if (isAsked || !borneAnywhere().includes(factor))
      throw new UserError(`a sweep over ${factor} changes nothing here: ${whyUseless(factor)}`);
  }
}

function whyUseless(factor: string): string {
  if (factor === 'delay') return 'no step lets several lanes go together';
  const name = argumentOf(factor);
  return name === null ? 'no step makes a context (make-context)' : `no build has the build argument ${name}`;
}

function bears(factor: string, arm: PlannedArm): boolean {
  if (factor === 'lanes' || factor === 'cpus') return true;
  if (factor === 'delay') return widestStep(arm).length > 1;
  const name = argumentOf(factor);
  return name === null
    ? arm.steps.some(({ step }) => step === 'make-context')
    : armLanes(arm).some(({ build }) => Object.hasOwn(build.buildArgs, name));
}

function gridOf(sweep: Sweep): Point[] {
  const size = [...sweep.values()].reduce((product, levels) => product * levels.length, 1);
  if (size > maxPoints)
    throw new UserError(`the sweep has ${size} points, and ${maxPoints} are the most: choose fewer levels`);
  return [...sweep].reduce<Point[]>(
    (points, [factor, levels]) =>
      points.flatMap((point) => levels.map((level) => ({ ...point, [factor]: level }))),
    [{}],
  );
}

function atPoint(overrides: Overrides, { lanes, delay }: Point): Overrides {
  return {
    ...overrides,
    ...(lanes === undefined ? {} : { lanes: Number(lanes) }),
    ...(delay === undefined ? {} : { offsetMs: parseDuration(delay) }),
  };
}

const plainDaemon = { snapshotter: null, flags: [], keepMegabytes: null };

/** What lanes and delay do not say is put into the expanded arm. */
function pointArm(arm: PlannedArm, { name }: ArmSource, point: Point): PlannedArm {
  if (Object.keys(point).length === 0) return arm;
  const { cpus } = point;
  return {
    ...arm,
    steps: arm.steps.map((step) => pointStep(step, point)),
    daemon: cpus === undefined ? arm.daemon : { ...(arm.daemon ?? plainDaemon), cpus: Number(cpus) },
    point: { arm: name, factors: point },
  };
}

function pointStep(step: PlannedStep, point: Point): PlannedStep {
  if (step.step === 'make-context') {
    const { files, bytes } = point;
    return {
      ...step,
      ...(files === undefined ? {} : { files: Number(files) }),
      ...(bytes === undefined ? {} : { bytes: { min: Number(bytes), max: Number(bytes) } }),
    };
  }
  if (step.step !== 'build') return step;
  const lanes = step.lanes.map((lane) => {
    const { buildArgs } = lane.build;
    const levels = Object.keys(buildArgs).map((name) => [name, point[`arg.${name}`] ?? buildArgs[name]]);
    return { ...lane, build: { ...lane.build, buildArgs: Object.fromEntries(levels) } };
  });
  return { ...step, lanes };
}

/** Each point under a name of its own, and controls belonging to the reproduce arm of their point. */
function named(arms: readonly PlannedArm[]): PlannedArm[] {
  const taken = new Set(arms.filter(({ point }) => point === null).map(({ name }) => name));
  const names = new Map<string, string>();
  const keyOf = (name: string, factors: Point) => JSON.stringify([name, factors]);
  const renamed = arms.map((arm) => {
    if (arm.point === null) return arm;
    const name = freeName(arm.name, arm.point.factors, taken);
    taken.add(name);
    names.set(keyOf(arm.name, arm.point.factors), name);
    return { ...arm, name };
  });
  return renamed.map((arm) => {
    if (arm.of === null || arm.point === null) return arm;
    return { ...arm, of: names.get(keyOf(arm.of, arm.point.factors)) ?? arm.of };
  });
}

/** `no-cache-delay-50ms`; one that is too long, or taken, is cut and gets a number. */
function freeName(arm: string, factors: Point, taken: ReadonlySet<string>): string {
  const words = [arm, ...Object.entries(factors).flat()].join('-').toLowerCase();
  const full = words.replace(/[^a-z0-9]+/g, '-').replace(/-+$/, '');
  if (full.length <= maxNameLength && !taken.has(full)) return full;
  for (let number = 1; ; number++) {
    const end = `-${number}`;
    const name = full.slice(0, maxNameLength - end.length).replace(/-+$/, '') + end;
    if (!taken.has(name)) return name;
  }
}
