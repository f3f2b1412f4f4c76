import { appendFile, stat, truncate } from 'node:fs/promises';
import { systemReason } from '../errors.js';
import type { Comparison } from '../results/comparison.js';
import type { RunResult } from '../results/result.js';
import { tell } from './output.js';

/** A run, and what it said beside a base where it was held against one. */
type ToldRun = RunResult & { readonly comparison?: Comparison | null };

/**
 * In a job of GitHub Actions: appends to the step's summary (`GITHUB_STEP_SUMMARY`), and writes annotations to stderr
 * (`GITHUB_ACTIONS`), as stdout may be JSON. Elsewhere it does nothing; a file that cannot be written is told, and is
 * no failure of a run.
 */
export async function tellGithub(
  runs: readonly ToldRun[],
  comparisons: readonly Comparison[] = [],
): Promise<void> {
  const { GITHUB_STEP_SUMMARY: file, GITHUB_ACTIONS: isAction } = process.env;
  if (!file && isAction !== 'true') return;
  const { annotations, comparisonPart } = await import('../reports/github.js');
  const all = [...runs.flatMap(({ comparison }) => comparison ?? []), ...comparisons];
  const { comparisonMarkdown } = await import('../reports/comparison-markdown.js');
  const parts = all.map((one) => comparisonPart(one, comparisonMarkdown(one)));
  if (file) await appendSummary(file, runs, parts);
  if (isAction === 'true') for (const line of annotations(runs, all)) process.stderr.write(`${line}\n`);
}

async function appendSummary(
  file: string,
  runs: readonly RunResult[],
  comparisons: readonly string[],
): Promise<void> {
  const { jobSummary, maxSummaryBytes } = await import('../reports/github.js');
  // The step's other commands have written to it too.
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  try {
    await appendFile(file, jobSummary(runs, comparisons, Math.max(0, maxSummaryBytes - size)));
  } catch (error) {
    // Half a table would spoil what comes after it.
    await truncate(file, size).catch(() => undefined);
    tell(`the job summary ${file} cannot be written (${systemReason(error)})`);
  }
}
