import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { layout } from '../../src/results/layout.js';
import { lockRun } from '../../src/results/lock.js';
import { clearUnfinished, findUnfinished } from '../../src/results/unfinished.js';
import { type Folder, test } from '../scenario/folder.js';

/** A run directory that is being made by this process. */
async function being(folder: Folder, name: string): Promise<string> {
  const made = folder.at(name);
  await mkdir(made);
  await lockRun(made);
  await writeFile(path.join(made, layout.plan), '{}');
  return made;
}

/** Makes its maker another process: the same pid, started at another time. */
async function asDead(made: string, more: object = {}): Promise<void> {
  for (const name of readdirSync(path.join(made, layout.locks))) {
    const file = path.join(made, layout.locks, name);
    const holder = JSON.parse(await readFile(file, 'utf8'));
    holder.process.startTicks = '1';
    await writeFile(file, JSON.stringify({ ...holder, ...more }));
  }
}

const hourAgo = new Date(Date.now() - 3_600_000);

describe('run directories whose maker was killed', () => {
  test.for(['.starting-run', '.merging-run'])('%s is told of, and removed', async (name, { folder }) => {
    const made = await being(folder, name);
    expect(await clearUnfinished(folder.path)).toEqual([]);
    await asDead(made);
    expect(await findUnfinished(folder.path)).toEqual([`A killed run left ${made}.`]);
    expect(existsSync(made)).toBe(true);
    expect(await clearUnfinished(folder.path)).toEqual([`Removed what a killed run left: ${made}.`]);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('stay where one of several who wrote there lives, or may live elsewhere', async ({ folder }) => {
    const made = await being(folder, '.merging-run');
    await asDead(made, { host: 'elsewhere' });
    expect(await clearUnfinished(folder.path)).toEqual([]);
    await asDead(made, { pidNamespace: 'pid:[1]' });
    expect(await clearUnfinished(folder.path)).toEqual([]);
    await writeFile(path.join(made, layout.locks, '1-aaaaaaaaaaaa.json'), 'nonsense');
    await asDead(made).catch(() => undefined);
    expect(await clearUnfinished(folder.path)).toEqual([]);
    expect(existsSync(path.join(made, layout.plan))).toBe(true);
  });

  test('without a lock are nobody’s that is known, and stay; but for empty ones, after a while', async ({
    folder,
  }) => {
    for (const name of ['.starting-full', '.starting-empty', '.starting-fresh', '.starting-half'])
      await mkdir(folder.at(name));
    await writeFile(folder.at('.starting-full', 'note'), '');
    await mkdir(folder.at('.starting-half', layout.locks));
    await writeFile(folder.at('.starting-half', layout.locks, '.42-0123456789ab.json'), '{"pro');
    for (const name of ['.starting-full', '.starting-empty', '.starting-half', '.starting-half/locks'])
      await utimes(folder.at(name), hourAgo, hourAgo);
    const gone = ['.starting-empty', '.starting-half'].map((name) => folder.at(name));
    expect(await clearUnfinished(folder.path)).toEqual(
      gone.map((one) => `Removed what a killed run left: ${one}.`),
    );
    expect(readdirSync(folder.path).sort()).toEqual(['.starting-fresh', '.starting-full']);
  });

  test('are real folders of such a name: a run, a link and other hidden folders stay', async ({ folder }) => {
    const run = await being(folder, 'run');
    const hidden = await being(folder, '.hidden');
    for (const one of [run, hidden]) await asDead(one);
    await symlink(run, folder.at('.merging-link'));
    expect(await clearUnfinished(folder.path)).toEqual([]);
    expect(existsSync(path.join(run, layout.plan))).toBe(true);
    expect(await clearUnfinished(folder.at('no-such-folder'))).toEqual([]);
  });
});
