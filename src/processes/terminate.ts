import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { familyOf } from './family.js';
import { signalGroup } from './group.js';
import { isRunning, type ProcessIdentity, signalProcess } from './identity.js';

/** A group of processes, and the mark of all that came of it; null: it has none. */
export interface Ended {
  readonly leader: number;
  readonly mark: string | null;
}

/**
 * SIGTERM to a group and to what left it, and SIGKILL to what is left after the grace time. Resolves when nothing is left,
 * or, for what even SIGKILL does not end (a process in the kernel, one of another user), after the grace time once more.
 */
export async function terminateFamily({ leader, mark }: Ended, graceMs: number): Promise<void> {
  const kin = { leaders: [leader], marks: mark === null ? [] : [mark] };
  let known: readonly ProcessIdentity[] = [];
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const end = performance.now() + graceMs;
    const told = new Set<number>();
    do {
      const family = await familyOf({ ...kin, known });
      if (family.length === 0) return;
      known = family;
      // Once: for many clients a second SIGTERM means that nothing is to be cleaned up. What a group forks meanwhile is
      // its way to end; what left it after the first look was not told yet.
      if (told.size === 0 || signal === 'SIGKILL') signalGroup(leader, signal);
      told.add(leader);
      for (const member of family.filter(({ pid, group }) => group !== leader && !told.has(pid))) {
        signalProcess(member, signal);
        told.add(member.pid);
      }
      await untilGone(family, end);
    } while (performance.now() < end);
  }
}

async function untilGone(family: readonly ProcessIdentity[], end: number): Promise<void> {
  for (let pauseMs = 5; performance.now() < end && family.some((one) => isRunning(one)); ) {
    await sleep(Math.min(pauseMs, Math.max(0, end - performance.now())));
    pauseMs = Math.min(50, pauseMs * 1.5);
  }
}

/** All that has one of the marks open, and what came of it. */
export async function findMarked(
  marks: readonly string[],
  known: readonly ProcessIdentity[] = [],
): Promise<readonly ProcessIdentity[]> {
  return marks.length === 0 ? [] : familyOf({ leaders: [], marks, known });
}

/** SIGKILL to all of these; resolves with their number when they are gone, or after `limitMs`. */
export async function killMarked(marks: readonly string[], limitMs: number): Promise<number> {
  const end = performance.now() + limitMs;
  const killed = new Set<number>();
  let found = await findMarked(marks);
  while (found.length > 0 && performance.now() < end) {
    for (const one of found) {
      signalProcess(one, 'SIGKILL');
      killed.add(one.pid);
    }
    await untilGone(found, end);
    found = await findMarked(marks, found);
  }
  return killed.size;
}
