import { appendFile, readdir, readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { PrivateDaemon } from '../../src/builders/builder.js';
import { saysLeftOut } from '../../src/progress/left-out.js';
import { followDaemonLog } from '../../src/runner/daemon-log.js';
import { type Folder, test } from '../scenario/folder.js';

const limit = 100_000;
const line = (i: number): string => `time=x level=debug msg="line ${i}"\n`;
const lines = (count: number): string => Array.from({ length: count }, (_, i) => line(i + 1)).join('');
const panic = 'panic: runtime error\n\ngoroutine 1 [running]:\n';

/** What is kept of a daemon's log that held `before`, and then `after`. */
async function kept(folder: Folder, before: string, after: string) {
  const log = await folder.write('whole.log', before);
  const file = folder.at('daemon.log');
  const keep = await followDaemonLog({ log } as PrivateDaemon, file, limit);
  await appendFile(log, after);
  const gap = await keep();
  return { gap, text: await readFile(file, 'utf8') };
}

test('a log is kept from where it was, byte for byte, as long as it has room', async ({ folder }) => {
  const room = limit - 1_024;
  const filled = `${lines(2_000).slice(0, room - panic.length)}${panic}`;
  for (const after of ['', 'one\n', filled])
    expect(await kept(folder, 'panic: of another iteration\n', after)).toEqual({ gap: null, text: after });
});

test('of one that has none the beginning and the end are kept, and a line that tells of the gap', async ({
  folder,
}) => {
  const all = `${lines(20_000)}${panic}`;
  const { gap, text } = await kept(folder, lines(7), all);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
  expect(text.endsWith(`${line(20_000)}${panic}`)).toBe(true);
  const rows = text.split('\n');
  const at = rows.findIndex(saysLeftOut);
  const [head, tail] = [rows.slice(0, at), rows.slice(at + 1)].map((part) => part.join('\n'));
  expect(all.startsWith(`${head}\n`)).toBe(true);
  expect(all.endsWith(`\n${tail}`)).toBe(true);
  expect(gap).toMatchObject({
    line: at + 1,
    keptBytes: `${head}\n`.length,
    leftOutBytes: all.length - `${head}\n`.length - (tail ?? '').length,
  });
  const [, from = '', to = ''] = /lines (\d+) to (\d+)/.exec(rows[at] ?? '') ?? [];
  expect(
    all
      .split('\n')
      .slice(Number(from) - 1, Number(to))
      .join('\n').length + 1,
  ).toBe(gap?.leftOutBytes);
  expect((await readdir(folder.path)).sort()).toEqual(['daemon.log', 'whole.log']);
});

test('where there is no daemon, or its log is gone, there is nothing to keep', async ({ folder }) => {
  const file = folder.at('daemon.log');
  expect(await (await followDaemonLog(null, file))()).toBeNull();
  expect(await readdir(folder.path)).toEqual([]);
  expect(await (await followDaemonLog({ log: folder.at('no') } as PrivateDaemon, file))()).toBeNull();
  expect(await readFile(file, 'utf8')).toBe('');
});

test('what cannot be written is told', async ({ folder }) => {
  const log = await folder.write('whole.log', '');
  const keep = await followDaemonLog({ log } as PrivateDaemon, folder.at('no/daemon.log'));
  await appendFile(log, 'x\n');
  await expect(keep()).rejects.toMatchObject({ code: 'ENOENT' });
});
