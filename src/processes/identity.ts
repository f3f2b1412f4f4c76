import { readdirSync, readFileSync } from 'node:fs';
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

/** Null when there is no such process, or only its zombie, and where nothing tells of it for now. */
export function identityOf(pid: number, system: ProcessSystem = thisSystem): ProcessIdentity | null {
  const startTicks = system.startOf(pid);
  return isStart(startTicks) ? { pid, startTicks } : null;
}

/** Whether there is no process of that number, or only its zombie; false where nothing tells. */
export function isNobody(pid: number, system: ProcessSystem = thisSystem): boolean {
  return system.startOf(pid) === 'none';
}

/** Whether that very process is known to run: where nothing tells, neither this nor `isGone` is so. */
export function isRunning({ pid, startTicks }: ProcessIdentity, system: ProcessSystem = thisSystem): boolean {
  return isStart(startTicks) && system.startOf(pid) === startTicks;
}

/** Whether that very process is known to have ended. */
export function isGone({ pid, startTicks }: ProcessIdentity, system: ProcessSystem = thisSystem): boolean {
  const start = system.startOf(pid);
  // A start that nobody could tell when it was noted differs from every other, and says nothing by that.
  return start === 'none' || (isStart(start) && isStart(startTicks) && start !== startTicks);
}

const isStart = (startTicks: string): boolean => /^\d+$/.test(startTicks);

/** Signals that very process; false when it is gone, and when nothing tells whether it is: then nobody is signalled. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(target)) return false;
  try {
    return process.kill(target.pid, signal);
  } catch {
    // It ended in between.
    return false;
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

/** Whether pids of that world are pids here. Where one does not say which it is, nobody is to be ended by them. */
export function isThisWorld({ bootId, pidNamespace }: PidWorld, system: ProcessSystem = thisSystem): boolean {
  const here = pidWorld(system);
  return bootId !== '' && bootId === here.bootId && pidNamespace === here.pidNamespace;
}

/**
 * Whether a process is over: of another boot, or known to be dead. One of another pid namespace cannot be told from here,
 * nor can one that nobody can look at.
 */
export function isOver(
  process: ProcessIdentity,
  { bootId, pidNamespace }: PidWorld,
  system: ProcessSystem = thisSystem,
): boolean {
  const here = pidWorld(system);
  // Where one of the two is not known, nothing follows from their being different.
  if (bootId !== '' && here.bootId !== '' && bootId !== here.bootId) return true;
  return pidNamespace === here.pidNamespace && isGone(process, system);
}

/** A file's text, or nothing where it cannot be read. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** What a folder holds, or nothing where it cannot be read: another run that clears as well may be faster. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
