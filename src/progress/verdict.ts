import { normalizePlatform } from '../platforms.js';
import type { ClosingLines } from './closing.js';
import type { Reading } from './format.js';
import { leftOutOfMiddle } from './left-out.js';
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
  if (closing.hasGap) return leftOutOfMiddle;
  if (cut !== null) return cut;
  if (closing.insideSummary) return 'the error summary at the end is not complete';
  if (closing.error !== null || closing.hasSummary || finished || exported(steps)) return null;
  if (steps.length === 0) return 'no step follows its beginning';
  const open = steps.filter((step) => step.status === 'unfinished').length;
  if (open > 0) return open === 1 ? '1 step never ended' : `${open} steps never ended`;
  if (steps.some((step) => step.status === 'error')) return 'no closing error follows the failed step';
  return whatMustFollow(steps);
}

/**
 * A log that ends behind whole steps looks like a build that exports nothing. But no build is over before its
 * Dockerfile's first step, and of a stage that was begun the last step is the one that is wanted.
 */
function whatMustFollow(steps: readonly Step[]): string | null {
  if (steps.every((step) => step.internal)) return 'no step of the Dockerfile follows its beginning';
  const stages = new Map<string, { last: number; of: number }>();
  for (const { name, target, platform, stage, internal } of steps) {
    const [, number, count] = internal ? [] : (/^\[[^\]]*?(\d+)\/(\d+)\]/.exec(name) ?? []);
    if (number === undefined) continue;
    // One stage can show two spellings of its platform.
    const spelling = platform === null ? null : (normalizePlatform(platform) ?? platform);
    const key = JSON.stringify([target, spelling, stage, count]);
    const last = Math.max(Number(number), stages.get(key)?.last ?? 0);
    stages.set(key, { last, of: Number(count) });
  }
  const open = [...stages.values()].find(({ last, of }) => last < of);
  return open === undefined ? null : `step ${open.last} of ${open.of} is the last of its stage`;
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
