import { spawn } from 'node:child_process';
import { describe, expect, test, vi } from 'vitest';
import { forgetGroup, guardGroup } from '../../src/processes/group.js';
import { kill } from './alive.js';

const asked = vi.hoisted(() => ({ now: [] as string[] }));

/** A system of programs, of which it is noted when they are asked. */
vi.mock('../../src/processes/system.js', async () => {
  const { psSystem } = await import('../../src/processes/ps-system.js');
  return {
    thisSystem: psSystem((file) => {
      asked.now.push(file);
      return null;
    }),
  };
});

describe('the end of this process', () => {
  test('ends its groups before any program is asked who left them, and where none answers', async () => {
    const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    const leader = child.pid ?? 0;
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    const before = process.listeners('exit');
    const send = process.kill.bind(process);
    const spy = vi.spyOn(process, 'kill').mockImplementation((pid, signal) => {
      if (pid === -leader) asked.now.push(String(signal));
      return send(pid, signal);
    });
    guardGroup(leader, '/no/mark');
    const [killAll] = process.listeners('exit').filter((one) => !before.includes(one));
    try {
      killAll?.(0);
      expect(asked.now[0]).toBe('SIGKILL');
      expect(asked.now).toContain('ps');
      expect(await ended).toBe('SIGKILL');
    } finally {
      spy.mockRestore();
      forgetGroup(leader);
      kill(-leader);
    }
  });
});
