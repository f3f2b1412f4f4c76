import { appendFile, stat } from 'node:fs/promises';
import { systemReason } from '../errors.js';
import type { Comparison } from '../results/comparison.js';
import type { RunResult } from '../results/result.js';
import { tell } from './output.js';

/** What was compared, with its Markdown. */
export interface ComparisonText {
  readonly comparison: Comparison;
  readonly markdown: string;
}

/**
 * In a job of GitHub Actions: appends to the step's summary (`GITHUB_STEP_SUMMARY`), and writes annotations to stderr
 * (`GITHUB_ACTIONS`), as stdout may be JSON. Elsewhere it does nothing; a file that cannot be written is told, and is
 * no failure of a run.
 */
export async function tellGithub(
  results: readonly RunResult[],
  compared: readonly ComparisonText[] = [],
): Promise<void> {
  const { GITHUB_STEP_SUMMARY: file, GITHUB_ACTIONS: isAction } = process.env;
  if (!file && isAction !== 'true') return;
  const { annotations } = await import('../reports/github.js');
  if (file) await appendSummary(file, results, compared);
  if (isAction !== 'true') return;
  for (const line of annotations(
    results,
    compared.map(({ comparison }) => comparison),
  )) {
    tell(line);
  }
}

async function appendSummary(
  file: string,
  results: readonly RunResult[],
  compared: readonly ComparisonText[],
): Promise<void> {
  const { jobSummary, maxSummaryBytes } = await import('../reports/github.js');
  try {
    // The step's other commands have written to it too.
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    const texts = compared.map(({ markdown }) => markdown);
    await appendFile(file, jobSummary(results, texts, Math.max(0, maxSummaryBytes - size)));
  } catch (error) {
    tell(`the job summary ${file} cannot be written (${systemReason(error)})`);
  }
}
