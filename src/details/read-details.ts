import { analyzeStored } from '../analysis.js';
import { UserError } from '../errors.js';
import type { IterationName, RunDetail } from '../results/detail.js';
import { type LogText, levelFor } from '../results/log-text.js';
import { readRun, type StoredRun } from '../results/read.js';
import { chooseShown, cleanBeside, firstFailing, type Limits, type Outline, outlineOf } from './choose.js';
import { daemonFiles } from './daemon-logs.js';
import { type DraftIteration, draftIteration } from './iteration.js';
import { leastPerLine } from './log-reader.js';
import { readOneFile } from './one-file.js';
import { weighing } from './weigh.js';

/** How much of a run is read for a report. */
export interface DetailLimits extends Limits {
  /** Characters of logs in all; the longest are cut in the middle first. */
  readonly logCharacters: number;
}

/**
 * Reads a run directory for a report that shows single iterations: it is analyzed, some of its iterations are chosen, and
 * of those the timelines and the logs are read again. `about`: the arm whose fault it is about; null: chosen.
 * @throws {UserError} when it is no run directory, is damaged, is of a newer version, or has no such arm that shows a fault.
 */
export async function readDetails(
  directory: string,
  limits: DetailLimits,
  about: string | null = null,
): Promise<RunDetail> {
  const run = await readRun(directory);
  refuseUnknownArm(run, about);
  const outlines: Outline[] = [];
  const result = await analyzeStored(run, (arm, judgement) => outlines.push(outlineOf(arm, judgement)));
  const weigh = weighing(result.arms);
  const subject = about === null ? outlines : outlines.filter(({ arm }) => arm === about);
  const failing = firstFailing(subject, weigh);
  if (about !== null && failing === null)
    throw new UserError(`--arm ${about}: no iteration of that arm shows anything`);
  const pair = { firstFailing: failing, clean: cleanBeside(outlines, failing) };
  const chosen = chooseShown(outlines, limits, pair);
  return {
    ...(await readChosen(run, chosen, limits.logCharacters)),
    result,
    plan: run.plan,
    environment: run.environment,
    omitted: outlines.length - chosen.length,
    firstFailing: nameOf(pair.firstFailing),
    clean: nameOf(pair.clean),
    redactions: null,
  };
}

/** @throws {UserError} where the plan has no arm of that name, or skipped it. */
function refuseUnknownArm({ plan }: StoredRun, name: string | null): void {
  if (name === null) return;
  const arm = plan.arms.find((one) => one.name === name);
  if (arm === undefined) {
    const names = plan.arms.map((one) => one.name).join(', ');
    throw new UserError(`--arm ${name}: this run has no such arm; it has ${names}`);
  }
  if (arm.skipped !== null) throw new UserError(`--arm ${name}: that arm was skipped: ${arm.skipped}`);
}

async function readChosen(
  run: StoredRun,
  chosen: readonly Outline[],
  logCharacters: number,
): Promise<Pick<RunDetail, 'iterations' | 'daemons'>> {
  const drafts: DraftIteration[] = [];
  for (const { arm, event } of chosen) {
    const planned = run.plan.arms.find(({ name }) => name === arm);
    if (planned !== undefined) drafts.push(await draftIteration(run, planned, event));
  }
  const daemons = await daemonFiles(run.directory);
  const sizes = drafts.flatMap(({ logSizes }) => logSizes);
  for (const { file, bytes } of daemons)
    sizes.push((await readOneFile(run.directory, file, 0)) ?? { bytes, lines: 0 });
  const level = levelFor(sizes.map(worth), logCharacters);
  const iterations: RunDetail['iterations'][number][] = [];
  for (const draft of drafts) iterations.push(await draft.withLogs(level));
  const whole: RunDetail['daemons'][number][] = [];
  for (const { name, file } of daemons) {
    const log = await readOneFile(run.directory, file, level);
    if (log !== null) whole.push({ name, log });
  }
  return { iterations, daemons: whole };
}

/** Characters that a log is reckoned as: lines that are hardly longer than nothing take memory as well. */
function worth({ bytes, lines }: Pick<LogText, 'bytes' | 'lines'>): number {
  return Math.max(bytes, lines * leastPerLine);
}

function nameOf(outline: Outline | null): IterationName | null {
  return outline === null ? null : { arm: outline.arm, iteration: outline.iteration };
}
