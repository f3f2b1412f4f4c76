import type { ClosingLines } from './closing.js';
import type { Reading } from './format.js';
import type { Step, Timeline } from './timeline.js';

/** What BuildKit's formats say of the log's end, beside their steps. */
export interface Evidence {
  readonly steps: readonly Step[];
  readonly closing: ClosingLines;
  /** Why the reader itself believes that the log was cut, or null. */
  readonly cut: string | null;
  /** The display said that it was through (`FINISHED`). */
  readonly finished: boolean;
}

/** What all formats of BuildKit have in common at their end. */
export function conclude(evidence: Evidence): Reading {
  const { steps, closing } = evidence;
  const truncated = findTruncation(evidence);
  const outcome = findOutcome(evidence, truncated);
  return {
    steps,
    error: closing.error,
    source: closing.source,
    trouble: closing.trouble,
    truncated,
    outcome,
  };
}

function findTruncation({ steps, closing, cut, finished }: Evidence): string | null {
  if (cut !== null) return cut;
  if (closing.hasGap) return 'lines were left out of its middle';
  if (closing.insideSummary) return 'the error summary at the end is not complete';
  if (closing.error !== null || closing.hasSummary || finished || exported(steps)) return null;
  if (steps.length === 0) return 'no step follows its beginning';
  const open = steps.filter((step) => step.status === 'unfinished').length;
  if (open > 0) return open === 1 ? '1 step never ended' : `${open} steps never ended`;
  return steps.some((step) => step.status === 'error') ? 'no closing error follows the failed step' : null;
}

function findOutcome({ steps, closing }: Evidence, truncated: string | null): Timeline['outcome'] {
  if (closing.solveFailed) return 'failed';
  if (exported(steps)) return 'succeeded';
  if (closing.error !== null) return 'failed';
  if (truncated !== null || steps.length === 0) return 'unknown';
  // Nothing was exported after the error: the build did not survive it (or it exports nothing, and says so by its exit code).
  if (steps.some((step) => step.status === 'error')) return 'failed';
  return steps.every((step) => step.status === 'done' || step.status === 'cached') ? 'succeeded' : 'unknown';
}

/** Exporters are the last vertices of a build: when all of them are done, it succeeded. */
function exported(steps: readonly Step[]): boolean {
  const exporters = steps.filter((step) => step.internal && isExporter(step.text));
  return (
    exporters.length > 0 && exporters.every((step) => step.status === 'done' || step.status === 'cached')
  );
}

/** `exporting to image`, `… to oci image format`, `… to client directory`; not the exporters of cache. */
export function isExporter(text: string): boolean {
  return /^exporting to (?!GitHub Actions Cache)/.test(text);
}
