import { spawnSync } from 'node:child_process';
import { type ListedProcess, noteHolder, type ProcessSystem } from './process-system.js';

/** Runs a program, and gives what it printed; empty where it cannot be run. */
export type Ask = (file: string, args: readonly string[]) => string;

/**
 * Systems without /proc, as macOS: `ps` tells when a process started, to the second, and which is whose child; `lsof`
 * who has a file open; `sysctl` which boot this is. There is one pid namespace. `ask` is another's in tests.
 */
export function psSystem(ask: Ask = askProgram): ProcessSystem {
  let bootId: string | null = null;
  const list = (): ListedProcess[] =>
    ask('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart=']).split('\n').flatMap(listed);
  return {
    startOf(pid) {
      if (!exists(pid)) return null;
      const [, stat = '', lstart = ''] =
        /^\s*(\S+)\s+(.+?)\s*$/.exec(ask('ps', ['-o', 'stat=,lstart=', '-p', `${pid}`])) ?? [];
      return stat.startsWith('Z') ? null : secondsOf(lstart);
    },
    bootId() {
      bootId ??= ask('sysctl', ['-n', 'kern.bootsessionuuid']).trim();
      return bootId;
    },
    pidNamespace: () => '',
    list,
    holdersOf(files, among) {
      const holders = new Map<string, Set<number>>();
      if (files.size === 0) return holders;
      const there = new Set(among.map(({ pid }) => pid));
      let pid = 0;
      for (const line of ask('lsof', ['-w', '-F', 'pn', '--', ...files]).split('\n')) {
        if (line.startsWith('p')) pid = Number(line.slice(1));
        const file = line.slice(1);
        if (line.startsWith('n') && files.has(file) && there.has(pid)) noteHolder(holders, file, pid);
      }
      return holders;
    },
  };
}

/** Asked first, as it costs no process: most of those that are asked for have ended. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function listed(row: string): ListedProcess[] {
  const [, pid, parent, group, stat, lstart] =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(row) ?? [];
  const startTicks = secondsOf(lstart ?? '');
  if (stat === undefined || stat.startsWith('Z') || startTicks === null) return [];
  return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, startTicks }];
}

/** `Sat Nov 21 23:12:56 2026`, in UTC as `askProgram` has it, in seconds since 1970. */
function secondsOf(lstart: string): string | null {
  const ms = Date.parse(`${lstart} UTC`);
  return Number.isNaN(ms) ? null : `${ms / 1000}`;
}

/** One language and one time zone: a start must read the same whoever asks for it, and after the clocks change. */
function askProgram(file: string, args: readonly string[]): string {
  const env = { PATH: `${process.env.PATH ?? ''}:/bin:/usr/bin:/sbin:/usr/sbin`, LC_ALL: 'C', TZ: 'UTC0' };
  const { stdout } = spawnSync(file, [...args], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    timeout: 10_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout ?? '';
}
