import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect } from 'vitest';
import { UserError } from '../../src/errors.js';
import { createRunDirectory, findRun, runName, writeJson } from '../../src/results/directory.js';
import { asNobody } from '../scenario/as-nobody.js';
import { test } from '../scenario/folder.js';
import { writeRun } from './sample-run.js';

const here = process.cwd();
afterEach(() => process.chdir(here));

describe('a new run directory', () => {
  test('is made with all folders that lead to it, and is absolute', async ({ folder }) => {
    process.chdir(folder.path);
    const made = await createRunDirectory('deep/results', 'run-1');
    expect(made).toBe(folder.at('deep/results/run-1'));
    expect(await readdir(made)).toEqual([]);
  });

  test('is never one that is there already', async ({ folder }) => {
    await folder.write('run-1/plan.json', '{}');
    await expect(createRunDirectory(folder.path, 'run-1')).rejects.toThrow('(file already exists)');
    expect(await readdir(folder.at('run-1'))).toEqual(['plan.json']);
  });

  test('is not made under a file', async ({ folder }) => {
    const file = await folder.write('results', '');
    for (const results of [file, path.join(file, 'deeper')]) {
      const made = createRunDirectory(results, 'run-1');
      await expect(made).rejects.toBeInstanceOf(UserError);
      await expect(made).rejects.toThrow(`the results folder ${results} cannot be written`);
      await expect(made).rejects.toThrow('give another with --out');
    }
  });

  test('is made also where another run makes the same folders at this moment', async ({ folder }) => {
    const names = Array.from({ length: 8 }, (_, i) => `run-${i}`);
    await Promise.all(names.map((name) => createRunDirectory(folder.at('deep/down/results'), name)));
    expect(await readdir(folder.at('deep/down/results'))).toEqual(names);
  });

  test.runIf(existsSync('/proc/self'))(
    'is not made where the system takes no folders, and that is said',
    async () => {
      await expect(createRunDirectory('/proc/buildrace/results', 'run-1')).rejects.toThrow(
        'the results folder /proc/buildrace/results cannot be written (no such file or directory)',
      );
    },
  );

  test('is not made where this user may not write', async ({ folder }) => {
    await chmod(folder.path, 0o755);
    await mkdir(folder.at('results'), { mode: 0o555 });
    await expect(asNobody(() => createRunDirectory(folder.at('results'), 'run-1'))).rejects.toThrow(
      `the results folder ${folder.at('results')} cannot be written (permission denied)`,
    );
    await expect(asNobody(() => createRunDirectory(folder.at('results/new'), 'run-1'))).rejects.toThrow(
      '(permission denied)',
    );
  });
});

describe('the name of a run', () => {
  test('says when, what, on which builder, and is fit for a folder and a tag', () => {
    const name = runName(new Date('2026-01-02T03:04:05.678Z'), 'chaos-1506', 'buildx', 'k3x');
    expect(name).toBe('2026-01-02T03-04-05-678Z-chaos-1506-buildx-k3x');
    expect(name).toMatch(/^[\w.-]{1,128}$/);
  });

  test('sorts as the runs began, whatever they ran', () => {
    const date = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true });
    const words = fc.tuple(
      fc.stringMatching(/^[a-z0-9-]{1,20}$/),
      fc.stringMatching(/^[a-z]{1,9}$/),
      fc.stringMatching(/^[a-z0-9]{1,5}$/),
    );
    fc.assert(
      fc.property(date, date, words, words, (first, second, one, other) => {
        fc.pre(first.getTime() < second.getTime());
        expect(runName(first, ...one) < runName(second, ...other)).toBe(true);
      }),
    );
  });
});

describe('JSON in a file', () => {
  test('is whole for whoever had the old file open, and new for everybody else', async ({ folder }) => {
    const file = folder.at('x.json');
    await writeJson(file, { old: 'x'.repeat(10_000) });
    const reader = await open(file);
    const before = await readFile(file, 'utf8');
    await writeJson(file, { new: true });
    expect(await reader.readFile('utf8')).toBe(before);
    await reader.close();
    expect(await readFile(file, 'utf8')).toBe('{\n  "new": true\n}\n');
  });

  test('is never seen half written', async ({ folder }) => {
    const file = folder.at('x.json');
    const large = { rows: Array.from({ length: 50_000 }, (_, i) => i) };
    await writeJson(file, large);
    let isWriting = true;
    const reading = (async () => {
      let seen = 0;
      while (isWriting || seen === 0) {
        expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(large);
        seen++;
      }
    })();
    for (let i = 0; i < 10; i++) await writeJson(file, large);
    isWriting = false;
    await reading;
  });

  test('leaves nothing beside it', async ({ folder }) => {
    await writeJson(folder.at('x.json'), 1);
    await writeJson(folder.at('x.json'), 2);
    expect(await readdir(folder.path)).toEqual(['x.json']);
  });
});

describe('a run', () => {
  test('is found by its path, absolute or not, and by its name', async ({ folder }) => {
    const run = await writeRun(folder.at('results/run-1'));
    process.chdir(folder.path);
    for (const named of [run, 'results/run-1', './results/run-1/', 'run-1'])
      expect(await findRun(named, 'results')).toBe(run);
  });

  test('is found through a link', async ({ folder }) => {
    await writeRun(folder.at('elsewhere'));
    await symlink('elsewhere', folder.at('link'));
    expect(await findRun(folder.at('link'), folder.at('results'))).toBe(folder.at('link'));
  });

  test('is not found where there is none', async ({ folder }) => {
    await expect(findRun('run-9', folder.path)).rejects.toThrow(
      `there is no run run-9 (looked here and in ${folder.path})`,
    );
  });

  test('is no file', async ({ folder }) => {
    const file = await folder.write('x.log', '');
    await expect(findRun(file, folder.path)).rejects.toThrow(`${file} is a file, not a run directory`);
  });

  test('that is the latest is the last by name that has a plan', async ({ folder }) => {
    await writeRun(folder.at('2026-01-01T00-00-00-000Z-a-x-1'));
    const latest = await writeRun(folder.at('2026-01-02T00-00-00-000Z-a-x-1'));
    await mkdir(folder.at('2026-01-03T00-00-00-000Z-cut-off'));
    await writeFile(folder.at('zzz.txt'), '');
    expect(await findRun('latest', folder.path)).toBe(latest);
  });

  test('that is the latest is none where there is none', async ({ folder }) => {
    for (const results of [folder.path, folder.at('none')]) {
      await expect(findRun('latest', results)).rejects.toThrow(
        `there is no run in ${results} yet; make one with buildrace run`,
      );
    }
    expect((await stat(folder.path)).isDirectory()).toBe(true);
  });
});
