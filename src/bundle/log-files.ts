import { inPieces, type LogPiece, type LogText } from '../results/log-text.js';

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
  const numbered = log.pieces.flatMap(({ firstLine, lines }) =>
    lines.map((text, i) => ({ line: firstLine + i, text })),
  );
  return log.files.map(({ file, firstLine }, i) => {
    const end = log.files[i + 1]?.firstLine ?? log.lines + 1;
    if (log.files.length === 1) return { file, lines: log.lines, pieces: log.pieces };
    const own = numbered.filter(({ line }) => line >= firstLine && line < end);
    return {
      file,
      lines: end - firstLine,
      pieces: inPieces(own.map(({ line, text }) => ({ line: line - firstLine + 1, text }))),
    };
  });
}

/** Lines of a file that are not in its pieces. */
export function linesLeftOut({ lines, pieces }: LogFile): number {
  return lines - pieces.reduce((sum, piece) => sum + piece.lines.length, 0);
}

/** How many characters of text are made at once, about. */
const pieceLength = 65_536;

/** The file's text in pieces; where lines are missing, one line says how many and which. */
export function* fileText({ lines, pieces }: LogFile): Generator<string> {
  let text = '';
  let next = 1;
  for (const piece of pieces) {
    text += gapLine(next, piece.firstLine - 1);
    for (const line of piece.lines) {
      text += `${line}\n`;
      if (text.length < pieceLength) continue;
      yield text;
      text = '';
    }
    next = piece.firstLine + piece.lines.length;
  }
  yield text + gapLine(next, lines);
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
