import path from 'node:path';
import { shellWord, terminalText } from '../reports/escape.js';
import { canGoOn } from '../results/not-carried-out.js';
import type { RunResult } from '../results/result.js';
import { outOption } from './options.js';

/** How those of the runs go on that ended early and can, a sentence each. */
export function resumeTexts(runs: readonly RunResult[]): string[] {
  return runs.filter(canGoOn).map(({ directory }) => resumeText(directory));
}

/** How a run that was stopped goes on, as a sentence. */
function resumeText(directory: string): string {
  const results = path.dirname(directory);
  const isUsual = results === path.resolve(outOption.default);
  const words = ['buildrace', 'resume', path.basename(directory), ...(isUsual ? [] : ['--out', results])];
  return terminalText(`the finished iterations are kept; go on with: ${words.map(shellWord).join(' ')}`);
}
