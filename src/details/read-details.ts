import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { analyzeStored } from '../analysis.js';
import type { IterationName, RunDetail } from '../results/detail.js';
import type { IterationFinished } from '../results/journal.js';
import { layout } from '../results/layout.js';
import { levelFor } from '../results/log-text.js';
import { readRun, type StoredRun } from '../results/read.js';
import { regularFiles } from '../results/regular-files.js';
import { chooseIterations, type Limits, type Outline, outlineOf } from './choose.js';
import { type DraftIteration, draftIteration } from './iteration.js';
import { readOneFile } from './one-file.js';

/** How much of a run is read for a report. */
export interface DetailLimits extends Limits {
  /** Characters of logs in all; the longest are cut in the middle first. */
  readonly logCharacters: number;
}

/**
 * Reads a run directory for a report that shows single iterations: it is analyzed, some of its iterations are chosen, and
 * of those the timelines and the logs are read again.
 * @throws {UserError} when it is no run directory, is damaged, or is of a newer version.
 */
export async function readDetails(directory: string, limits: DetailLimits): Promise<RunDetail> {
  const run = await readRun(directory);
  const outlines: Outline[] = [];
  const result = await analyzeStored(run, (arm, judgement) => outlines.push(outlineOf(arm, judgement)));
  const { chosen, firstFailing, clean } = chooseIterations(outlines, limits);
  return {
    ...(await readChosen(run, chosen, limits.logCharacters)),
    result,
    plan: run.plan,
    environment: run.environment,
    omitted: outlines.length - chosen.length,
    firstFailing: nameOf(firstFailing),
    clean: nameOf(clean),
    redactions: null,
  };
}

/**
 * One iteration of a run, whether it would be chosen or not.
 * @returns null where the run has not finished such an iteration.
 */
export async function readOneIteration(
  directory: string,
  name: IterationName,
  logCharacters: number,
): Promise<RunDetail | null> {
  const run = await readRun(directory);
  const outlines: Outline[] = [];
  const result = await analyzeStored(run, (arm, judgement) => outlines.push(outlineOf(arm, judgement)));
  const one = outlines.filter(({ arm, iteration }) => arm === name.arm && iteration === name.iteration);
  if (one.length === 0) return null;
  const { firstFailing, clean } = chooseIterations(outlines, { iterations: 0, lanes: 0 });
  return {
    ...(await readChosen(run, one.slice(0, 1), logCharacters)),
    result,
    plan: run.plan,
    environment: run.environment,
    omitted: outlines.length - 1,
    firstFailing: nameOf(firstFailing),
    clean: nameOf(clean),
    redactions: null,
  };
}

async function readChosen(
  run: StoredRun,
  chosen: readonly Outline[],
  logCharacters: number,
): Promise<Pick<RunDetail, 'iterations' | 'daemons'>> {
  const drafts: DraftIteration[] = [];
  for (const one of chosen) {
    const event = run.journal.events.find((entry) => isThe(one, entry));
    if (event?.event === 'iteration-finished') drafts.push(await draftIteration(run, event));
  }
  const daemons = await daemonLogs(run.directory);
  const sizes = [...drafts.flatMap(({ logSizes }) => logSizes), ...daemons.map(({ bytes }) => bytes)];
  const level = levelFor(sizes, logCharacters);
  const iterations: RunDetail['iterations'][number][] = [];
  for (const draft of drafts) iterations.push(await draft.read(level));
  const whole: RunDetail['daemons'][number][] = [];
  for (const { name, file, bytes } of daemons) {
    const log = await readOneFile(run.directory, file, bytes, level);
    if (log !== null) whole.push({ name, log });
  }
  return { iterations, daemons: whole };
}

function isThe(one: IterationName, event: { event: string }): event is IterationFinished {
  const finished = event as IterationFinished;
  return (
    event.event === 'iteration-finished' && finished.arm === one.arm && finished.iteration === one.iteration
  );
}

async function daemonLogs(directory: string): Promise<{ name: string; file: string; bytes: number }[]> {
  const folder = path.dirname(layout.daemon('any'));
  const isFolder = (await lstat(path.join(directory, folder)).catch(() => null))?.isDirectory() === true;
  const names = isFolder ? await regularFiles(path.join(directory, folder)) : [];
  return Promise.all(
    names.map(async (name) => {
      const file = path.posix.join(folder, name);
      return {
        name: path.basename(name, '.log'),
        file,
        bytes: (await lstat(path.join(directory, file))).size,
      };
    }),
  );
}

function nameOf(outline: Outline | null): IterationName | null {
  return outline === null ? null : { arm: outline.arm, iteration: outline.iteration };
}
