import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { type ProcessRow, parsePs, parseStat, type SystemClock, spelledArguments } from './rows.js';

/**
 * All processes of the system, by /proc where there is one, else by `ps`, which knows no session and no wait channel;
 * null where neither tells. A process that ends meanwhile is left out.
 */
export async function readProcesses(): Promise<ProcessRow[] | null> {
  return process.platform === 'linux' ? readProc() : readPs();
}

/** Clock ticks of a second, as Linux tells programs (USER_HZ, the same everywhere that Node runs). */
const ticksPerSecond = 100;

async function readProc(): Promise<ProcessRow[] | null> {
  const uptime = Number.parseFloat(await textAt('/proc/uptime'));
  const clock: SystemClock = { uptimeMs: Number.isNaN(uptime) ? null : uptime * 1000, ticksPerSecond };
  const entries = await readdir('/proc').catch(() => null);
  if (entries === null) return null;
  const rows: ProcessRow[] = [];
  // One after the other: a machine may have more processes than a program has file handles.
  for (const entry of entries) {
    if (!/^\d+$/.test(entry)) continue;
    const row = parseStat(await textAt(`/proc/${entry}/stat`), clock);
    if (row !== null) rows.push(row);
  }
  return rows;
}

/** What takes longer to read, and is read of those that are shown only: the whole command line, and where it waits. */
export async function withDetails(row: ProcessRow): Promise<ProcessRow> {
  if (process.platform !== 'linux') return row;
  const [command, waits] = await Promise.all([
    textAt(`/proc/${row.pid}/cmdline`),
    textAt(`/proc/${row.pid}/wchan`),
  ]);
  return {
    ...row,
    // A kernel thread and a zombie have none.
    command: command === '' ? row.command : spelledArguments(command),
    waits: waits === '' || waits === '0' ? null : waits,
  };
}

async function readPs(): Promise<ProcessRow[] | null> {
  const listed = await execa('ps', ['-axo', 'pid=,ppid=,pgid=,stat=,etime=,command='], {
    reject: false,
    timeout: 5_000,
    stdin: 'ignore',
    maxBuffer: 16 * 1024 * 1024,
  });
  return listed.failed ? null : parsePs(listed.stdout);
}

async function textAt(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
