import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import semver from 'semver';
import { systemReason, UserError, unwritten } from '../errors.js';
import { baselineName, baselineOf, readBaseline, refuseNewerBaseline } from './baseline.js';
import { isAnotherSimulation } from './builder-differences.js';
import { type Comparable, platformOf } from './comparable.js';
import { makeFolder, writeJson, writeNewJson } from './directory.js';

/** Where baselines are kept in a results folder. */
export const baselinesFolder = (results: string): string => path.join(path.resolve(results), 'baselines');

/** What to do where there is a baseline of that name already. */
export type IfThere = 'refuse' | 'keep' | 'replace';

/**
 * Keeps a run's counts as a baseline; `saved` is false where the one that was there was kept.
 * @throws {UserError} when the run is no baseline, there is one already, the one to keep cannot be read, the one to
 *   overwrite is of a newer format, or it cannot be written.
 */
export async function saveBaseline(
  run: Comparable,
  results: string,
  ifThere: IfThere,
): Promise<{ readonly file: string; readonly saved: boolean }> {
  const file = path.join(baselinesFolder(results), baselineName(run));
  const isThere = (await stat(file).catch(() => null)) !== null;
  if (isThere && ifThere === 'keep') {
    await refuseUnreadable(file);
    return { file, saved: false };
  }
  const baseline = baselineOf(run);
  if (isThere && ifThere === 'refuse') throw isThereAlready(file);
  if (isThere) await refuseNewerBaseline(file);
  try {
    await makeFolder(path.dirname(file));
    await (ifThere === 'replace' ? writeJson : writeNewJson)(file, baseline);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritten(`the baseline ${file}`, error);
    // Somebody else saved one since.
    if (ifThere === 'refuse') throw isThereAlready(file);
    await refuseUnreadable(file);
    return { file, saved: false };
  }
  return { file, saved: true };
}

const isThereAlready = (file: string): UserError =>
  new UserError(`there is a baseline ${file} already; --replace overwrites it, --if-none keeps it`);

/** One that nobody can read is as good as none, and whoever asks to keep it has to know. */
async function refuseUnreadable(file: string): Promise<void> {
  await readBaseline(file).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`the baseline that is there is of no use: ${error.message}`);
  });
}

/** A file among the baselines that is none, and why in a sentence. */
export interface BaselineProblem {
  readonly file: string;
  readonly sentence: string;
}

export interface BaselineList {
  /** By the names of their files. */
  readonly baselines: readonly Comparable[];
  readonly problems: readonly BaselineProblem[];
}

/** All baselines of a results folder. @throws {UserError} when the folder itself cannot be read. */
export async function listBaselines(results: string): Promise<BaselineList> {
  const folder = baselinesFolder(results);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UserError(`the baselines in ${folder} cannot be read (${systemReason(error)})`);
  });
  const baselines: Comparable[] = [];
  const problems: BaselineProblem[] = [];
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const file = path.join(folder, name);
    try {
      baselines.push(await readBaseline(file));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push({ file, sentence: error.message });
    }
  }
  return { baselines, problems };
}

/** The file that a baseline's path or name stands for; null: there is none. */
export async function findBaseline(named: string, results: string): Promise<string | null> {
  const folder = baselinesFolder(results);
  for (const candidate of [named, path.join(folder, named), path.join(folder, `${named}.json`)]) {
    if ((await stat(candidate).catch(() => null))?.isFile()) return path.resolve(candidate);
  }
  return null;
}

/** What has to be known of a run to find its baseline; known before its first build. */
export type Sought = Pick<
  Comparable,
  'name' | 'scenario' | 'contentSha256' | 'builder' | 'machine' | 'startedAt'
>;

/**
 * The baseline to hold a run against: an older one of the same scenario, kind of builder (of the simulated one, its
 * profile) and platform, of its version or the nearest below. One of the same host goes before all others, since rates of two machines cannot be compared.
 */
export function nearestBaseline(run: Sought, baselines: readonly Comparable[]): Comparable | null {
  const onSameHost = (one: Comparable): number => Number(one.machine.host === run.machine.host);
  const fitting = baselines.filter((one) => isAlike(one, run) && isNotAbove(one, run));
  const [nearest] = fitting.sort(
    (a, b) =>
      onSameHost(b) - onSameHost(a) || byVersion(b, a) || Date.parse(b.startedAt) - Date.parse(a.startedAt),
  );
  return nearest ?? null;
}

function isAlike(one: Comparable, run: Sought): boolean {
  return (
    one.name !== run.name &&
    Date.parse(one.startedAt) <= Date.parse(run.startedAt) &&
    one.scenario === run.scenario &&
    one.contentSha256 === run.contentSha256 &&
    one.builder.kind === run.builder.kind &&
    one.builder.simulated === run.builder.simulated &&
    !isAnotherSimulation(one.builder, run.builder) &&
    platformOf(one.machine) === platformOf(run.machine)
  );
}

function isNotAbove(one: Comparable, run: Sought): boolean {
  const [there, here] = [versionOf(one), versionOf(run)];
  if (there === here) return true;
  if (semver.valid(there) === null || semver.valid(here) === null) return false;
  return semver.lte(there ?? '', here ?? '');
}

/** Versions that are no semver are all equal to the run's own, or they would have been left out. */
function byVersion(a: Comparable, b: Comparable): number {
  const [one, other] = [semver.parse(versionOf(a)), semver.parse(versionOf(b))];
  return one === null || other === null ? 0 : semver.compare(one, other);
}

const versionOf = ({ builder }: Pick<Comparable, 'builder'>): string | null =>
  builder.daemonVersion ?? builder.version;
