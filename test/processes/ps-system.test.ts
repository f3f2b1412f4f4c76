import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { describe, expect, vi } from 'vitest';
import { identityOf, isGone, isOver, isRunning, pidWorld } from '../../src/processes/identity.js';
import { type Ask, programs, psSystem } from '../../src/processes/ps-system.js';
import { test } from '../scenario/folder.js';
import { isAlive, kill, until } from './alive.js';

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
/** No system gives out a process id that large. */
const nobody = 2 ** 30;
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
      expect(told.startOf(process.pid)).toBe(state === 'Z' ? 'none' : '1795302776');
    }
  });

  test('its boot is asked for once, and a system that does not say is no reason to take anybody for dead', () => {
    let asked = 0;
    const told = psSystem((file) => {
      asked += file === 'sysctl' ? 1 : 0;
      return '';
    });
    expect([told.bootId(), told.bootId(), asked]).toEqual(['', '', 1]);
    expect(told.startOf(process.pid)).toBe('unknown');
  });

  test('its boot is asked for again where the program could not be run', () => {
    const answers = [null, 'F1D2\n', 'other\n'];
    const told = psSystem(() => answers.shift() ?? null);
    expect([told.bootId(), told.bootId(), told.bootId()]).toEqual(['', 'F1D2', 'F1D2']);
  });

  test.for([
    ['cannot be run', null],
    ['say nothing', ''],
    ['say what nobody can read', '???\n'],
  ] as const)('whose programs %s takes nobody for dead, and nobody for alone', async ([, answer]) => {
    const told = psSystem(() => answer);
    const self = { pid: process.pid, startTicks: '1795302776' };
    expect(told.startOf(process.pid)).toBe('unknown');
    expect(identityOf(process.pid, told)).toBe(null);
    expect([isRunning(self, told), isGone(self, told)]).toEqual([false, false]);
    expect(isOver(self, pidWorld(told), told)).toBe(false);
    expect(isOver({ ...self, pid: nobody }, pidWorld(told), told)).toBe(true);
    expect(told.list()).toBe(null);
    expect(await told.look(new Set())).toBe(null);
  });

  test('takes a process that ends while it is asked for as ended', async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    const told = psSystem(() => {
      vi.spyOn(process, 'kill').mockImplementation(() => {
        throw Object.assign(new Error('gone'), { code: 'ESRCH' });
      });
      return '';
    });
    try {
      expect(told.startOf(child.pid ?? 0)).toBe('none');
    } finally {
      vi.restoreAllMocks();
      kill(child.pid ?? 0);
    }
  });

  test('does not take files that nobody could ask for as closed by all', async () => {
    const told = psSystem((file, args) => (file === 'lsof' ? null : askHere(boot)(file, args)));
    expect(told.holdersOf(new Set(['/some/mark']), [])).toBe(null);
    expect(await told.look(new Set(['/some/mark']))).toBe(null);
    expect((await told.look(new Set()))?.listed.some(({ pid }) => pid === process.pid)).toBe(true);
  });

  test('lists everybody with parent and group, as identities', () => {
    const self = system.list()?.find(({ pid }) => pid === process.pid);
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
      await until(() => identityOf(child.pid ?? 0, system) !== null);
      const holders = system.holdersOf(new Set([file, other]), system.list() ?? []);
      expect([...(holders ?? [])]).toEqual([[file, new Set([child.pid])]]);
      const { ask, askMeanwhile } = programs();
      const look = await psSystem(ask, askMeanwhile).look(new Set([file, other]));
      expect([...(look?.holders ?? [])]).toEqual([[file, new Set([child.pid])]]);
    } finally {
      kill(child.pid ?? 0);
    }
  });
});

describe('the programs of this system', () => {
  const sh = (script: string): Parameters<Ask> => ['sh', ['-c', script]];

  test.for([
    ['what it prints, whatever its exit code', sh('echo held; exit 1'), 'held\n'],
    ['nothing where there is no such program', ['no-such-program', []], ''],
    ['no answer where it is killed', sh('echo half; kill -9 $$'), null],
  ] satisfies [string, Parameters<Ask>, string | null][])('give %s', async ([, asked, answer]) => {
    const { ask, askMeanwhile } = programs(60_000);
    expect(ask(...asked)).toBe(answer);
    expect(await askMeanwhile(...asked)).toBe(answer);
  });

  test('give no answer where it takes too long, and end it', async ({ folder }) => {
    const { ask, askMeanwhile } = programs(300);
    writeFileSync(folder.at('pids'), '');
    const asked = sh(`trap '' TERM; echo $$ >>'${folder.at('pids')}'; exec sleep 1000`);
    expect(ask(...asked)).toBe(null);
    expect(await askMeanwhile(...asked)).toBe(null);
    const pids = readFileSync(folder.at('pids'), 'utf8').split('\n').filter(Boolean).map(Number);
    for (const pid of pids) await until(async () => !(await isAlive(pid)));
  });

  test('are asked while this process goes on', async () => {
    const { askMeanwhile } = programs(60_000);
    let went = false;
    setImmediate(() => {
      went = true;
    });
    await askMeanwhile(...sh('sleep 0.1'));
    expect(went).toBe(true);
  });
});
