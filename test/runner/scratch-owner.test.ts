import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { removeScratch } from '../../src/builders/buildkitd/remains.js';
import { clearScratch, noteOwner } from '../../src/runner/scratch-owner.js';
import { isAlive, kill } from '../processes/alive.js';
import { type Folder, test } from '../scenario/folder.js';

const onLinux = existsSync('/proc/self/stat');
const name = 'buildrace-4242-aBc123';

const clear = (folder: Folder) => clearScratch(removeScratch, folder.path);

function scratch(folder: Folder, companion: number | null = null): string {
  const path = folder.at(name);
  mkdirSync(path);
  noteOwner(path, companion);
  return path;
}

/** Makes the owner another process: the same pid, started at another time. */
function asDead(path: string, more: object = {}): void {
  const file = `${path}/owner.json`;
  const owner = JSON.parse(readFileSync(file, 'utf8'));
  owner.process.startTicks = '1';
  writeFileSync(file, JSON.stringify({ ...owner, ...more }));
}

describe.runIf(onLinux)('the scratch folder of a run', () => {
  test('stays while the run is there', async ({ folder }) => {
    const path = scratch(folder);
    expect(await clear(folder)).toEqual([]);
    expect(existsSync(path)).toBe(true);
  });

  test('is removed once its process is gone, even if another one has its number', async ({ folder }) => {
    const path = scratch(folder);
    asDead(path);
    expect(await clear(folder)).toEqual([`Removed what a killed run left: ${path}.`]);
    expect(existsSync(path)).toBe(false);
  });

  test('that cannot be removed is told of, and stays', async ({ folder }) => {
    const path = scratch(folder);
    asDead(path);
    expect(await clearScratch(() => Promise.resolve(false), folder.path)).toEqual([
      `What a killed run left in ${path} cannot be removed: unmount what is mounted there, and remove it.`,
    ]);
    expect(existsSync(path)).toBe(true);
  });

  test('of another pid namespace stays, as nobody here can tell; of another boot it goes', async ({
    folder,
  }) => {
    const path = scratch(folder);
    asDead(path, { pidNamespace: 'pid:[1]' });
    expect(await clear(folder)).toEqual([]);
    asDead(path, { bootId: 'another' });
    expect(await clear(folder)).toHaveLength(1);
  });

  test('takes along what ran beside the run, and no other process of that number', async ({ folder }) => {
    const children = [0, 1].map(() => spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }));
    const [own = 0, other = 0] = children.map(({ pid }) => pid ?? 0);
    const ended = new Promise((resolve) => children[0]?.once('exit', resolve));
    try {
      asDead(scratch(folder, own));
      await clear(folder);
      await ended;
      const path = scratch(folder, other);
      asDead(path, { companion: { pid: other, startTicks: '1' } });
      expect(await clear(folder)).toHaveLength(1);
      expect(await isAlive(other)).toBe(true);
    } finally {
      for (const { pid } of children) if (pid) kill(-pid);
    }
  });

  test.for([
    ['without a note', () => undefined],
    [
      'with a note that is none',
      (path: string) => writeFileSync(`${path}/owner.json`, '{"process":{"pid":1}}'),
    ],
  ] as const)('stays %s', async ([, prepare], { folder }) => {
    mkdirSync(folder.at(name));
    prepare(folder.at(name));
    expect(await clear(folder)).toEqual([]);
    expect(existsSync(folder.at(name))).toBe(true);
  });

  test('is no link, and has its own name', async ({ folder }) => {
    mkdirSync(folder.at('real'));
    noteOwner(folder.at('real'));
    asDead(folder.at('real'));
    symlinkSync(folder.at('real'), folder.at(name));
    expect(await clear(folder)).toEqual([]);
    expect(existsSync(folder.at('real', 'owner.json'))).toBe(true);
  });
});
