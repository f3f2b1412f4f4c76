import type { Overrides } from '../../scenario/expand.js';
import type { Plan, Shard, Stopping } from '../../scenario/plan.js';
import type { BaselineChoice } from './baseline.js';
import type { WindowChoice } from './window.js';

/** What the command line of `run` asks for. */
export interface RunAllOptions {
  readonly scenarios: readonly string[] | null;
  readonly overrides: Overrides;
  readonly timeoutMs: number | null;
  readonly seed: number | null;
  readonly stopping: Stopping;
  readonly maxTimeMs: number | null;
  readonly shard: Shard | null;
  readonly window: WindowChoice | null;
  /** Bytes that are kept of what a lane prints; null: all. */
  readonly maxLogBytes: number | null;
  readonly registry: string | null;
  readonly destructive: boolean;
  readonly results: string;
  readonly failOn: Plan['failOn'];
  /** What the runs are held against; null: nothing. */
  readonly baseline: BaselineChoice | null;
  readonly json: boolean;
}
