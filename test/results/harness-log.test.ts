import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, unlink } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { harnessLog } from '../../src/results/harness-log.js';
import { test } from '../scenario/folder.js';

describe('the log of a run', () => {
  test('holds each line as soon as it is written, after those that were there', async ({ folder }) => {
    const file = await folder.write('harness.log', 'old\n');
    const log = harnessLog(file);
    log.write('a\n');
    expect(await readFile(file, 'utf8')).toBe('old\na\n');
    log.write('b\n');
    expect(await readFile(file, 'utf8')).toBe('old\na\nb\n');
  });

  test('loses what cannot be written, and says how much once it can be', async ({ folder }) => {
    const log = harnessLog(folder.at('none/harness.log'));
    for (const line of ['a\n', 'b\n']) log.write(line);
    await mkdir(folder.at('none'));
    log.write('c\n');
    log.write('d\n');
    const lines = (await readFile(folder.at('none/harness.log'), 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 40,
      schemaVersion: 1,
      msg: '2 lines of this log could not be written: no such file or directory',
    });
    expect(lines.slice(1)).toEqual(['c', 'd']);
  });

  test.runIf(existsSync('/dev/full'))('is no reason to end where the disk is full', async ({ folder }) => {
    const file = folder.at('harness.log');
    await symlink('/dev/full', file);
    const log = harnessLog(file);
    for (let i = 0; i < 3; i++) expect(() => log.write('x\n')).not.toThrow();
    await unlink(file);
  });
});
