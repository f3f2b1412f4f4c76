import { readFile, stat } from 'node:fs/promises';
import * as z from 'zod';
import { systemReason, UserError } from '../errors.js';
import { nameSchema } from '../scenario/names.js';
import { knownAsSimulated } from '../scenario/plan.js';
import { signalSchema } from '../scenario/schema.js';
import { type Comparable, isStoppedBySight, platformOf } from './comparable.js';
import { partText } from './merge/parts.js';

const baselineVersion = 1;
const count = z.int().min(0);

/** A baseline file: the counts of a run, and what has to be known to hold another against them; no logs. */
const baselineSchema = z.object({
  schemaVersion: z.literal(baselineVersion),
  /** Name of the run that it was made of. */
  run: z.string().regex(/^\P{C}+$/u),
  scenario: nameSchema,
  contentSha256: z.string(),
  builder: z
    .object({
      kind: z.string(),
      name: z.string().nullable().default(null),
      version: z.string().nullable(),
      daemonVersion: z.string().nullable(),
      simulated: z.boolean(),
    })
    .transform(knownAsSimulated),
  machine: z.object({
    os: z.string(),
    kernel: z.string(),
    arch: z.string(),
    host: z.string().nullable(),
    cpus: z.number(),
    cpuModel: z.string(),
  }),
  startedAt: z.string(),
  /** Version of the tool whose detectors counted. */
  countedBy: z.string(),
  arms: z.array(
    z.object({
      name: nameSchema,
      role: z.enum(['reproduce', 'control', 'alone']),
      of: nameSchema.nullable(),
      point: z
        .object({ arm: nameSchema, factors: z.record(z.string(), z.string()) })
        .nullable()
        .default(null),
      skipped: z.string().nullable(),
      valid: count,
      steps: z.array(z.string()),
      delaysMs: z.array(z.number()),
      signals: z.array(
        z
          .object({ signal: signalSchema, expected: z.boolean(), count, of: count })
          .refine((one) => one.count <= one.of, { error: 'it was seen in more iterations than there are' }),
      ),
    }),
  ),
});
export type Baseline = z.infer<typeof baselineSchema>;

/**
 * What is kept of a run.
 * @throws {UserError} for a run whose counts are no base to hold others against.
 */
export function baselineOf(run: Comparable): Baseline {
  if (isStoppedBySight(run.stopping)) {
    throw new UserError(
      `${run.name} ended because of what showed, so its counts are no fair sample; make a baseline with --iterations`,
    );
  }
  if (run.phase === 'search') {
    throw new UserError(
      `${run.name} only searched for an offset, so its counts are of no one rate; make a baseline of a run at a --delay`,
    );
  }
  if (run.shard !== null) {
    throw new UserError(
      `${run.name} is part ${partText(run.shard)} of a run; merge the parts, and make a baseline of the whole`,
    );
  }
  if (run.stopped !== null) {
    throw new UserError(
      `${run.name} was cut off (${run.stopped}), so it is no baseline; make one of a run that came to its end`,
    );
  }
  if (run.ofSeveralMachines) {
    throw new UserError(
      `${run.name} has iterations of different machines, so its rates are of none; make a baseline on one machine`,
    );
  }
  if (run.ofSeveralBuilders) {
    throw new UserError(
      `${run.name} has iterations of different versions of the builder, so its rates are of none; make a baseline on one version`,
    );
  }
  if (run.arms.every(({ valid }) => valid === 0)) {
    throw new UserError(`${run.name} has no valid iteration, so it is no baseline`);
  }
  const { name, scenario, contentSha256, builder, machine, startedAt, countedBy, arms } = run;
  return baselineSchema.parse({
    schemaVersion: baselineVersion,
    run: name.replaceAll(/\p{C}+/gu, '?'),
    ...{ scenario, contentSha256, builder, machine, startedAt, countedBy, arms },
  });
}

/** `no-cache-empties-mount--buildkitd--v0.32.2--linux-x64.json`, `chaos-1506--simulated-apple--0.1.0--linux-x64.json` */
export function baselineName({
  scenario,
  builder,
  machine,
}: Pick<Comparable, 'scenario' | 'builder' | 'machine'>): string {
  const version = builder.daemonVersion ?? builder.version ?? 'unknown';
  return `${[scenario, kindOf(builder), version, platformOf(machine)].map(fit).join('--')}.json`;
}

/** Profiles of the simulated builder are as unlike as builders of two kinds. */
function kindOf({ kind, name, simulated }: Comparable['builder']): string {
  return simulated && name !== null ? `${kind}-${name}` : kind;
}

/** Versions are whatever a program printed: one word of a file name, and no way to another folder. */
function fit(text: string): string {
  const word = text.replaceAll(/[^A-Za-z0-9._+]+/g, '-').replace(/^[-.]+|-+$/g, '');
  return word.slice(0, 60) || 'unknown';
}

/**
 * Reads a baseline as one side of a comparison.
 * @throws {UserError} when it cannot be read, is of another version, or is damaged.
 */
export async function readBaseline(file: string): Promise<Comparable> {
  const text = await readText(file);
  refuseNewer(file, text);
  const { run, schemaVersion: _, ...rest } = parseBaseline(file, text);
  // No run that any of this could be said of becomes a baseline.
  const whole = { phase: null, shard: null, stopped: null } as const;
  const ofOne = { ofSeveralMachines: false, ofSeveralBuilders: false };
  return { ...rest, ...whole, ...ofOne, name: run, file, isBaseline: true, stopping: { rule: 'fixed' } };
}

/**
 * What another buildrace has written since is not this one's to overwrite; anything else may be.
 * @throws {UserError} for a baseline of a newer format, and for what is no file or cannot be read.
 */
export async function refuseNewerBaseline(file: string): Promise<void> {
  refuseNewer(file, await readText(file));
}

function refuseNewer(file: string, text: string): void {
  const version = formatOf(text);
  if (version === null || version <= baselineVersion) return;
  throw new UserError(
    `${file} is a baseline of format ${version}, and this buildrace reads format ${baselineVersion}; update buildrace`,
  );
}

/** The format that a document says it is of; null where it says none. */
function formatOf(text: string): number | null {
  try {
    const version = (JSON.parse(text) as { schemaVersion?: unknown } | null)?.schemaVersion;
    return typeof version === 'number' ? version : null;
  } catch {
    return null;
  }
}

async function readText(file: string): Promise<string> {
  try {
    if ((await stat(file)).isFile()) return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(`the baseline ${file} cannot be read (${systemReason(error)})`);
  }
  throw new UserError(`the baseline ${file} is no file`);
}

function parseBaseline(file: string, text: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${file} is no baseline, or is damaged: it is not JSON`);
  }
  const version = formatOf(text);
  if (version !== null && version !== baselineVersion) {
    throw new UserError(
      `${file} is a baseline of format ${version}, and this buildrace reads format ${baselineVersion}; save it again`,
    );
  }
  const parsed = baselineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UserError(
    `${file} is no baseline, or is damaged: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trimEnd(),
  );
}
