import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../errors.js';
import type { Plan, PlannedArm, Shard } from '../../scenario/plan.js';
import { isAnotherSimulation } from '../builder-differences.js';
import type { StoredRun } from '../read.js';

/** A run that carried out a part of a plan. */
export interface Part {
  readonly run: StoredRun;
  readonly shard: Shard;
}

/** `2/8`, as `--shard` takes it. */
export const partText = ({ index, of }: Shard): string => `${index}/${of}`;

/**
 * Runs as the parts of one plan, first to last; parts may be missing.
 * @throws {UserError} where one is no part, they are not of one plan, or an iteration would count twice.
 */
export function partsOf(runs: readonly StoredRun[]): Part[] {
  const parts = runs.map(asPart).toSorted((a, b) => a.shard.index - b.shard.index);
  const [first, ...others] = parts;
  if (first === undefined) throw new UserError('merge: name the run directories of the parts');
  if (others.length === 0 && first.shard.of > 1) {
    throw new UserError(
      `${first.run.directory} is part ${partText(first.shard)} alone; name the other parts beside it`,
    );
  }
  for (const other of others) refuseAnotherPlan(first, other);
  parts.forEach((part, i) => {
    const before = parts[i - 1];
    if (before?.shard.index === part.shard.index) throw twice(before, part);
  });
  for (const part of parts) refuseStrayIterations(part);
  return parts;
}

function asPart(run: StoredRun): Part {
  const { shard } = run.plan;
  if (shard === null)
    throw new UserError(
      `${run.directory} is a whole run, not a part made with --shard; there is nothing to merge`,
    );
  if (shard.index > shard.of)
    throw new UserError(`${run.directory} is damaged: there is no part ${partText(shard)}`);
  return { run, shard };
}

function twice(a: Part, b: Part): UserError {
  return new UserError(
    `part ${partText(a.shard)} stands twice, its iterations would count twice: name one of ${a.run.directory} and ${b.run.directory}`,
  );
}

function refuseAnotherPlan(first: Part, other: Part): void {
  const where = `${first.run.directory} and ${other.run.directory}`;
  if (first.shard.of !== other.shard.of) {
    throw new UserError(
      `${where} are not parts of one whole: ${partText(first.shard)} and ${partText(other.shard)}`,
    );
  }
  const differing = differences(first.run.plan, other.run.plan);
  if (differing.length === 0) return;
  throw new UserError(`${where} are not parts of one plan, they differ in ${differing.join(', ')}`);
}

/** What each part has for itself, and what is looked at more closely. */
const ofItsOwn: ReadonlySet<keyof Plan> = new Set<keyof Plan>([
  ...(['run', 'createdAt', 'shard', 'again', 'registry', 'toolVersion'] as const),
  ...(['ownRegistry', 'failOn', 'baseline'] as const),
  ...(['scenario', 'builder', 'arms'] as const),
]);

/** What makes two plans other plans. What is a run's own (its name, its registry) may differ. */
function differences(a: Plan, b: Plan): string[] {
  const differ = <T extends object>(one: T, other: T, keys: readonly (keyof T & string)[]): string[] =>
    keys.filter((key) => !isDeepStrictEqual(one[key], other[key]));
  const valued = (key: 'kind' | 'version' | 'daemonVersion'): string =>
    `the builder's ${key} (${quoted(a.builder[key])} and ${quoted(b.builder[key])})`;
  const isSameContent = a.scenario.contentSha256 === b.scenario.contentSha256;
  return [
    ...(isSameContent ? [] : ["the scenario's content"]),
    ...differ(a.scenario, b.scenario, ['name', 'title', 'description', 'reports']).map(
      (key) => `the scenario's ${key}`,
    ),
    ...differ(a.builder, b.builder, ['kind', 'version', 'daemonVersion']).map((key) =>
      valued(key as 'kind' | 'version' | 'daemonVersion'),
    ),
    ...(isAnotherSimulation(a.builder, b.builder)
      ? [`the builder's name (${quoted(a.builder.name)} and ${quoted(b.builder.name)})`]
      : []),
    ...differ(a.builder, b.builder, ['simulated', 'progressStream', 'leaves']).map((key) => `builder.${key}`),
    ...differ(
      a,
      b,
      (Object.keys(a) as (keyof Plan)[]).filter((key) => !ofItsOwn.has(key)),
    ),
    ...armDifferences(a.arms, b.arms),
  ];
}

function armDifferences(a: readonly PlannedArm[], b: readonly PlannedArm[]): string[] {
  const names = (arms: readonly PlannedArm[]): string => arms.map(({ name }) => name).join(' ');
  if (names(a) !== names(b)) return [`arms (${names(a)}, and ${names(b)})`];
  return a.flatMap((arm, i) => {
    const other = b[i];
    const keys = Object.keys(arm) as (keyof PlannedArm)[];
    const differing = keys.filter((key) => !isDeepStrictEqual(arm[key], other?.[key]));
    return differing.map((key) => `${key} of arm ${arm.name}`);
  });
}

/** Text out of a run directory, which may be a stranger's, for a message. */
export function quoted(text: string | null): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The journal of a part may hold its own iterations only, and each of them once. */
function refuseStrayIterations({ run, shard }: Part): void {
  const seen = new Set<string>();
  for (const event of run.journal.events) {
    if (event.event !== 'iteration-finished') continue;
    const what = `iteration ${event.iteration} of ${event.arm}`;
    if ((event.iteration - shard.index) % shard.of !== 0)
      throw new UserError(`${run.directory} holds ${what}, which is not in part ${partText(shard)}`);
    if (seen.has(what)) throw new UserError(`${what} stands twice in the journal of ${run.directory}`);
    seen.add(what);
  }
}
