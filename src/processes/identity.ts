import { readFileSync } from 'node:fs';
import type { ProcessSystem } from './process-system.js';
import { thisSystem } from './system.js';

/** One process, for good: a pid alone may be another's by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /**
   * When it started, in digits that no other process of that pid and boot has: clock ticks since the boot (field 22 of
   * /proc/PID/stat, proc(5)), or without /proc seconds since 1970 (`lstart` of ps).
   */
  readonly startTicks: string;
}

/** Null when there is no such process, or only its zombie. */
export function identityOf(pid: number, system: ProcessSystem = thisSystem): ProcessIdentity | null {
  const startTicks = system.startOf(pid);
  return startTicks === null ? null : { pid, startTicks };
}

/** Whether that very process still runs. */
export function isRunning(process: ProcessIdentity, system: ProcessSystem = thisSystem): boolean {
  return identityOf(process.pid, system)?.startTicks === process.startTicks;
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
  /** Empty where the system does not say. */
  readonly bootId: string;
  readonly pidNamespace: string;
}

export function pidWorld(system: ProcessSystem = thisSystem): PidWorld {
  return { bootId: system.bootId(), pidNamespace: system.pidNamespace() };
}

/** Whether a process is over: of another boot, or dead. One of another pid namespace cannot be told from here. */
export function isOver(
  process: ProcessIdentity,
  { bootId, pidNamespace }: PidWorld,
  system: ProcessSystem = thisSystem,
): boolean {
  const here = pidWorld(system);
  // Where one of the two is not known, nothing follows from their being different.
  if (bootId !== '' && here.bootId !== '' && bootId !== here.bootId) return true;
  return pidNamespace === here.pidNamespace && !isRunning(process, system);
}

/** A file's text, or nothing where it cannot be read. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
