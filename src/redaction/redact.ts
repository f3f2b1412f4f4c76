import type { RunDetail } from '../results/detail.js';
import { Redactor } from './redactor.js';

/** What is taken out beside what is found by itself, and what is not. */
export interface RedactionOptions {
  /** Texts (`acme.example`) and expressions (`/team-\w+/i`) that are taken out wherever they stand. */
  readonly redact: readonly string[];
  /**
   * The same, of what would be taken out and is to stay: hosts, paths and names that it finds a part of, secrets that it
   * finds as a whole. `redact` goes before it.
   */
  readonly keep: readonly string[];
  /** The reporter's environment; values of variables whose names or shapes say secret are taken out. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The reporter's login name, home folder and machine. */
  readonly user: { readonly name: string; readonly home: string; readonly host: string };
}

/**
 * A run's details as they may be given away: every text in them is redacted, and `redactions` says what was.
 * @throws {UserError} when one of the patterns is no expression, or finds nothing at all.
 */
export async function redactDetail(detail: RunDetail, options: RedactionOptions): Promise<RunDetail> {
  return (await Redactor.from(detail, options)).detail(detail);
}
