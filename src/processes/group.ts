import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** Groups of processes that still run; whatever ends this process ends them first. */
const running = new Set<number>();
let guarded = false;

/** Remembers a group until `forgetGroup`, so that no way out of this process leaves it behind. */
export function guardGroup(leader: number): void {
  if (!guarded) process.on('exit', killAll);
  guarded = true;
  running.add(leader);
}

export function forgetGroup(leader: number): void {
  running.delete(leader);
}

function killAll(): void {
  for (const leader of running) signalGroup(leader, 'SIGKILL');
}

/** Signals every process of a group; false when there is none left. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    // EPERM on macOS: only zombies are left in the group.
    if (['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/**
 * SIGTERM to the group, and SIGKILL to what is left of it after the grace time. Resolves when nothing is left, or, for
 * what even SIGKILL does not end (a process in the kernel, a zombie that nobody reaps), after the grace time once more.
 */
export async function terminateGroup(leader: number, graceMs: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!signalGroup(leader, signal) || (await isGoneWithin(leader, graceMs))) return;
  }
}

async function isGoneWithin(leader: number, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await sleep(20);
    if (!signalGroup(leader, 0)) return true;
  }
  return false;
}
