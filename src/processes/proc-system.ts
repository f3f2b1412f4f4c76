import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import {
  exists,
  type Holders,
  type ListedProcess,
  type Look,
  noteHolder,
  type ProcessSystem,
} from './process-system.js';

/** Linux: everything is read from /proc (proc(5)). */
export const procSystem: ProcessSystem = {
  asksPrograms: false,
  startOf(pid) {
    try {
      const { state, startTicks } = statIn(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      return isDead(state) ? 'none' : (startTicks ?? 'unknown');
    } catch {
      // Not only who is over cannot be read: nobody can be without a file handle, nor, where /proc is mounted with
      // `hidepid`, can those of others, which may look as if they were not there.
      return exists(pid) ? 'unknown' : 'none';
    }
  },
  bootId: () => ifKnown(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '',
  pidNamespace: () => ifKnown(() => readlinkSync('/proc/self/ns/pid')) ?? '',
  list,
  holdersOf,
  look: async (files) => {
    const listed = list();
    const holders = listed === null ? null : holdersOf(files, listed);
    return listed === null || holders === null ? null : { listed, holders };
  },
};

function list(): ListedProcess[] | null {
  return ifKnown(() =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const text = passOver(() => readFileSync(`/proc/${name}/stat`, 'utf8'));
        return text === null ? [] : listedIn(Number(name), text);
      }),
  );
}

function holdersOf(files: ReadonlySet<string>, among: Look['listed']): Holders | null {
  const holders: Holders = new Map();
  if (files.size === 0) return holders;
  return ifKnown(() => {
    for (const { pid } of among) {
      const folder = `/proc/${pid}/fd`;
      for (const name of passOver(() => readdirSync(folder)) ?? []) {
        const file = passOver(() => readlinkSync(`${folder}/${name}`));
        if (file !== null && files.has(file)) noteHolder(holders, file, pid);
      }
    }
    return holders;
  });
}

function listedIn(pid: number, text: string): ListedProcess[] {
  const { state, parent, group, session, startTicks } = statIn(text);
  if (startTicks === undefined || isDead(state)) return [];
  return [{ pid, parent: Number(parent), group: Number(group), session: Number(session), startTicks }];
}

function statIn(text: string) {
  // The second field is the program's name in brackets, and may hold blanks and brackets itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  return { state, parent, group, session, startTicks: fields[19] };
}

const isDead = (state: string | undefined): boolean => state === 'Z' || state === 'X';

/**
 * What ended meanwhile, or is another user's: that is nothing to wait for. Nor is an open file whose path is longer than
 * the system tells, which is none that is looked for: anybody may have one.
 */
const passedOver: readonly string[] = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENAMETOOLONG'];

/** Null for that. Throws where nobody can tell. */
function passOver<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (passedOver.includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

function ifKnown<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
