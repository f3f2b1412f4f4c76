import type { Overrides } from '../scenario/expand.js';

/** What the command line of `run` asks for. */
export interface RunAllOptions {
  readonly scenarios: readonly string[] | null;
  readonly overrides: Overrides;
  readonly timeoutMs: number | null;
  readonly registry: string | null;
  readonly destructive: boolean;
  readonly results: string;
  readonly failOn: string;
  readonly json: boolean;
}
