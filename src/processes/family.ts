import type { ProcessIdentity } from './identity.js';
import type { ListedProcess, Look } from './process-system.js';
import { thisSystem } from './system.js';

/** What the processes of a family are known by. */
export interface Kin {
  /** Leaders of their process groups and sessions. */
  readonly leaders: readonly number[];
  /** Absolute, without links: files that are open in them, and in nobody else but this process. */
  readonly marks: readonly string[];
  /** Those that were seen before: what they started belongs to it as long as they are there. */
  readonly known: readonly ProcessIdentity[];
}

/**
 * All that belongs to a family and is there now: its group and session, whoever has one of its marks open, and what has
 * one of these for an ancestor. Neither `setsid`, nor a second fork, nor an output elsewhere takes anybody out of it; what
 * closes all that it inherited, in a session of its own, is known for as long as its parents are there. Null where the
 * system does not tell for now: then nothing is known of them.
 */
export async function familyOf(kin: Kin): Promise<ListedProcess[] | null> {
  const look = await lookWith(kin.marks);
  return look === null ? null : familyIn(kin, look);
}

/** The same without waiting, for the end of this process; where not all can be told, those that can be. */
export function familyNow(kin: Kin): ListedProcess[] {
  const listed = thisSystem.list() ?? [];
  const holders = thisSystem.holdersOf(new Set(kin.marks), listed) ?? new Map();
  return familyIn(kin, { listed, holders });
}

function familyIn({ leaders, marks, known }: Kin, { listed, holders }: Look): ListedProcess[] {
  const others = listed.filter(({ pid }) => pid !== process.pid);
  const marked = new Set(marks.flatMap((mark) => [...(holders.get(mark) ?? [])]));
  const startOf = new Map(known.map(({ pid, startTicks }) => [pid, startTicks]));
  const isLed = ({ pid, group, session }: ListedProcess): boolean =>
    leaders.includes(pid) || leaders.includes(group) || leaders.includes(session);
  const first = others.filter(
    (one) => isLed(one) || marked.has(one.pid) || startOf.get(one.pid) === one.startTicks,
  );
  const family = withDescendants(
    first.map(({ pid }) => pid),
    others,
  );
  return others.filter(({ pid }) => family.has(pid));
}

function withDescendants(first: readonly number[], others: Look['listed']): Set<number> {
  const children = new Map<number, number[]>();
  for (const { pid, parent } of others) {
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [pid]);
    else siblings.push(pid);
  }
  const family = new Set(first);
  // A set is walked in the order in which it grows.
  for (const pid of family) for (const child of children.get(pid) ?? []) family.add(child);
  return family;
}

let next: { readonly marks: Set<string>; readonly look: Promise<Look | null> } | null = null;

/** Looks at the system a moment later. The lanes of an iteration are ended at one instant, and share one look. */
function lookWith(marks: readonly string[]): Promise<Look | null> {
  if (next === null) {
    const sought = new Set<string>();
    const look = new Promise<Look | null>((resolve) =>
      setImmediate(() => {
        next = null;
        resolve(thisSystem.look(sought));
      }),
    );
    next = { marks: sought, look };
  }
  for (const mark of marks) next.marks.add(mark);
  return next.look;
}
