import { stripVTControlCharacters } from 'node:util';
import type { Command, RunResult } from './builder.js';

/** Longest text of a program that is quoted in a sentence of ours, in characters. */
const quotedLength = 200;

/** The first line that a program said (standard error first), safe to print: without control characters, cut. */
export function firstLine(result: Pick<RunResult, 'stdout' | 'stderr'>): string {
  const lines = `${result.stderr}\n${result.stdout}`.split(/\r?\n/).map((line) => printable(line).trim());
  const line = lines.find((text) => text !== '') ?? '';
  return line.length > quotedLength ? `${line.slice(0, quotedLength - 1)}…` : line;
}

/** Why a command did not do its work, as the end of a sentence. */
export function whyFailed(result: RunResult): string {
  if (result.refused !== undefined) return `it could not be started: ${result.refused}`;
  if (result.notFound) return 'it could not be started';
  if (result.timedOut) return 'no answer within 10 s';
  return firstLine(result) || `exit code ${result.exitCode ?? 'unknown'}`;
}

/** The command as one would type it in a shell; for people to read, never to be run. */
export function displayed(command: Command): string {
  return [command.file, ...command.args].map(quoted).join(' ');
}

/** One word, safe to show and to paste into a shell. */
export function quoted(word: string): string {
  const shown = printable(word);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

/** A text of others without control characters and terminal escapes. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\x00-\x1f\x7f-\x9f]/g, ' ');
}
