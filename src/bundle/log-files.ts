import type { LogPiece, LogText } from '../results/log-text.js';

/** What is left of one of the files that a log was read from. */
export interface LogFile {
  /** As the run directory calls it. */
  readonly file: string;
  /** Of the whole file. */
  readonly lines: number;
  /** With the file's own line numbers. */
  readonly pieces: readonly LogPiece[];
}

/** A log by its files: evidence names lines of files, and is found in a bundle by the same names. */
export function filesOf(log: LogText): LogFile[] {
  return log.files.map(({ file, firstLine }, i) => {
    const end = log.files[i + 1]?.firstLine ?? log.lines + 1;
    if (log.files.length === 1) return { file, lines: log.lines, pieces: log.pieces };
    return {
      file,
      lines: end - firstLine,
      pieces: log.pieces.flatMap((piece) => within(piece, firstLine, end)),
    };
  });
}

/** What a piece has of a file, with the file's own line numbers. */
function within({ firstLine, lines }: LogPiece, begin: number, end: number): LogPiece[] {
  const first = Math.max(firstLine, begin);
  const own = lines.slice(first - firstLine, Math.max(0, end - firstLine));
  return own.length === 0 ? [] : [{ firstLine: first - begin + 1, lines: own }];
}

/** Lines of a file that are not in its pieces. */
export function linesLeftOut({ lines, pieces }: LogFile): number {
  return lines - pieces.reduce((sum, piece) => sum + piece.lines.length, 0);
}

/** How many characters of text are made at once, about. */
const pieceLength = 65_536;

/** The file's text in pieces; where lines are missing, one line says how many and which. */
export function* fileText({ lines, pieces }: LogFile): Generator<string> {
  let parts: string[] = [];
  let length = 0;
  const add = (part: string): void => {
    parts.push(part);
    length += part.length;
  };
  let next = 1;
  for (const piece of pieces) {
    add(gapLine(next, piece.firstLine - 1));
    for (const line of piece.lines) {
      add(`${line}\n`);
      if (length < pieceLength) continue;
      yield parts.join('');
      parts = [];
      length = 0;
    }
    next = piece.firstLine + piece.lines.length;
  }
  add(gapLine(next, lines));
  yield parts.join('');
}

function gapLine(first: number, last: number): string {
  if (last < first) return '';
  const count = last - first + 1;
  const which = count === 1 ? `line ${first} of this file` : `lines ${first} to ${last} of this file`;
  return `[buildrace: ${grouped(count)} ${count === 1 ? 'line' : 'lines'} left out here: ${which}]\n`;
}

/** `12,345`, whatever the machine's language. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
