import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tmp from 'tmp';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { parseFile } from '../../src/progress/parse.js';
import { read } from './reading.js';

const folder = tmp.dirSync({ unsafeCleanup: true });
afterAll(() => folder.removeCallback());

describe('parseFile', () => {
  it('reads a file of many chunks, whatever its name', async () => {
    const output = Array.from({ length: 60_000 }, (_, at) => `#2 ${at}.0 line ${at} `.padEnd(60, 'x'));
    const log = ['#1 [1/2] RUN x', '#1 DONE 0.1s', '', '#2 [2/2] RUN y', ...output, '#2 DONE 1.0s', ''].join(
      '\n',
    );
    const path = join(folder.name, 'no extension');
    writeFileSync(path, log);
    expect(log.length).toBeGreaterThan(3 * 1024 * 1024);
    const timeline = await parseFile(path);
    expect(timeline).toEqual(read(log));
    expect(timeline.steps[1]).toMatchObject({ outputLines: 60_000, endLine: 60_005 });
  });

  it('reads an empty file', async () => {
    const path = join(folder.name, 'empty.log');
    writeFileSync(path, '');
    expect(await parseFile(path)).toEqual(read(''));
  });

  it.each([
    ['missing.log', 'no such file or directory'],
    ['folder', 'illegal operation on a directory'],
  ])('says why it cannot read %s', async (name, reason) => {
    mkdirSync(join(folder.name, 'folder'), { recursive: true });
    const path = join(folder.name, name);
    const error: unknown = await parseFile(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ exitCode: 2, message: `cannot read ${path}: ${reason}` });
  });
});
