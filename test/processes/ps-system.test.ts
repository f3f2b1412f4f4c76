import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, realpathSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { identityOf, isOver, isRunning, pidWorld } from '../../src/processes/identity.js';
import { type Ask, psSystem } from '../../src/processes/ps-system.js';
import { test } from '../scenario/folder.js';
import { kill, until } from './alive.js';

/** The programs of this system, but for `sysctl`, which knows of boots on macOS only. */
const askHere =
  (boot: string): Ask =>
  (file, args) => {
    if (file === 'sysctl') return args.join(' ') === '-n kern.bootsessionuuid' ? `${boot}\n` : '';
    const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC0' };
    return spawnSync(file, [...args], { env, encoding: 'utf8' }).stdout ?? '';
  };
const boot = 'F1D2D2F9-24E9-4CBC-A1D5-A5D6A1C3A1B0';
const system = psSystem(askHere(boot));
const hasLsof = spawnSync('lsof', ['-v']).error === undefined;

describe('a system without /proc', () => {
  test('tells a process from a later one of its number, and from its zombie', async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    const identity = identityOf(child.pid ?? 0, system);
    expect(identity?.startTicks).toMatch(/^\d{10}$/);
    const startedS = Number(identity?.startTicks);
    expect(Math.abs(startedS - Date.now() / 1000)).toBeLessThan(60);
    if (identity === null) throw new Error('it is there');
    expect(isRunning(identity, system)).toBe(true);
    expect(isRunning({ ...identity, startTicks: `${startedS - 1}` }, system)).toBe(false);
    expect(isOver(identity, pidWorld(system), system)).toBe(false);
    expect(isOver(identity, { bootId: 'another', pidNamespace: '' }, system)).toBe(true);
    expect(isOver(identity, { bootId: '', pidNamespace: '' }, system)).toBe(false);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    kill(child.pid ?? 0);
    await ended;
    expect(identityOf(child.pid ?? 0, system)).toBe(null);
    expect(isOver(identity, pidWorld(system), system)).toBe(true);
  });

  test('a zombie is over', () => {
    const rows: Record<string, string> = {
      Z: 'Z+   Sat Nov 21 23:12:56 2026\n',
      S: 'Ss   Sat Nov 21 23:12:56 2026\n',
    };
    for (const state of ['Z', 'S']) {
      const told = psSystem((file) => (file === 'ps' ? (rows[state] ?? '') : ''));
      expect(told.startOf(process.pid)).toBe(state === 'Z' ? null : '1795302776');
    }
  });

  test('its boot is asked for once, and a system that does not say is no reason to take anybody for dead', () => {
    let asked = 0;
    const told = psSystem((file) => {
      asked += file === 'sysctl' ? 1 : 0;
      return '';
    });
    expect([told.bootId(), told.bootId(), asked]).toEqual(['', '', 1]);
    expect(told.startOf(process.pid)).toBe(null);
  });

  test('lists everybody with parent and group, as identities', () => {
    const self = system.list().find(({ pid }) => pid === process.pid);
    expect(self).toMatchObject({ parent: process.ppid, session: 0 });
    expect(self?.startTicks).toBe(identityOf(process.pid, system)?.startTicks);
  });

  test.runIf(hasLsof)('finds who has a file open', async ({ folder }) => {
    const [file, other] = [folder.at('mark'), folder.at('other')].map((one) => {
      closeSync(openSync(one, 'wx'));
      return realpathSync(one);
    }) as [string, string];
    const descriptor = openSync(file, 'r');
    const child = spawn('sleep', ['1000'], {
      stdio: ['ignore', 'ignore', 'ignore', 'ignore', descriptor],
    });
    closeSync(descriptor);
    try {
      await until(() => system.startOf(child.pid ?? 0) !== null);
      const holders = system.holdersOf(new Set([file, other]), system.list());
      expect([...holders]).toEqual([[file, new Set([child.pid])]]);
    } finally {
      kill(child.pid ?? 0);
    }
  });
});
