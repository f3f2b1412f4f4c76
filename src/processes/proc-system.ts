import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type ListedProcess, noteHolder, type ProcessSystem } from './process-system.js';

/** Linux: everything is read from /proc (proc(5)). */
export const procSystem: ProcessSystem = {
  startOf: (pid) => statOf(pid)?.startTicks ?? null,
  bootId: () => read('/proc/sys/kernel/random/boot_id').trim(),
  pidNamespace: () => linkOf('/proc/self/ns/pid') ?? '',
  list: () =>
    namesIn('/proc').flatMap((name) => {
      const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null;
      return stat === null ? [] : [stat];
    }),
  holdersOf(files, among) {
    const holders = new Map<string, Set<number>>();
    if (files.size === 0) return holders;
    for (const { pid } of among) {
      const folder = `/proc/${pid}/fd`;
      for (const name of namesIn(folder)) {
        const file = linkOf(`${folder}/${name}`);
        if (file !== null && files.has(file)) noteHolder(holders, file, pid);
      }
    }
    return holders;
  },
};

function statOf(pid: number): ListedProcess | null {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets, and may hold blanks and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  const startTicks = fields[19];
  if (startTicks === undefined || state === 'Z' || state === 'X') return null;
  return { pid, parent: Number(parent), group: Number(group), session: Number(session), startTicks };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}
