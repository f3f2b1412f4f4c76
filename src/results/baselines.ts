import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import semver from 'semver';
import { systemReason, UserError } from '../errors.js';
import { baselineName, baselineOf, readBaseline } from './baseline.js';
import { type Comparable, platformOf } from './comparable.js';
import { makeFolder, writeJson } from './directory.js';

/** Where baselines are kept in a results folder. */
export const baselinesFolder = (results: string): string => path.join(path.resolve(results), 'baselines');

/** What to do where there is a baseline of that name already. */
export type IfThere = 'refuse' | 'keep' | 'replace';

/**
 * Keeps a run's counts as a baseline; `saved` is false where the one that was there was kept.
 * @throws {UserError} when the run is no baseline, there is one already, or it cannot be written.
 */
export async function saveBaseline(
  run: Comparable,
  results: string,
  ifThere: IfThere,
): Promise<{ readonly file: string; readonly saved: boolean }> {
  const file = path.join(baselinesFolder(results), baselineName(run));
  const isThere = (await stat(file).catch(() => null)) !== null;
  if (isThere && ifThere === 'keep') return { file, saved: false };
  const baseline = baselineOf(run);
  if (isThere && ifThere === 'refuse') {
    throw new UserError(`there is a baseline ${file} already; --replace overwrites it, --if-none keeps it`);
  }
  try {
    await makeFolder(path.dirname(file));
    await writeJson(file, baseline);
  } catch (error) {
    throw new UserError(`the baseline ${file} cannot be written (${systemReason(error)})`);
  }
  return { file, saved: true };
}

/** All baselines of a results folder by name, and a sentence for each file that is none. */
export async function listBaselines(
  results: string,
): Promise<{ readonly baselines: readonly Comparable[]; readonly problems: readonly string[] }> {
  const folder = baselinesFolder(results);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UserError(`the baselines in ${folder} cannot be read (${systemReason(error)})`);
  });
  const baselines: Comparable[] = [];
  const problems: string[] = [];
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    try {
      baselines.push(await readBaseline(path.join(folder, name)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
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

/**
 * The baseline to hold a run against: an older one of the same scenario, kind of builder and platform, of its version or the
 * nearest below. One of the same host goes before all others, since rates of two machines cannot be compared.
 */
export function nearestBaseline(run: Comparable, baselines: readonly Comparable[]): Comparable | null {
  const onSameHost = (one: Comparable): number => Number(one.machine.host === run.machine.host);
  const fitting = baselines.filter((one) => isAlike(one, run) && isNotAbove(one, run));
  const [nearest] = fitting.sort(
    (a, b) =>
      onSameHost(b) - onSameHost(a) || byVersion(b, a) || Date.parse(b.startedAt) - Date.parse(a.startedAt),
  );
  return nearest ?? null;
}

function isAlike(one: Comparable, run: Comparable): boolean {
  return (
    one.name !== run.name &&
    Date.parse(one.startedAt) <= Date.parse(run.startedAt) &&
    one.scenario === run.scenario &&
    one.contentSha256 === run.contentSha256 &&
    one.builder.kind === run.builder.kind &&
    one.builder.simulated === run.builder.simulated &&
    platformOf(one.machine) === platformOf(run.machine)
  );
}

function isNotAbove(one: Comparable, run: Comparable): boolean {
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

const versionOf = ({ builder }: Comparable): string | null => builder.daemonVersion ?? builder.version;
