import type { ComparedSide, Comparison, ComparisonRow } from '../results/comparison.js';
import { counted, pText } from './numbers.js';
import type { Part, Sentence } from './sentence.js';

/** What a comparison says, in one sentence. */
export function comparisonSentence({ verdict, rows, margin }: Comparison): Sentence {
  const of = (one: ComparisonRow['verdict']) => rows.filter((row) => row.verdict === one).length;
  const all = counted(rows.length, 'rate');
  const points = marginText(margin);
  const texts = {
    regression: `Regression: ${of('regression')} of ${all} went up by more than chance explains.`,
    undetermined: `Undetermined: of ${all}, ${of('undetermined')} can be called neither changed nor unchanged (margin ${points}).`,
    improvement: `Improvement: ${of('improvement')} of ${all} went down by more than chance explains, and none went up.`,
    unchanged: `Unchanged: ${all} ${rows.length === 1 ? 'stays' : 'stay'} within ${points} of the base.`,
  } as const;
  return { parts: [texts[verdict]], strong: verdict === 'regression' };
}

/** What weakens it, or has to be known besides. */
export function comparisonDoubts({ reason, notes }: Comparison): readonly Sentence[] {
  return [
    ...(reason === null ? [] : [{ parts: [{ foreign: reason }, '.'], strong: true }]),
    ...notes.map((note) => ({ parts: ['Note: ', { foreign: note }, '.'] as Part[], strong: false })),
  ];
}

/** `baseline NAME, buildctl v0.32.2, 2026-11-20`. */
export function sideSentence(side: ComparedSide): Sentence {
  const { kind, version, daemonVersion } = side.builder;
  const which = daemonVersion ?? version ?? 'of unknown version';
  return {
    parts: [
      ...(side.isBaseline ? ['baseline '] : []),
      { name: side.name },
      ', ',
      { foreign: `${kind} ${which}` },
      ', ',
      { foreign: side.startedAt.slice(0, 10) },
    ],
    strong: false,
  };
}

/** Why a row is undetermined and what would settle it; null where there is nothing to say. */
export function rowNote(row: ComparisonRow, reason: string | null): string | null {
  if (row.verdict !== 'undetermined') return null;
  // What holds for all rows was said above them.
  const why = row.reason === null || row.reason === reason ? [] : [row.reason];
  const n = row.iterationsToSettle;
  const settles = n === null ? [] : [`about ${counted(n, 'iteration')} of each would settle it`];
  return [...why, ...settles].join('; ') || null;
}

/** `3/20`, and `–` where nobody could look. */
export function rateText({ count, of }: ComparisonRow['base']): string {
  return of === 0 ? '–' : `${count}/${of}`;
}

/** `0.008`, adjusted over all rows: the one that the verdict goes by. */
export function adjustedText({ pAdjusted }: ComparisonRow): string {
  return pAdjusted === null ? '–' : pText(pAdjusted).replace(/^p (?:= )?/, '');
}

/** `20 points`. */
export function marginText(margin: number): string {
  const points = Number((margin * 100).toPrecision(3));
  return counted(points, 'point');
}
