import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** Waits for a fact, as long as it takes. A test whose fact never comes fails by the test's own time limit. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  // Of `timers/promises`, as a test may have put the other clock in its own hands.
  while (!(await isSo())) await sleep(5);
}

/** Waits for a file that another process writes, and returns its text without the last line end. */
export async function appears(file: string): Promise<string> {
  let text = '';
  await until(async () => {
    text = await readFile(file, 'utf8').catch(() => '');
    return text.endsWith('\n');
  });
  return text.slice(0, -1);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly args: string;
}

/** All processes, but for zombies: those are dead, and wait for their parent to hear of it. */
export async function processes(): Promise<Process[]> {
  const { stdout } = await execa('ps', ['-A', '-ww', '-o', 'pid=,ppid=,state=,args=']);
  return stdout.split('\n').flatMap((row) => {
    const [, pid, parent, state, args] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s*(.*)$/.exec(row) ?? [];
    if (state === undefined || state.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), state, args: args ?? '' }];
  });
}

export async function isAlive(pid: number): Promise<boolean> {
  return (await processes()).some((one) => one.pid === pid);
}

/** Processes that were called with that text somewhere in their arguments. */
export async function processesWith(text: string): Promise<number[]> {
  return (await processes()).filter(({ args }) => args.includes(text)).map(({ pid }) => pid);
}

/** Kills what a test left; a negative number is a whole group. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
