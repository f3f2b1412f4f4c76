import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, vi } from 'vitest';
import { thisSystem } from '../../../src/processes/system.js';
import { isAlive, kill, until } from '../../processes/alive.js';
import { test } from '../place.js';

// One for the test and for the modules that it loads anew.
vi.mock('../../../src/processes/system.js', async (original) => {
  const kept = globalThis as { thisSystem?: unknown };
  kept.thisSystem ??= (await original<{ thisSystem: unknown }>()).thisSystem;
  return { thisSystem: kept.thisSystem };
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Starts a daemon by a module of its own, so that `leave` is what it does when this process ends. */
async function start(folder: string) {
  const before = process.listeners('exit');
  vi.resetModules();
  const { startDaemonProcess } = await import('../../../src/builders/buildkitd/daemon-process.js');
  const leave = process.listeners('exit').find((one) => !before.includes(one));
  const log = path.join(folder, 'daemon.log');
  const args = ['-c', 'echo $$; exec sleep 1000'];
  return { daemon: await startDaemonProcess('sh', args, process.env, folder, log), leave, log };
}

describe('the process of a daemon', () => {
  test('is ended with this process, also where nobody can look at it', async ({ place }) => {
    const { daemon, leave } = await start(place.folder);
    const pid = daemon.identity?.pid ?? 0;
    try {
      expect(await isAlive(pid)).toBe(true);
      vi.spyOn(thisSystem, 'startOf').mockReturnValue('unknown');
      leave?.(0);
      await until(async () => !(await isAlive(pid)));
    } finally {
      kill(-pid);
    }
  });

  test('does not go on where nothing tells it from others, as nobody could end it later', async ({
    place,
  }) => {
    vi.spyOn(thisSystem, 'startOf').mockReturnValue('unknown');
    const { daemon, log } = await start(place.folder);
    expect(daemon.identity).toBe(null);
    expect(daemon.ended()).toBe('was ended, as the system did not tell when it started');
    const pid = existsSync(log) ? Number(readFileSync(log, 'utf8')) : 0;
    if (pid > 0) await until(async () => !(await isAlive(pid)));
  });
});
