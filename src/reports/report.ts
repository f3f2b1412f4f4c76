import type { RunDetail } from '../results/detail.js';
import type { RunResult } from '../results/result.js';

/** One format of a report: a pure function of a finished analysis. One file each, all of them in `index.ts`. */
export interface Report {
  /** What `--format` takes. */
  readonly name: string;
  /** Of the file that it is usually written to, without the dot. */
  readonly extension: string;
  /** The whole document, ending in a newline. */
  render(result: RunResult): string;
}

/** The projects whose issue forms a report can fill. */
export const upstreams = ['buildkit', 'buildx', 'container', 'container-builder-shim'] as const;
export type Upstream = (typeof upstreams)[number];

/** A report that shows single iterations too. It is attached to things, so that it gets details without secrets. */
export interface DetailedReport {
  readonly name: string;
  readonly extension: string;
  /** How much of a run it has room for: see `DetailLimits` of `details/`. */
  readonly limits: { readonly iterations: number; readonly lanes: number; readonly logCharacters: number };
  /**
   * The whole document, ending in a newline.
   * @throws {UserError} where this run cannot become such a report.
   */
  render(detail: RunDetail, options: DetailedReportOptions): string;
  /** What whoever sends it still has to know or do, a line each: raw text, for the person, not for the report. */
  hints?(detail: RunDetail, options: DetailedReportOptions): readonly string[];
}

export interface DetailedReportOptions {
  /** Whose issue form is filled; null: guessed from the builder. */
  readonly upstream: Upstream | null;
}
