import { spawn } from 'node:child_process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { thisSystem } from '../../src/processes/system.js';
import { Termination } from '../../src/runner/termination.js';
import { isAlive, kill } from '../processes/alive.js';

const leaders: number[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const leader of leaders.splice(0)) kill(-leader);
});

function start() {
  const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
  const leader = child.pid ?? 0;
  leaders.push(leader);
  const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  return { leader, ended, termination: new Termination({ leader, mark: null }, 100) };
}

describe('the end of a lane', () => {
  test('comes where the system does not tell who is there', async () => {
    const { ended, termination } = start();
    vi.spyOn(thisSystem, 'look').mockResolvedValue(null);
    vi.spyOn(thisSystem, 'startOf').mockReturnValue('unknown');
    await termination.start();
    expect(await ended).toBe('SIGTERM');
    termination.finish();
  });

  test('that did not end it is tried again when it is asked for again, and only then', async () => {
    const { leader, ended, termination } = start();
    const spy = vi.spyOn(process, 'kill').mockReturnValue(true);
    const first = termination.start();
    await Promise.all([first, termination.start()]);
    expect(spy.mock.calls.filter(([, signal]) => signal === 'SIGTERM')).toHaveLength(1);
    spy.mockRestore();
    expect(await isAlive(leader)).toBe(true);
    await termination.start();
    expect(await ended).toBe('SIGTERM');
    await termination.settled();
    termination.finish();
  });

  test('is not tried again once the lane is over', async () => {
    const { leader, termination } = start();
    termination.finish();
    await termination.start();
    expect(await isAlive(leader)).toBe(true);
  });
});
