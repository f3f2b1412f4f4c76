import { execFile, type StdioOptions, spawnSync } from 'node:child_process';
import {
  exists,
  type Holders,
  type ListedProcess,
  type Look,
  noteHolder,
  type ProcessSystem,
} from './process-system.js';

/** Runs a program, and gives what it printed; null where it cannot be run for now, or takes too long. */
export type Ask = (file: string, args: readonly string[]) => string | null;
/** The same, while this process goes on. */
export type AskMeanwhile = (file: string, args: readonly string[]) => Promise<string | null>;

/**
 * Systems without /proc, as macOS: `ps` tells when a process started, to the second, and which is whose child; `lsof`
 * who has a file open; `sysctl` which boot this is. There is one pid namespace. The programs are others in tests.
 */
export function psSystem(
  ask: Ask,
  askMeanwhile: AskMeanwhile = async (...asked) => ask(...asked),
): ProcessSystem {
  let bootId: string | null = null;
  return {
    asksPrograms: true,
    startOf(pid) {
      // Asked first, as it costs no process: most of those that are asked for have ended.
      if (!exists(pid)) return 'none';
      const [, stat, lstart = ''] =
        /^\s*(\S+)\s+(.+?)\s*$/.exec(ask('ps', ['-o', 'stat=,lstart=', '-p', `${pid}`]) ?? '') ?? [];
      if (stat === undefined) return exists(pid) ? 'unknown' : 'none';
      return stat.startsWith('Z') ? 'none' : (secondsOf(lstart) ?? 'unknown');
    },
    bootId() {
      bootId ??= ask('sysctl', ['-n', 'kern.bootsessionuuid'])?.trim() ?? null;
      return bootId ?? '';
    },
    pidNamespace: () => '',
    list: () => listIn(ask(...listing)),
    holdersOf: (files, among) =>
      files.size === 0 ? new Map() : holdersIn(ask(...holding(files)), files, among),
    look: async (files) => {
      const listed = listIn(await askMeanwhile(...listing));
      if (listed === null) return null;
      const holders =
        files.size === 0 ? new Map() : holdersIn(await askMeanwhile(...holding(files)), files, listed);
      return holders === null ? null : { listed, holders };
    },
  };
}

const listing = ['ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart=']] as const;

/** Nobody there is as good as no answer: who asks is there. */
function listIn(text: string | null): ListedProcess[] | null {
  const listed = (text ?? '').split('\n').flatMap(listedIn);
  return listed.length === 0 ? null : listed;
}

function listedIn(row: string): ListedProcess[] {
  const [, pid, parent, group, stat, lstart] =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(row) ?? [];
  const startTicks = secondsOf(lstart ?? '');
  if (stat === undefined || stat.startsWith('Z') || startTicks === null) return [];
  return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, startTicks }];
}

/**
 * No names of hosts and ports are looked up, and no more than 2 s is waited for a file system that hangs. (`-b`, which
 * would ask none at all, takes no names of files: lsof(8).)
 */
const holding = (files: ReadonlySet<string>) =>
  ['lsof', ['-w', '-n', '-P', '-S', '2', '-F', 'pn', '--', ...files]] as const;

function holdersIn(text: string | null, files: ReadonlySet<string>, among: Look['listed']): Holders | null {
  if (text === null) return null;
  const holders: Holders = new Map();
  const there = new Set(among.map(({ pid }) => pid));
  let pid = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    const file = line.slice(1);
    if (line.startsWith('n') && files.has(file) && there.has(pid)) noteHolder(holders, file, pid);
  }
  return holders;
}

/** `Sat Nov 21 23:12:56 2026`, in UTC as `programs` has it, in seconds since 1970. */
function secondsOf(lstart: string): string | null {
  const ms = Date.parse(`${lstart} UTC`);
  return Number.isNaN(ms) ? null : `${ms / 1000}`;
}

/**
 * The programs of this system. One that is not there says nothing: it will not be there later. `limitMs`: less than what a
 * run takes for a standstill of its own.
 */
export function programs(limitMs = 3_000): { readonly ask: Ask; readonly askMeanwhile: AskMeanwhile } {
  const options = () => ({
    // One language and one time zone: a start must read the same whoever asks, and after the clocks change.
    env: { PATH: `${process.env.PATH ?? ''}:/bin:/usr/bin:/sbin:/usr/sbin`, LC_ALL: 'C', TZ: 'UTC0' },
    encoding: 'utf8' as const,
    timeout: limitMs,
    killSignal: 'SIGKILL' as const,
    maxBuffer: 64 * 1024 * 1024,
  });
  return {
    ask(file, args) {
      const stdio: StdioOptions = ['ignore', 'pipe', 'ignore'];
      const { stdout, error, status } = spawnSync(file, [...args], { ...options(), stdio });
      if (error !== undefined) return isMissing(error) ? '' : null;
      return status === null ? null : stdout;
    },
    askMeanwhile: (file, args) =>
      new Promise((resolve) => {
        try {
          execFile(file, [...args], options(), (error, stdout) => {
            // A number is the program's own exit code: lsof has one for what nobody holds.
            if (error === null || typeof error.code === 'number') resolve(stdout);
            else resolve(isMissing(error) ? '' : null);
          });
        } catch {
          resolve(null);
        }
      }),
  };
}

const isMissing = (error: Error): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
