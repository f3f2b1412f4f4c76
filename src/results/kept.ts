/** What was kept of a lane at its time limit: files, relative to the run directory. */
export interface KeptAtLimit {
  /** The lane's processes, and those of its private daemon; null: they are not there. */
  readonly processes: string | null;
  /** The goroutines of its private daemon; null: there are none. */
  readonly goroutines: string | null;
  /** The daemon was the run's own. */
  readonly ownDaemon: boolean;
}
