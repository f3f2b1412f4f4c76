import path from 'node:path';
import { shellWord, terminalText } from '../reports/escape.js';
import { outOption } from './options.js';

/** How a run that was stopped goes on, as a sentence. */
export function resumeText(directory: string): string {
  const results = path.dirname(directory);
  const isUsual = results === path.resolve(outOption.default);
  const words = ['buildrace', 'resume', path.basename(directory), ...(isUsual ? [] : ['--out', results])];
  return terminalText(`the finished iterations are kept; go on with: ${words.map(shellWord).join(' ')}`);
}
