import { open } from 'node:fs/promises';
import { expect, vi } from 'vitest';
import { sync, syncNames } from '../../src/results/sync.js';
import { test } from '../scenario/folder.js';

test('a file and the names of a folder are brought to disk', async ({ folder }) => {
  await sync(await folder.write('a', 'x'));
  await syncNames(folder.path);
});

test('what does not come to disk is told, but for a file system that knows no sync', async ({ folder }) => {
  const handle = await open(folder.path);
  const prototype = Object.getPrototypeOf(handle) as { sync(): Promise<void> };
  await handle.close();
  const saying = (code: string) =>
    vi.spyOn(prototype, 'sync').mockRejectedValue(Object.assign(new Error(code), { code }));
  for (const one of [sync, syncNames]) {
    saying('EIO');
    await expect(one(folder.path)).rejects.toThrow('EIO');
    saying('EINVAL');
    await one(folder.path);
    vi.restoreAllMocks();
    await expect(one(folder.at('none'))).rejects.toThrow('ENOENT');
  }
});
