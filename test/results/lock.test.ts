import { spawnSync } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, vi } from 'vitest';
import { thisSystem } from '../../src/processes/system.js';
import { layout } from '../../src/results/layout.js';
import { isAbandoned, isLocked, lockRun } from '../../src/results/lock.js';
import { test } from '../scenario/folder.js';

describe('the lock of a run directory', () => {
  test('one has it at a time, and the next after it', async ({ folder }) => {
    const first = await lockRun(folder.path);
    await expect(lockRun(folder.path)).rejects.toThrow(
      `is being written by process ${process.pid}; wait for its end`,
    );
    expect(await isLocked(folder.path)).toBe(true);
    await first.release();
    expect(await isLocked(folder.path)).toBe(false);
    await (await lockRun(folder.path)).release();
    expect(await readdir(folder.at(layout.locks))).toEqual([]);
  });

  test('of many that come at once, at most one has it', async ({ folder }) => {
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => lockRun(folder.path)));
    const held = all.filter(({ status }) => status === 'fulfilled');
    expect(held.length).toBeLessThanOrEqual(1);
  });

  test('a process that is over holds nothing up', async ({ folder }) => {
    await lockRun(folder.path);
    const { pid } = spawnSync('true');
    await rewrite(folder.at(layout.locks), (holder) => ({ ...holder, process: { pid, startTicks: '1' } }));
    const lock = await lockRun(folder.path);
    expect(await readdir(folder.at(layout.locks))).toHaveLength(1);
    await lock.release();
  });

  test('a process that nobody can look at, or whose start was never known, is not taken for dead', async ({
    folder,
  }) => {
    await lockRun(folder.path);
    const before = await readdir(folder.at(layout.locks));
    vi.spyOn(thisSystem, 'startOf').mockReturnValue('unknown');
    await expect(lockRun(folder.path)).rejects.toThrow('is being written by process');
    expect(await isAbandoned(folder.path)).toBe(false);
    vi.restoreAllMocks();
    await rewrite(folder.at(layout.locks), (holder) => ({
      ...holder,
      process: { pid: process.pid, startTicks: '' },
    }));
    expect(await isLocked(folder.path)).toBe(true);
    expect(await readdir(folder.at(layout.locks))).toEqual(before);
  });

  test('a holder of another machine, or one that says nothing, is not taken for dead', async ({ folder }) => {
    await lockRun(folder.path);
    await rewrite(folder.at(layout.locks), (holder) => ({ ...holder, host: 'elsewhere', bootId: 'x' }));
    await expect(lockRun(folder.path)).rejects.toThrow(/another machine or in another container; if that/);
    await rewrite(folder.at(layout.locks), () => 'nonsense');
    await expect(lockRun(folder.path)).rejects.toThrow(/if that is over, remove /);
  });

  test('a link in its place leads nowhere', async ({ folder }) => {
    await mkdir(folder.at('elsewhere'));
    await mkdir(folder.at('run'));
    await symlink(folder.at('elsewhere'), folder.at('run', layout.locks));
    await expect(lockRun(folder.at('run'))).rejects.toThrow('cannot be made');
    expect(await readdir(folder.at('elsewhere'))).toEqual([]);
  });
});

async function rewrite(locks: string, change: (holder: object) => unknown): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  for (const name of await readdir(locks)) {
    const file = path.join(locks, name);
    await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')))));
  }
}
