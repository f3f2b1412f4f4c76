import { readFileSync, readlinkSync } from 'node:fs';

/** One process, for good: a pid alone may be another's by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in clock ticks since the machine booted: field 22 of /proc/PID/stat, proc(5). */
  readonly startTicks: string;
}

/** Null when there is no such process, or only its zombie. */
export function identityOf(pid: number): ProcessIdentity | null {
  const stat = textOf(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets, and may hold blanks and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTicks = fields[19];
  return startTicks === undefined || fields[0] === 'Z' || fields[0] === 'X' ? null : { pid, startTicks };
}

/** Whether that very process still runs. */
export function isRunning(process: ProcessIdentity): boolean {
  return identityOf(process.pid)?.startTicks === process.startTicks;
}

/** Signals that very process; nothing happens when it is gone. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch {
    // It ended in between.
  }
}

/** The boot of the machine, and the namespace that pids are counted in: pids of others mean nothing here. */
export interface PidWorld {
  readonly bootId: string;
  readonly pidNamespace: string;
}

export function pidWorld(): PidWorld {
  return { bootId: textOf('/proc/sys/kernel/random/boot_id').trim(), pidNamespace: ownPidNamespace() };
}

/** Whether a process is over: of another boot, or dead. One of another pid namespace cannot be told from here. */
export function isOver(process: ProcessIdentity, { bootId, pidNamespace }: PidWorld): boolean {
  const here = pidWorld();
  if (bootId !== here.bootId) return true;
  return pidNamespace === here.pidNamespace && !isRunning(process);
}

function ownPidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** A file's text, or nothing where it cannot be read. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
