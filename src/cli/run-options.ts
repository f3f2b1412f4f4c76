import type { Overrides } from '../scenario/expand.js';
import type { Shard, Stopping } from '../scenario/plan.js';

/** What the command line of `run` asks for. */
export interface RunAllOptions {
  readonly scenarios: readonly string[] | null;
  readonly overrides: Overrides;
  readonly timeoutMs: number | null;
  readonly seed: number | null;
  readonly stopping: Stopping;
  readonly maxTimeMs: number | null;
  readonly shard: Shard | null;
  readonly registry: string | null;
  readonly destructive: boolean;
  readonly results: string;
  readonly failOn: string;
  readonly json: boolean;
}
