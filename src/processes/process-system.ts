/** A process as the system lists it; zombies are not listed. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  /** Its process group and its session; 0 where the system does not say. */
  readonly group: number;
  readonly session: number;
  /** As `startOf` gives it. */
  readonly startTicks: string;
}

/** By each of some files (absolute, without links) those that have it open. */
export type Holders = Map<string, Set<number>>;

/** The processes of one instant, and who had files open then. */
export interface Look {
  readonly listed: readonly ListedProcess[];
  readonly holders: Holders;
}

/**
 * How processes are told apart on a system. Nothing here throws. What cannot be found out for the moment (no file handle or
 * no process is left, a program takes too long) is never taken for "nobody": it is 'unknown', null, or an empty text.
 */
export interface ProcessSystem {
  /** When a process started, in digits; 'none' where there is none, or only its zombie; 'unknown' where nothing tells. */
  startOf(pid: number): string;
  bootId(): string;
  pidNamespace(): string;
  /** All of this system; null: not known. */
  list(): ListedProcess[] | null;
  /** Who of the processes has one of the files open, as far as this user may know; null: not known. */
  holdersOf(files: ReadonlySet<string>, among: readonly ListedProcess[]): Holders | null;
  /** Both, without holding this process up for as long as programs are asked; null: not known. */
  look(files: ReadonlySet<string>): Promise<Look | null>;
  /** Whether other programs are asked for all this, which takes its time. */
  readonly asksPrograms: boolean;
}

export function noteHolder(holders: Holders, file: string, pid: number): void {
  const pids = holders.get(file) ?? new Set();
  holders.set(file, pids.add(pid));
}

/** Whether a process or a zombie has that number, whoever's it is. Needs no file handle, and no right to look at it. */
export function exists(pid: number): boolean {
  // Others mean groups.
  if (pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
