import type { PlannedLane } from '../../../scenario/plan.js';
import type { Signal } from '../../../signals.js';
import type { Helper } from '../helpers.js';

/** What a sign is made for. */
export interface Looked {
  /** Lanes of all arms of the script. */
  readonly lanes: readonly PlannedLane[];
  /** The script starts the daemon, and has its log. */
  readonly hasOwnDaemon: boolean;
  /** The command that asks whether the builder still answers. */
  readonly wake: string | null;
}

/** How plain programs see a fault: commands that print a line or more where it is, and nothing where it is not. */
export interface Sign {
  readonly signal: Signal;
  /** What is taken for the fault, as a clause. */
  readonly means: string;
  /** It reads the steps of BuildKit's plain progress. */
  readonly readsSteps?: boolean;
  readonly helpers?: readonly Helper[];
  /**
   * A command that fails where there is nothing in an iteration to look at, so that nothing found is not taken for clean;
   * without one it can always look.
   */
  sees?(looked: Looked): string;
  /** It takes any failure for the fault: one of the network as well, unless that is told apart. */
  readonly goesByExitCode?: boolean;
  /** For each lane: `$lane`, its log `$log` and its exit code `$exit`. */
  perLane?(looked: Looked): readonly string[];
  /** For all lanes at once: their logs and exit codes are `"$logs"/*.log` and `"$logs"/*.exit`. */
  perIteration?(looked: Looked): readonly string[];
  /** Why it cannot look there, as a clause, or null. */
  blind?(looked: Looked): string | null;
}

/** Some log has a step in it. */
export const anyStep = `grep -q -s '^#[0-9]' "$logs"/*.log`;

/** Some log has a line of that form (extended, between single quotes). */
export const anyLine = (form: string): string => `grep -q -s -E '${form}' "$logs"/*.log`;

/** In front of what a step prints, BuildKit's plain progress has the step's number and a time; other builders nothing. */
export const printed = '^(#[0-9]+ [0-9.]+ +)?buildrace: +';
