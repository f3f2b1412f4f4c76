import type { Find } from './find.js';
import { type Kind, rankOf } from './kinds.js';

/** A piece of a text that is taken out, within one line. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  readonly kind: Kind;
}

/**
 * Finds without overlaps, in order: of two that overlap, what they cover together is taken out as what the first and longer
 * one was.
 */
export function joinFinds(finds: readonly Pick<Find, 'start' | 'end' | 'kind'>[]): Cut[] {
  const sorted = [...finds].sort(
    (a, b) => a.start - b.start || b.end - a.end || rankOf(a.kind) - rankOf(b.kind),
  );
  const cuts: Cut[] = [];
  for (const { start, end, kind } of sorted) {
    const last = cuts.at(-1);
    if (last === undefined || start >= last.end) cuts.push({ start, end, kind });
    else if (end > last.end) cuts[cuts.length - 1] = { ...last, end };
  }
  return cuts;
}

/** The text with each cut replaced; one over several lines is replaced in each, so that lines keep their numbers. */
export function replaceCuts(
  text: string,
  cuts: readonly Cut[],
  instead: (kind: Kind, value: string) => string,
): string {
  if (cuts.length === 0) return text;
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, kind } of cuts) {
    parts.push(text.slice(from, start));
    parts.push(
      text
        .slice(start, end)
        .split('\n')
        .map((value) => (value === '' ? '' : instead(kind, value)))
        .join('\n'),
    );
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}
