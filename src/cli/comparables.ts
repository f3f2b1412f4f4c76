import { UserError } from '../errors.js';
import { readBaseline } from '../results/baseline.js';
import { baselinesFolder, findBaseline } from '../results/baselines.js';
import { type Comparable, comparableOf } from '../results/comparable.js';
import { findRun } from '../results/directory.js';

/**
 * What a side of a comparison stands for: a baseline's file or name, else a run's directory, its name, or `latest`.
 * @throws {UserError} when there is none, or it cannot be read.
 */
export async function readComparable(named: string, results: string): Promise<Comparable> {
  const file = await findBaseline(named, results);
  if (file !== null) return readBaseline(file);
  const directory = await findRun(named, results).catch((error: unknown) => {
    if (!(error instanceof UserError) || named === 'latest') throw error;
    throw new UserError(`${error.message}, nor a baseline of that name in ${baselinesFolder(results)}`);
  });
  const { analyze } = await import('../analysis.js');
  return comparableOf(await analyze(directory));
}
