import { writeFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { beyondShell } from '../../src/runner/beyond-shell.js';
import { logTail } from '../../src/runner/log-tail.js';
import { withScratch } from '../../src/runner/scratch.js';
import { test } from '../scenario/folder.js';

describe('the tail of a log', () => {
  test('is the last lines of both streams', async ({ folder }) => {
    await folder.write('a.stdout', 'one\ntwo\n');
    await folder.write('a.stderr', 'three\nfour\nfive\nsix\n');
    expect(await logTail(folder.path, 'a')).toBe('two\nthree\nfour\nfive\nsix');
  });

  test('is short, of a log that is long', async ({ folder }) => {
    await folder.write('a.stderr', `${'x'.repeat(1_000_000)}end\n`);
    const tail = await logTail(folder.path, 'a');
    expect(tail.length).toBeLessThanOrEqual(2_000);
    expect(tail.endsWith('xend')).toBe(true);
  });

  test('is empty where there is no log', async ({ folder }) => {
    expect(await logTail(folder.path, 'a')).toBe('');
  });
});

describe('the variables that a shell drops', () => {
  test('are those whose names it could not write', () => {
    expect(
      beyondShell({ PATH: '/bin', _x1: '', 'a-b': '1', 'F%%': 'x\ny', '1a': '', é: '2', GONE: undefined }),
    ).toEqual(['env', 'a-b=1', 'F%%=x\ny', '1a=', 'é=2']);
    expect(beyondShell({ PATH: '/bin' })).toEqual([]);
  });
});

describe('a scratch folder', () => {
  test('is gone afterwards, with all that is in it, also after an error', async () => {
    const { existsSync } = await import('node:fs');
    const used: string[] = [];
    const use = async (folder: string): Promise<string> => {
      used.push(folder);
      await writeFile(`${folder}/x`, '');
      if (used.length > 1) throw new Error('no');
      return 'yes';
    };
    expect(await withScratch(use)).toBe('yes');
    await expect(withScratch(use)).rejects.toThrow('no');
    expect(used.map((folder) => existsSync(folder))).toEqual([false, false]);
    expect(new Set(used).size).toBe(2);
  });
});
