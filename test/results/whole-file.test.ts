import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { ignoreNoSync, writeWhole } from '../../src/results/whole-file.js';
import { asNobody } from '../scenario/as-nobody.js';
import { test } from '../scenario/folder.js';

describe('a file that is written whole', () => {
  test('of many writers at once is one of theirs, whole, and nothing is left beside it', async ({
    folder,
  }) => {
    const file = folder.at('x.json');
    const texts = Array.from({ length: 16 }, (_, i) => String(i).repeat(100_000));
    await Promise.all(texts.map((text) => writeWhole(file, text, { replace: true })));
    expect(texts).toContain(await readFile(file, 'utf8'));
    expect(await readdir(folder.path)).toEqual(['x.json']);
  });

  test('that may not replace any is written by one of many, and the others are told', async ({ folder }) => {
    const file = folder.at('x.json');
    const ends = await Promise.allSettled(
      Array.from({ length: 16 }, (_, i) => writeWhole(file, `${i}`, { replace: false })),
    );
    const winners = ends.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
    expect(winners).toHaveLength(1);
    expect(await readFile(file, 'utf8')).toBe(`${winners[0]}`);
    for (const end of ends) if (end.status === 'rejected') expect(end.reason.code).toBe('EEXIST');
    expect(await readdir(folder.path)).toEqual(['x.json']);
  });

  test('has the mode that is asked for', async ({ folder }) => {
    await writeWhole(folder.at('x'), '', { replace: true, mode: 0o640 });
    expect((await stat(folder.at('x'))).mode & 0o777).toBe(0o640);
  });

  test('leaves the old one, and nothing else, where it cannot be put in its place', async ({ folder }) => {
    await mkdir(folder.at('x/full'), { recursive: true });
    await expect(writeWhole(folder.at('x'), 'new', { replace: true })).rejects.toThrow();
    expect((await lstat(folder.at('x'))).isDirectory()).toBe(true);
    expect(await readdir(folder.path)).toEqual(['x']);
    await chmod(folder.path, 0o755);
    await expect(asNobody(() => writeWhole(folder.at('y'), '', { replace: true }))).rejects.toThrow('EACCES');
    expect(existsSync(folder.at('y'))).toBe(false);
  });

  test('is not taken for being on disk where the disk said otherwise', () => {
    const error = (code: string) => Object.assign(new Error(code), { code });
    for (const code of ['EINVAL', 'ENOTSUP', 'EROFS']) ignoreNoSync(error(code));
    for (const code of ['EIO', 'ENOSPC', 'EDQUOT']) expect(() => ignoreNoSync(error(code))).toThrow(code);
  });
});
