/** Whole lines of a log that follow each other. */
export interface LogPiece {
  /** Number of the first line in the log, from 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

/** A log, or what is left of it: between two pieces, in front of the first and behind the last, lines are missing. */
export interface LogText {
  /** The files that it was read from one after the other, relative to the run directory, each with the line it begins at. */
  readonly files: readonly { readonly file: string; readonly firstLine: number }[];
  /** Of the whole log. */
  readonly lines: number;
  readonly bytes: number;
  readonly pieces: readonly LogPiece[];
  /** Lines of the whole log whose ends were cut off, as they are too long to be kept; none where it is not told. */
  readonly clipped?: number;
}

/** Lines of the log that are not in its pieces. */
export function missingLines(log: LogText): number {
  return log.lines - log.pieces.reduce((sum, piece) => sum + piece.lines.length, 0);
}

/** The file that a line of the log stands in, and its line there. */
export function placeInFiles({ files }: LogText, line: number): { file: string; line: number } | null {
  const at = files.findLast(({ firstLine }) => firstLine <= line) ?? files[0];
  return at === undefined ? null : { file: at.file, line: line - at.firstLine + 1 };
}

/**
 * Cuts a log in the middle, so that what is left costs `budget` at most. `wanted` lines, each with `around` lines on both
 * sides, stay first, then as much of the head and of the tail as there is room for.
 * @param cost of one line as it will be shown, its line break included
 */
export function cutLog(
  log: LogText,
  budget: number,
  cost: (line: string) => number,
  wanted: readonly number[] = [],
  around = 3,
): LogText {
  const costs = costsOf(log.pieces, cost);
  if (costs.reduce((sum, one) => sum + one, 0) <= budget) return log;
  const kept = new Uint8Array(costs.length);
  let left = budget;
  const take = (i: number): boolean => {
    const own = costs[i];
    if (own === undefined || kept[i] === 1) return own !== undefined;
    if (own > left) return false;
    kept[i] = 1;
    left -= own;
    return true;
  };
  // The nearest first, so that a small budget keeps the lines themselves.
  for (let distance = 0; distance <= around; distance++) {
    for (const line of wanted) {
      for (const near of [line - distance, line + distance]) {
        const i = indexOf(log.pieces, near);
        if (i !== null) take(i);
      }
    }
  }
  let head = 0;
  let tail = costs.length - 1;
  let headGoes = true;
  let tailGoes = true;
  while (head <= tail && (headGoes || tailGoes)) {
    if (headGoes) headGoes = take(head++);
    if (tailGoes && head <= tail) tailGoes = take(tail--);
  }
  return { ...log, pieces: keptOf(log.pieces, kept) };
}

/** Of each line in all pieces: a log has millions, and what is told of one is a number in a list and nothing of its own. */
function costsOf(pieces: readonly LogPiece[], cost: (line: string) => number): Float64Array {
  const costs = new Float64Array(pieces.reduce((sum, { lines }) => sum + lines.length, 0));
  let at = 0;
  for (const { lines } of pieces) for (const line of lines) costs[at++] = cost(line);
  return costs;
}

/** Where a line stands among all lines of the pieces, from 0; null: in none of them. */
function indexOf(pieces: readonly LogPiece[], line: number): number | null {
  let before = 0;
  for (const { firstLine, lines } of pieces) {
    if (line >= firstLine && line < firstLine + lines.length) return before + line - firstLine;
    before += lines.length;
  }
  return null;
}

/** What is left of the pieces: `kept` has 1 for each line that stays, over all of them. */
function keptOf(pieces: readonly LogPiece[], kept: Uint8Array): LogPiece[] {
  const left: LogPiece[] = [];
  let before = 0;
  for (const { firstLine, lines } of pieces) {
    const own = kept.subarray(before, before + lines.length);
    for (let start = own.indexOf(1); start !== -1; ) {
      const gap = own.indexOf(0, start);
      const end = gap === -1 ? own.length : gap;
      left.push({ firstLine: firstLine + start, lines: lines.slice(start, end) });
      start = own.indexOf(1, end);
    }
    before += lines.length;
  }
  return left;
}

/** Lines in order as pieces: a new one wherever a line is missing. */
export function inPieces(lines: Iterable<{ readonly line: number; readonly text: string }>): LogPiece[] {
  const pieces: { firstLine: number; lines: string[] }[] = [];
  for (const { line, text } of lines) {
    const last = pieces.at(-1);
    if (last !== undefined && last.firstLine + last.lines.length === line) last.lines.push(text);
    else pieces.push({ firstLine: line, lines: [text] });
  }
  return pieces;
}

/**
 * The most that each of several things may cost, so that all together cost `budget` at most and only the largest are cut.
 * `Infinity` where nothing has to be cut.
 */
export function levelFor(costs: readonly number[], budget: number): number {
  const sorted = [...costs].sort((a, b) => a - b);
  let left = budget;
  for (const [i, one] of sorted.entries()) {
    const share = left / (sorted.length - i);
    if (one > share) return Math.max(0, Math.floor(share));
    left -= one;
  }
  return Number.POSITIVE_INFINITY;
}
