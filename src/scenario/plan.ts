import * as z from 'zod';
import { maxLanes } from './build.js';
import { cacheSourceSchema, cacheTargetSchema, folderSchema } from './cache.js';
import { maxDurationMs } from './duration.js';
import { nameSchema } from './names.js';
import { maxIterations, signalSchema } from './schema.js';

/** Version of all that a run directory holds; a newer one is refused. */
export const schemaVersion = 1;

/** Seeds are whole numbers of 32 bits. */
export const maxSeed = 0xffff_ffff;

const durationSchema = z.number().min(0).max(maxDurationMs);

const plannedBuildSchema = z.object({
  /** Path inside the Dockerfile folder. */
  dockerfile: z.string(),
  /** Name of a made context, or null: the Dockerfile folder. */
  context: z.string().nullable(),
  platforms: z.array(z.string()),
  buildArgs: z.record(z.string(), z.string()),
  target: z.string().nullable(),
  /** With `{run}`, `{arm}`, `{lane}`, `{iteration}` still in them. */
  tags: z.array(z.string()),
  noCache: z.boolean(),
  progress: z.enum(['auto', 'plain', 'tty', 'rawjson']),
  cacheFrom: z.array(cacheSourceSchema).default([]),
  cacheTo: z.array(cacheTargetSchema).default([]),
  push: z.string().nullable().default(null),
  meantToFail: z.boolean().default(false),
  mustBeCached: z.array(z.string()).default([]),
  mustRunOnce: z.array(z.string()).default([]),
});
export type PlannedBuild = z.infer<typeof plannedBuildSchema>;

// Names become folders and files when a run is read again, and a plan may come from somebody else.
const plannedLaneSchema = z.object({
  name: nameSchema,
  delayMs: durationSchema,
  /** Ended on purpose that long after it began: it counts nowhere. */
  cancelAfterMs: durationSchema.nullable().default(null),
  build: plannedBuildSchema,
});
export type PlannedLane = z.infer<typeof plannedLaneSchema>;
const plannedLanesSchema = z.array(plannedLaneSchema).min(1).max(maxLanes);

const plannedStepSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('build'), together: z.boolean(), lanes: plannedLanesSchema }),
  z.object({
    step: z.literal('make-context'),
    name: nameSchema,
    files: z.int().min(1),
    each: z.enum(['iteration', 'lane']),
    bytes: z.object({ min: z.int().min(1), max: z.int().min(1) }),
    like: nameSchema.nullable().default(null),
  }),
  z.object({ step: z.literal('prune') }),
  z.object({ step: z.literal('restart') }),
  z.object({ step: z.literal('check-cache'), folder: folderSchema }),
  z.object({ step: z.literal('read-images') }),
  z.object({ step: z.literal('remove-folder'), folder: folderSchema }),
]);
export type PlannedStep = z.infer<typeof plannedStepSchema>;
export type PlannedStepOf<K extends PlannedStep['step']> = Extract<PlannedStep, { step: K }>;

const plannedArmSchema = z.object({
  name: nameSchema,
  title: z.string().nullable(),
  role: z.enum(['reproduce', 'control', 'alone']),
  of: nameSchema.nullable(),
  expects: z.array(signalSchema),
  iterations: z.int().min(1).max(maxIterations),
  steps: z.array(plannedStepSchema),
  /** What its private daemon is started with; null: it asks for none. */
  daemon: z
    .object({
      snapshotter: z.enum(['overlayfs', 'stargz', 'native']).nullable(),
      flags: z.array(z.string()),
      keepMegabytes: z.number().nullable(),
      /** Processors that it and its builds may use; null: all. */
      cpus: z.int().min(1).nullable().default(null),
    })
    .nullable()
    .default(null),
  /** Which point of a sweep it is: the scenario's arm, and what each factor is there; null: it is no part of a sweep. */
  point: z
    .object({ arm: nameSchema, factors: z.record(z.string(), z.string()) })
    .nullable()
    .default(null),
  /** Why this builder cannot run it, or null. */
  skipped: z.string().nullable(),
});
export type PlannedArm = z.infer<typeof plannedArmSchema>;

/**
 * When an arm has enough iterations. `fixed`: its number, whatever it shows. `first`: the run ends at the first sight of an
 * expected signal. `verdict`: a group of arms ends once each of its signals was told to show in at least p1 or in at
 * most p0 of the iterations, each answer wrong with probability `error` at most. Under the latter two an arm's number of
 * iterations is an upper limit.
 */
const stoppingSchema = z.discriminatedUnion('rule', [
  z.object({ rule: z.literal('fixed') }),
  z.object({ rule: z.literal('first') }),
  z.object({
    rule: z.literal('verdict'),
    p0: z.number().gt(0).lt(1),
    p1: z.number().gt(0).lt(1),
    error: z.number().gt(0).lt(0.5),
  }),
]);
export type Stopping = z.infer<typeof stoppingSchema>;

/** The part `index` (from 1) of `of` parts of a plan. */
const shardSchema = z.object({ index: z.int().min(1), of: z.int().min(1) });
export type Shard = z.infer<typeof shardSchema>;

/** A search for the offset between lanes at which a fault shows; `searched` is what the runs before this one saw. */
const windowSchema = z.object({
  /** `search`: the points of a grid, only to choose from. `confirm`: fresh iterations at the offset that was chosen. */
  phase: z.enum(['search', 'confirm']),
  searched: z.array(z.object({ offsetMs: z.number().min(0), count: z.int().min(0), of: z.int().min(0) })),
  /** Names of the runs that it was searched in, first to last. */
  runs: z.array(z.string()),
});
export type WindowSearch = z.infer<typeof windowSchema>;

/** A run is a folder of that name, and its images carry it as their tag, which is 128 characters at most. */
const runNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/);

/** A builder of that kind is simulated, whatever a file says of it. */
export function knownAsSimulated<B extends { readonly kind: string; readonly simulated: boolean }>(
  builder: B,
): B {
  return builder.kind === 'simulated' ? { ...builder, simulated: true } : builder;
}

/** `plan.json`: what the run set out to do. Read again by `analyze`, which needs nothing else to know it. */
export const planSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  toolVersion: z.string(),
  run: runNameSchema,
  createdAt: z.string(),
  scenario: z.object({
    name: nameSchema,
    title: z.string(),
    description: z.string().nullable(),
    reports: z.array(z.string()),
    /** SHA-256 over the scenario's text and files. */
    contentSha256: z.string(),
  }),
  builder: z
    .object({
      kind: z.string(),
      instance: z.string().nullable(),
      name: z.string().nullable(),
      version: z.string().nullable(),
      daemonVersion: z.string().nullable(),
      simulated: z.boolean(),
      progressStream: z.enum(['stdout', 'stderr']),
      leaves: z.string().nullable(),
    })
    .transform(knownAsSimulated),
  timeoutMs: durationSchema,
  /** What the order of the iterations follows from; null: arms took turns in the order of the plan. */
  seed: z.int().min(0).max(maxSeed).nullable().default(null),
  stopping: stoppingSchema.default({ rule: 'fixed' }),
  /** No iteration begins later than that after the start of the run; null: no limit. */
  maxTimeMs: durationSchema.nullable().default(null),
  /** Null: the whole plan. */
  shard: shardSchema.nullable().default(null),
  window: windowSchema.nullable().default(null),
  /** `HOST:PORT` of the registry, for `{registry}`; null: it has none. */
  registry: z.string().nullable().default(null),
  /** The run started that registry itself, so that a resumed run has another. */
  ownRegistry: z.boolean().default(false),
  /** Bytes that are kept of what a lane prints, of both streams together, from its beginning and its end; null: all. */
  maxLogBytes: z.int().min(1).nullable().default(null),
  /** What the run was to be held against and to fail on, for who resumes it. */
  failOn: z.enum(['never', 'reproduced', 'not-reproduced', 'regression']).default('never'),
  baseline: z.object({ named: z.string(), margin: z.number() }).nullable().default(null),
  /** Signals looked for. */
  signals: z.array(signalSchema),
  arms: z.array(plannedArmSchema),
  /** The command line that runs this again. */
  again: z.string(),
});
export type Plan = z.infer<typeof planSchema>;

/** A step in a few words: `build a, b`, `make-context other like one`. */
export function stepText(step: PlannedStep): string {
  switch (step.step) {
    case 'build':
      return `build ${step.lanes.map(({ name, cancelAfterMs }) => (cancelAfterMs === null ? name : `${name} (ended after ${cancelAfterMs} ms)`)).join(', ')}`;
    case 'make-context':
      return `make-context ${step.name}${step.like === null ? '' : ` like ${step.like}`}`;
    case 'check-cache':
    case 'remove-folder':
      return `${step.step} ${step.folder}`;
    default:
      return step.step;
  }
}

/** Iterations that a shard of the plan has of an arm: iteration i of each arm is in the i-th block (see `runner/order.ts`). */
export function plannedIterations({ iterations }: PlannedArm, shard: Shard | null): number {
  if (shard === null) return iterations;
  return iterations < shard.index ? 0 : Math.floor((iterations - shard.index) / shard.of) + 1;
}

/** Lanes of an arm: those of all its build steps. */
export function armLanes(arm: PlannedArm): PlannedLane[] {
  return arm.steps.flatMap((step) => (step.step === 'build' ? step.lanes : []));
}

/** Lanes of the build step that has the most of them. */
export function widestStep(arm: PlannedArm): PlannedLane[] {
  const steps = arm.steps.map((step) => (step.step === 'build' ? step.lanes : []));
  return steps.reduce((widest, lanes) => (lanes.length > widest.length ? lanes : widest), []);
}

/** Whether lanes of that arm are meant to run side by side. */
export function isConcurrent(arm: PlannedArm): boolean {
  return arm.steps.some((step) => step.step === 'build' && step.together && step.lanes.length > 1);
}
