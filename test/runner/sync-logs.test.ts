import { chmod, open } from 'node:fs/promises';
import { expect, vi } from 'vitest';
import { LogSync } from '../../src/runner/sync-logs.js';
import { asNobody } from '../scenario/as-nobody.js';
import { type Folder, test } from '../scenario/folder.js';

/** How often something is brought to disk by each of the calls. */
async function syncs(folder: Folder, logs: LogSync, places: readonly string[]): Promise<number[]> {
  const handle = await open(folder.path);
  const spy = vi.spyOn(Object.getPrototypeOf(handle) as { sync(): Promise<void> }, 'sync');
  await handle.close();
  const counts: number[] = [];
  try {
    for (const place of places) {
      spy.mockClear();
      await logs.sync(folder.at(place));
      counts.push(spy.mock.calls.length);
    }
  } finally {
    spy.mockRestore();
  }
  return counts;
}

test('logs are synced where there are some, and the names of folders when they are new', async ({
  folder,
}) => {
  for (const place of ['one/0001', 'one/0002', 'two/0001', 'two/0002'])
    await folder.write(`iterations/${place}/a.stdout`, 'x');
  // The file, its folder, and the folders with the names of that, of the arm, and of `iterations`.
  const places = ['one/0001', 'one/0002', 'none/0001', 'two/0001', 'two/0002'];
  const counts = await syncs(
    folder,
    new LogSync(folder.path),
    places.map((place) => `iterations/${place}`),
  );
  expect(counts).toEqual([5, 3, 0, 4, 3]);
});

test('what could not be synced is tried again', async ({ folder }) => {
  await folder.write('iterations/one/0001/a.stdout', 'x');
  const logs = new LogSync(folder.path);
  const handle = await open(folder.path);
  const prototype = Object.getPrototypeOf(handle) as { sync(): Promise<void> };
  await handle.close();
  const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
  vi.spyOn(prototype, 'sync').mockRejectedValue(full);
  await expect(logs.sync(folder.at('iterations/one/0001'))).rejects.toThrow('full');
  vi.restoreAllMocks();
  expect(await syncs(folder, logs, ['iterations/one/0001'])).toEqual([5]);
});

test('a run directory that takes names and shows none is no reason to stop', async ({ folder }) => {
  const place = 'iterations/one/0001';
  await folder.write(`${place}/a.stdout`, 'x');
  await chmod(folder.path, 0o311);
  await asNobody(() => new LogSync(folder.path).sync(folder.at(place)));
  await chmod(folder.path, 0o755);
});
