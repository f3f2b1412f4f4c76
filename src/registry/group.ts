import { setTimeout as sleep } from 'node:timers/promises';

/** How long a registry may take to end by itself. */
const graceMs = 5_000;
const pauseMs = 20;

/** Leaders of the groups that run now: they would outlive this process, as they are sessions of their own. */
const running = new Set<number>();
let isListening = false;

/** Kills the group when this process ends before the function returned was called. */
export function guard(leader: number): () => void {
  if (!isListening) process.on('exit', () => running.forEach((one) => void signal(one, 'SIGKILL')));
  isListening = true;
  running.add(leader);
  return () => void running.delete(leader);
}

/** SIGTERM to the group, SIGKILL to what is left of it after 5 s. Never throws. */
export async function endGroup(leader: number): Promise<void> {
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    if (!signal(leader, name)) return;
    const end = performance.now() + graceMs;
    while (performance.now() < end) {
      await sleep(pauseMs);
      if (!signal(leader, 0)) return;
    }
  }
}

/** False when nothing of the group is left, or nothing that may be signalled (on macOS: zombies only). */
function signal(leader: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, name);
    return true;
  } catch {
    return false;
  }
}
