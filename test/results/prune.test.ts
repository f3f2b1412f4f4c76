import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect } from 'vitest';
import type { JournalEvent } from '../../src/results/journal.js';
import { lockRun } from '../../src/results/lock.js';
import { pruneRuns } from '../../src/results/prune.js';
import { asNobody } from '../scenario/as-nobody.js';
import { type Folder, test } from '../scenario/folder.js';
import { iterationFinished, writeRun } from './sample-run.js';

const now = new Date('2026-11-21T12:00:00.000Z');
const options = { keep: 1, dryRun: false, now };
const nameOf = (day: number): string => `2026-11-0${day}T01-00-00-000Z-sample-buildctl-x`;
const base = { schemaVersion: 1 as const, at: '2026-11-21T11:00:00.000Z' };
const finished: JournalEvent = { ...base, event: 'run-finished' };

/** A run of that day; its journal changed so many minutes ago. */
async function store(
  folder: Folder,
  day: number,
  minutes = 5,
  events: JournalEvent[] = [finished],
): Promise<string> {
  const directory = await writeRun(folder.at(nameOf(day)), { events });
  await folder.write(`${nameOf(day)}/iterations/main/0001/a.stderr`, '12345');
  await changed(directory, minutes);
  return directory;
}

async function changed(directory: string, minutes: number): Promise<void> {
  const at = new Date(now.getTime() - minutes * 60_000);
  await utimes(path.join(directory, 'journal.jsonl'), at, at);
}

describe('pruning', () => {
  test('leaves the newest', async ({ folder }) => {
    for (const day of [2, 1, 3, 4]) await store(folder, day);
    const pruned = await pruneRuns(folder.path, { ...options, keep: 2 });
    expect(pruned.removed.map(({ run }) => run)).toEqual([nameOf(1), nameOf(2)]);
    expect(pruned.kept).toEqual([nameOf(3), nameOf(4)]);
    expect(await readdir(folder.path)).toEqual([nameOf(3), nameOf(4)]);
  });

  test('only says what would go, and how much that is', async ({ folder }) => {
    const directory = await store(folder, 1);
    const pruned = await pruneRuns(folder.path, { ...options, keep: 0, dryRun: true });
    expect(existsSync(directory)).toBe(true);
    await writeFile(path.join(directory, 'more'), 'x'.repeat(1_000));
    const more = await pruneRuns(folder.path, { ...options, keep: 0 });
    expect(more.bytes - pruned.bytes).toBe(1_000);
    expect(more).toMatchObject({ removed: [{ run: nameOf(1), bytes: more.bytes }], kept: [] });
    expect(existsSync(directory)).toBe(false);
  });

  test('touches nothing that is no run', async ({ folder }) => {
    await folder.write('baselines/chaos-1506/plan.json', '{}');
    await folder.write('2026-11-01T01-00-00-000Z-no-plan/notes.txt', '');
    await changed(await writeRun(folder.at('my-run'), { events: [finished] }), 90);
    await folder.write('2026-11-01T01-00-00-000Z-file', '');
    await store(folder, 1);
    const before = await readdir(folder.path);
    await pruneRuns(folder.path, { ...options, keep: 0 });
    expect(await readdir(folder.path)).toEqual(before.filter((name) => name !== nameOf(1)));
  });

  test('goes through no link', async ({ folder }) => {
    const elsewhere = await writeRun(folder.at('elsewhere', nameOf(1)), { events: [finished] });
    await mkdir(folder.at('results'));
    await symlink(elsewhere, folder.at('results', nameOf(1)));
    const second = await writeRun(folder.at('results', nameOf(2)), { events: [finished] });
    await symlink(elsewhere, path.join(second, 'iterations'));
    const pruned = await pruneRuns(folder.at('results'), { ...options, keep: 0 });
    expect(pruned.removed.map(({ run }) => run)).toEqual([nameOf(2)]);
    expect(await readdir(folder.at('results'))).toEqual([nameOf(1)]);
    expect(await readdir(elsewhere)).toContain('plan.json');
  });

  test.for([
    ['is written to', 59, [iterationFinished()], true],
    ['went silent', 61, [iterationFinished()], false],
    ['has ended', 1, [iterationFinished(), finished], false],
    ['was stopped', 1, [{ ...base, event: 'run-stopped', reason: 'x' }], false],
    ['goes on after a stop', 1, [{ ...base, event: 'run-stopped', reason: 'x' }, iterationFinished()], true],
    ['has just begun', 1, [], true],
  ] as const)('of a run that %s', async ([, minutes, events, stays], { folder }) => {
    const directory = await store(folder, 1, minutes, [...events]);
    const pruned = await pruneRuns(folder.path, { ...options, keep: 0 });
    expect(existsSync(directory)).toBe(stays);
    expect(pruned.writing).toEqual(stays ? [nameOf(1)] : []);
  });

  test('leaves a run that somebody has the lock of, however old it is', async ({ folder }) => {
    const directory = await store(folder, 1, 600);
    const lock = await lockRun(directory);
    const pruned = await pruneRuns(folder.path, { ...options, keep: 0 });
    expect(pruned).toMatchObject({ writing: [nameOf(1)], removed: [] });
    expect(existsSync(path.join(directory, 'iterations/main/0001/a.stderr'))).toBe(true);
    await lock.release();
    expect((await pruneRuns(folder.path, { ...options, keep: 0 })).removed).toHaveLength(1);
  });

  test('takes a run whose lock nobody has any more, however young it is', async ({ folder }) => {
    const directory = await store(folder, 1, 0, [iterationFinished()]);
    await (await lockRun(directory)).release();
    expect((await pruneRuns(folder.path, { ...options, keep: 0 })).removed).toHaveLength(1);
  });

  test('of two at once removes each run once, and none halfway', async ({ folder }) => {
    for (const day of [1, 2, 3, 4, 5, 6]) await store(folder, day);
    const both = await Promise.all([1, 2].map(() => pruneRuns(folder.path, { ...options, keep: 1 })));
    expect(both.flatMap(({ failed }) => failed)).toEqual([]);
    expect(await readdir(folder.path)).toEqual([nameOf(6)]);
  });

  test('goes on where one run cannot be removed, and says so', async ({ folder }) => {
    await chmod(folder.path, 0o755);
    const directory = await store(folder, 1);
    const pruned = await asNobody(() => pruneRuns(folder.path, { ...options, keep: 0 }));
    expect(pruned.failed).toEqual([{ run: nameOf(1), reason: 'permission denied' }]);
    expect(pruned.removed).toEqual([]);
    expect(existsSync(path.join(directory, 'plan.json'))).toBe(true);
  });
});
