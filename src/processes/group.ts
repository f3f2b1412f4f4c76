import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { familyNow } from './family.js';
import { signalProcess } from './identity.js';
import { thisSystem } from './system.js';

/** Groups of processes that still run, with their marks; whatever ends this process ends them first. */
const running = new Map<number, string | null>();
let guarded = false;

/**
 * Remembers a group until `forgetGroup`, so that no way out of this process leaves it behind; by its mark (see
 * `family.ts`), where it has one, what left the group as well.
 */
export function guardGroup(leader: number, mark: string | null = null): void {
  if (!guarded) process.on('exit', killAll);
  guarded = true;
  running.set(leader, mark);
}

export function forgetGroup(leader: number): void {
  running.delete(leader);
}

function killAll(): void {
  if (running.size === 0) return;
  const marks = [...running.values()].filter((mark) => mark !== null);
  // The folder that they lie in may be gone by now.
  const links = marks.flatMap((mark) => [mark, `${mark} (deleted)`]);
  const leaders = [...running.keys()];
  // Who only their parents tell of are looked for before these end; but no program is waited for before the first signal.
  const known =
    marks.length === 0 || thisSystem.asksPrograms ? [] : familyNow({ leaders, marks: [], known: [] });
  for (const leader of leaders) signalGroup(leader, 'SIGKILL');
  const families = marks.length === 0 ? [] : familyNow({ leaders, marks: links, known });
  for (const member of families) signalProcess(member, 'SIGKILL');
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
