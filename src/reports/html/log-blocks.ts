import { type LogText, placeInFiles } from '../../results/log-text.js';

/** Lines of one file that follow each other. */
export interface LogBlock {
  readonly file: string;
  /** Number of the first line in its file, from 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
  /** Which of them are evidence, from 0, in order. */
  readonly evidence: readonly number[];
  /** Lines of the whole log that are left out in front of it. */
  readonly missingBefore: number;
}

/** A log as blocks of one file each, in order, and how many lines are left out behind the last. */
export function logBlocks(
  log: LogText,
  evidence: ReadonlySet<number>,
): { blocks: readonly LogBlock[]; missingAfter: number } {
  const starts = log.files.map(({ firstLine }) => firstLine);
  const named = [...evidence].sort((a, b) => a - b);
  const blocks: LogBlock[] = [];
  let next = 1;
  for (const piece of log.pieces) {
    const end = piece.firstLine + piece.lines.length;
    const cuts = starts.filter((start) => start > piece.firstLine && start < end);
    const edges = [piece.firstLine, ...new Set(cuts), end];
    for (const [i, from] of edges.slice(0, -1).entries()) {
      const to = edges[i + 1] ?? end;
      const place = placeInFiles(log, from);
      blocks.push({
        file: place?.file ?? '',
        firstLine: place?.line ?? from,
        lines: piece.lines.slice(from - piece.firstLine, to - piece.firstLine),
        evidence: named.filter((line) => line >= from && line < to).map((line) => line - from),
        missingBefore: Math.max(0, from - next),
      });
      next = to;
    }
  }
  return { blocks, missingAfter: Math.max(0, log.lines + 1 - next) };
}
