import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFile } from '../../src/progress/parse.js';
import { readLines } from './reading.js';

const rule = '--------------------';
const block = [rule, '   5 |     COPY . .', '   6 | >>> RUN false', '   7 |     ', rule];
const failed = ['#7 [4/4] RUN false', '#7 ERROR: exit code: 1', '------', ' > [4/4] RUN false:', '------'];
const closing = 'error: failed to solve: exit code: 1';
const sourceOf = (...lines: readonly string[]) => readLines(...failed, ...lines).source;

describe('the source block', () => {
  it.each([
    ['behind the summary', ['Dockerfile:6', ...block, closing], { line: 6, text: 'Dockerfile:6' }],
    ['of a file with blanks in its name', ['my file:12', ...block], { line: 6, text: 'my file:12' }],
    ['the last of two', ['a:1', ...block, 'b:2', ...block], { line: 12, text: 'b:2' }],
    ['behind some other line that looks like a place', ['a:1', 'b:2', ...block], { line: 7, text: 'b:2' }],
    ['none', [closing], null],
    ['a place alone', ['Dockerfile:6', closing], null],
    ['a place and a rule', ['Dockerfile:6', rule, closing], null],
    ['a place, and lines of a file without a rule', ['Dockerfile:6', ...block.slice(1, 3)], null],
    ['a rule without a place', [...block, closing], null],
    ['two rules', ['Dockerfile:6', rule, rule, ...block.slice(1)], null],
    ['an indented place', [' Dockerfile:6', ...block], null],
    ['a place that a vertex cuts off', ['Dockerfile:6', '#8 [2/2] RUN x', ...block], null],
  ])('%s', (_, lines, expected) => {
    expect(sourceOf(...lines)).toEqual(expected);
  });

  it('is not what a step printed, nor what a summary repeats of it', () => {
    const printed = ['Dockerfile:6', ...block];
    expect(
      readLines('#7 [4/4] RUN false', ...printed.map((text) => `#7 0.1 ${text}`), '#7 ERROR: no').source,
    ).toBeNull();
    const repeated = printed.map((text) => `0.1 ${text}`);
    expect(readLines(...failed.slice(0, 4), ...repeated, '------', closing).source).toBeNull();
    expect(readLines(...failed.slice(0, 4), ...printed, '------', closing).source).toBeNull();
  });

  it('shows the Dockerfile, whose words are no trouble and no error', () => {
    const words = ['   5 |     RUN echo "rpc error: code = Unavailable"', '   6 | >>> RUN echo no such job'];
    const timeline = readLines(...failed, 'Dockerfile:6', rule, ...words, rule, closing);
    expect(timeline).toMatchObject({ trouble: [], error: { text: closing }, source: { line: 6 } });
  });
});

describe('recorded logs', () => {
  const folder = path.join(import.meta.dirname, '../recorded-logs');
  const names = readdirSync(folder).filter((name) => name.endsWith('.log'));

  /** Its line, told without the parser: the one in front of the only rule of 20 that a line of a file follows. */
  function expectedLine(name: string): { line: number; text: string } | null {
    const lines = readFileSync(path.join(folder, name), 'utf8').split(/\r?\n/);
    const at = lines.findIndex(
      (text, i) => text === rule && /^ {3}\d \| /.test(lines[i + 1] ?? '') && !lines[i - 1]?.startsWith('#'),
    );
    return at < 0 ? null : { line: at, text: lines[at - 1] ?? '' };
  }

  it.each(names)('%s', async (name) => {
    expect((await parseFile(path.join(folder, name))).source).toEqual(expectedLine(name));
  });

  it('are of three formats that have one', () => {
    const withSource = names.filter((name) => expectedLine(name) !== null);
    for (const format of ['plain', 'tty', 'rawjson'])
      expect(withSource.some((name) => name.endsWith(`.${format}.log`))).toBe(true);
  });
});
