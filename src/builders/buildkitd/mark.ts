import { setTimeout as sleep } from 'node:timers/promises';
import { isGone, isRunning, type ProcessIdentity, signalProcess, textOf } from '../../processes/identity.js';
import { thisSystem } from '../../processes/system.js';

/** Variable that a private daemon gets its id in; what it starts inherits it. */
export const daemonMark = 'BUILDRACE_DAEMON';

/** Time that processes get to vanish after SIGKILL, in milliseconds; one that hangs in the kernel may take for ever. */
const killedWithinMs = 5_000;
const pollMs = 25;

/** Whether a process was started by the daemon of that id, or is it. */
export function isMarked(pid: number, id: string): boolean {
  return textOf(`/proc/${pid}/environ`).split('\0').includes(`${daemonMark}=${id}`);
}

/** SIGTERM to the daemon, and SIGKILL to its group when it is still there after `graceMs`. */
export async function endDaemon(daemon: ProcessIdentity, graceMs: number): Promise<void> {
  signalProcess(daemon, 'SIGTERM');
  if (await isGoneWithin([daemon], graceMs)) return;
  killGroup(daemon);
  await isGoneWithin([daemon], killedWithinMs);
}

/** SIGKILL to the group that a process leads, if it is that very process. */
export function killGroup(leader: ProcessIdentity): void {
  if (!isRunning(leader)) return;
  try {
    process.kill(-leader.pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}

/**
 * Kills what is left of a daemon that ended: programs that carry its mark (runc leads groups of its own), and steps of
 * builds, which run in a root file system below its folder (null: there is none to look for).
 */
export async function killStrays(id: string, home: string | null): Promise<void> {
  const strays = findStrays(id, home);
  for (const stray of strays) signalProcess(stray, 'SIGKILL');
  await isGoneWithin(strays, killedWithinMs);
}

function findStrays(id: string, home: string | null): ProcessIdentity[] {
  // Listed with their starts first: if a pid changes hands after this, it names nobody.
  const listed = thisSystem.list() ?? [];
  return listed.filter(
    ({ pid }) => pid !== process.pid && (isMarked(pid, id) || (home !== null && isRootedBelow(pid, home))),
  );
}

function isRootedBelow(pid: number, home: string): boolean {
  const root = textOf(`/proc/${pid}/mountinfo`)
    .split('\n')
    .find((line) => line.split(' ')[4] === '/');
  return root?.includes(`${home}/`) ?? false;
}

async function isGoneWithin(processes: readonly ProcessIdentity[], ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  while (!processes.every((one) => isGone(one))) {
    if (performance.now() > end) return false;
    await sleep(pollMs);
  }
  return true;
}
