import type { Run } from '../builders/builder.js';
import type { JournalWriter } from '../results/journal-writer.js';
import type { Daemons } from './daemons.js';
import type { DockerfilesWatch } from './dockerfiles-watch.js';
import type { Setting } from './setting.js';
import type { LogSync } from './sync-logs.js';

/** Tools of a run that its parts share. */
export interface Bench {
  readonly setting: Setting;
  readonly journal: JournalWriter;
  readonly logs: LogSync;
  /** A folder that is gone after the run. */
  readonly scratch: string;
  readonly fifo: string;
  readonly daemons: Daemons;
  readonly dockerfiles: DockerfilesWatch;
  /** Runs a command beside the lanes: clean-up, waking. */
  readonly aside: Run;
}
