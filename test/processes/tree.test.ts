import { spawn } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { treeOf } from '../../src/processes/rows.js';
import { readProcesses, withDetails } from '../../src/processes/tree.js';
import { kill } from './alive.js';

const started: number[] = [];
afterEach(() => started.splice(0).forEach(kill));

test('tells of this process, what it started, and what left its group', async () => {
  const script = `
    const { spawn } = require('node:child_process');
    const gone = spawn('sleep', ['1000', ], { detached: true, stdio: 'ignore' });
    console.log(gone.pid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = child.pid ?? 0;
  const left = Number(await new Promise((resolve) => child.stdout.once('data', resolve)));
  started.push(left, pid);
  const rows = (await readProcesses()) ?? [];
  expect(rows.find((row) => row.pid === process.pid)).toMatchObject({ ppid: process.ppid });
  const family = treeOf(pid, rows);
  expect(family.map(({ row, depth }) => [row.pid, depth])).toEqual([
    [pid, 0],
    [left, 1],
  ]);
  const sleeping = family[1]?.row;
  if (sleeping === undefined) throw new Error('it is not there');
  expect(sleeping.pgid).toBe(left);
  expect(await withDetails(sleeping)).toMatchObject({
    command: 'sleep 1000',
    state: expect.stringMatching(/^S/),
  });
  expect(sleeping.elapsedMs).toBeLessThan(600_000);
});
