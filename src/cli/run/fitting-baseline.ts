import path from 'node:path';
import { UserError } from '../../errors.js';
import { shellWord, terminalText } from '../../reports/escape.js';
import { baselineName } from '../../results/baseline.js';
import { type BaselineList, listBaselines, nearestBaseline, type Sought } from '../../results/baselines.js';
import type { Comparable } from '../../results/comparable.js';
import { tell } from '../output.js';
import type { PlannedRun } from './sought.js';

/**
 * Finds each run its baseline (`--baseline auto`) among those that are there now; null: none fits it. The finder throws
 * a UserError where the one that was kept for a run is of no use: to hold it against nothing would look like a pass.
 * @throws {UserError} where that is known of a run before its first build, or the folder cannot be read.
 */
export async function fittingBaselines(
  results: string,
  planned: readonly PlannedRun[],
): Promise<(run: Sought) => Comparable | null> {
  const list = await listBaselines(results);
  for (const { sought, isVersionKnown } of planned) if (isVersionKnown) refuseUnread(sought, list);
  for (const { sentence } of list.problems) tell(terminalText(sentence));
  return (run) => {
    refuseUnread(run, list);
    const found = nearestBaseline(run, list.baselines);
    if (found === null) refuseStale(run, list, results);
    return found;
  };
}

/** A file that cannot be read may be the baseline: of that name it is, and where nothing else fits nobody knows. */
function refuseUnread(run: Sought, { baselines, problems }: BaselineList): void {
  const own = problems.find(({ file }) => path.basename(file) === baselineName(run));
  const unread = own ?? (nearestBaseline(run, baselines) === null ? problems[0] : undefined);
  if (unread === undefined) return;
  throw new UserError(`${unread.sentence}; mend or remove it, or name another with --baseline`);
}

function refuseStale(run: Sought, { baselines }: BaselineList, results: string): void {
  const own = baselines.find(({ file }) => path.basename(file) === baselineName(run));
  if (own === undefined) return;
  const why =
    own.contentSha256 === run.contentSha256
      ? 'is newer than this run'
      : `is of the scenario ${run.scenario} before it was changed`;
  throw new UserError(
    `the baseline ${own.file} ${why}; make it anew with: ${saveCommand(run, results)} --replace`,
  );
}

/** The command line that makes a baseline of a run. */
export function saveCommand({ name }: Pick<Sought, 'name'>, results: string): string {
  return `buildrace baseline save ${name}${results === 'results' ? '' : ` --out ${shellWord(results)}`}`;
}
