import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { familyOf } from './family.js';
import { signalGroup } from './group.js';
import { isGone, type ProcessIdentity, signalProcess } from './identity.js';
import type { ListedProcess } from './process-system.js';

/** A group of processes, and the mark of all that came of it; null: it has none. */
export interface Ended {
  readonly leader: number;
  readonly mark: string | null;
}

/** How long nothing is asked again of a system that did not tell, in ms. */
const askAgainMs = 50;

/**
 * SIGTERM to a group and to what left it, and SIGKILL to what is left after the grace time. Resolves when nothing is left,
 * or, for what even SIGKILL does not end (a process in the kernel, one of another user), after the grace time once more.
 * Where the system does not tell who is there, the group is ended all the same, and what left it is asked for until the
 * grace time is over.
 */
export async function terminateFamily({ leader, mark }: Ended, graceMs: number): Promise<void> {
  const kin = { leaders: [leader], marks: mark === null ? [] : [mark] };
  let known: readonly ListedProcess[] = [];
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const end = performance.now() + graceMs;
    // Before anybody is told: what closed all that it inherited is known by its parents only, which will be gone. Who has
    // the mark is not asked here, as that may take its time.
    known = (await familyOf({ ...kin, marks: [], known })) ?? known;
    // Once: for many clients a second SIGTERM means that nothing is to be cleaned up. What a group forks meanwhile is its
    // way to end; what left it after the first look was not told yet.
    let isThere = signalGroup(leader, signal);
    const told = new Set<number>();
    do {
      const family = await familyOf({ ...kin, known });
      if (family?.length === 0) return;
      if (signal === 'SIGKILL') isThere = signalGroup(leader, signal);
      known = family ?? known;
      let isToldWhole = family !== null;
      if (family === null && signal === 'SIGKILL' && !isThere && known.every((one) => isGone(one))) return;
      for (const member of known.filter(({ pid, group }) => group !== leader && !told.has(pid)))
        if (signalProcess(member, signal)) told.add(member.pid);
        else isToldWhole &&= isGone(member);
      await (isToldWhole ? untilGone(known, end) : pauseUntil(end));
    } while (performance.now() < end);
  }
}

/** The system did not tell: it is asked again, but not at once. */
const pauseUntil = (end: number): Promise<void> =>
  sleep(Math.min(askAgainMs, Math.max(0, end - performance.now())));

async function untilGone(family: readonly ProcessIdentity[], end: number): Promise<void> {
  for (let pauseMs = 5; performance.now() < end && !family.every((one) => isGone(one)); ) {
    await sleep(Math.min(pauseMs, Math.max(0, end - performance.now())));
    pauseMs = Math.min(50, pauseMs * 1.5);
  }
}

/** All that has one of the marks open, and what came of it; null: not known. */
export async function findMarked(
  marks: readonly string[],
  known: readonly ProcessIdentity[] = [],
): Promise<readonly ProcessIdentity[] | null> {
  return marks.length === 0 ? [] : familyOf({ leaders: [], marks, known });
}

/**
 * SIGKILL to all of these; resolves with their number when they are gone, or after `limitMs`. Null: who they are was not
 * known then.
 */
export async function killMarked(marks: readonly string[], limitMs: number): Promise<number | null> {
  const end = performance.now() + limitMs;
  const killed = new Set<number>();
  let known: readonly ProcessIdentity[] = [];
  for (;;) {
    const found = await findMarked(marks, known);
    if (found?.length === 0) return killed.size;
    if (performance.now() >= end) return found === null ? null : killed.size;
    known = found ?? known;
    for (const one of found ?? []) {
      signalProcess(one, 'SIGKILL');
      killed.add(one.pid);
    }
    await (found === null ? pauseUntil(end) : untilGone(found, end));
  }
}
