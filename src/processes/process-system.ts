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

/** How processes are told apart on a system. Nothing here throws; what cannot be found out is null, or empty. */
export interface ProcessSystem {
  /** When a process started, in digits; null where there is none, or only its zombie. */
  startOf(pid: number): string | null;
  bootId(): string;
  pidNamespace(): string;
  list(): ListedProcess[];
  /** For each of the files (absolute, without links) those of the processes that have it open, as far as this user may know. */
  holdersOf(files: ReadonlySet<string>, among: readonly ListedProcess[]): Map<string, Set<number>>;
}

export function noteHolder(holders: Map<string, Set<number>>, file: string, pid: number): void {
  const pids = holders.get(file) ?? new Set();
  holders.set(file, pids.add(pid));
}
