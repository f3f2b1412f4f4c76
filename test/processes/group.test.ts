import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { signalGroup, terminateGroup } from '../../src/processes/group.js';
import { makeFifo } from '../../src/runner/gate.js';
import { test } from '../scenario/folder.js';
import { isAlive, kill, until } from './alive.js';

/** No system gives out a process id that large. */
const nobody = 2 ** 30;

describe('a harness that leaves', () => {
  test.for([
    ['exit', 3],
    ['throw', 1],
  ] as const)('by %s takes its lanes along, and nothing else', async ([way, exitCode], { folder }) => {
    const fifos = [folder.at('gate'), folder.at('never')];
    await Promise.all(fifos.map(makeFifo));
    await mkdir(folder.at('logs'));
    const program = fileURLToPath(new URL('./leaving.ts', import.meta.url));
    const left = await execa(
      process.execPath,
      ['--import', 'tsx', program, ...fifos, folder.at('logs'), way],
      { reject: false },
    );
    expect(left).toMatchObject({ exitCode });
    const pids = JSON.parse(left.stdout) as { lanes: number[]; left: number };
    expect(pids.lanes).toHaveLength(2);
    for (const pid of pids.lanes) await until(async () => !(await isAlive(pid)));
    // What a lane left that is over is nobody's to kill any more: its group's number may be another's by then.
    expect(await isAlive(pids.left)).toBe(true);
    kill(pids.left);
  });
});

describe('a group that is not there', () => {
  test('takes no signal, and is no error', async () => {
    expect(signalGroup(nobody, 'SIGTERM')).toBe(false);
    expect(signalGroup(nobody, 0)).toBe(false);
    await terminateGroup(nobody, 60_000);
  });
});
