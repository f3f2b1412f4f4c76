import { inPieces, type LogText } from '../../results/log-text.js';
import { cut, terminalText } from '../escape.js';

/** What an issue's body is made of, in order. Only texts are of a fixed size; see `fit.ts`. */
export type Part = TextPart | CodePart | WholePart;

/** Markdown, made harmless and short by whoever wrote it. */
export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
  /** The higher, the earlier it is left out of a body that is too long without any log; 0 never is. */
  readonly spare: number;
}

/** Lines in one fence, of which those in the middle are left out where there is no room. */
export interface CodePart {
  readonly kind: 'code';
  /** HTML, made of our own words and `htmlCode`; null: it is not folded. */
  readonly summary: string | null;
  readonly language: string;
  readonly chunks: readonly Chunk[];
}

export interface Chunk {
  /** A line in front of the log, raw; null: none. */
  readonly title: string | null;
  readonly log: LogText;
  /** Lines that stay first, by their numbers in the log. */
  readonly wanted: readonly number[];
}

/** What is worth nothing in part: a file, a script. */
export interface WholePart {
  readonly kind: 'whole';
  readonly summary: string | null;
  readonly language: string;
  readonly content: string;
  /** Markdown that stands there where it does not fit. */
  readonly otherwise: string;
}

/** A longer line says nothing more to a reader, and would crowd out all others. */
export const maxLine = 600;

export function text(markdown: string, spare = 0): TextPart {
  return { kind: 'text', text: markdown, spare };
}

/** A log as it is shown: lines harmless, the longest of them cut. */
export function chunk(log: LogText, wanted: readonly number[] = [], title: string | null = null): Chunk {
  const pieces = log.pieces.map(({ firstLine, lines }) => ({ firstLine, lines: lines.map(shownLine) }));
  return { title: title === null ? null : shownLine(title), log: { ...log, pieces }, wanted };
}

/** Lines that are in no file of the run. */
export function linesAsLog(lines: readonly string[]): LogText {
  const pieces = inPieces(lines.map((one, i) => ({ line: i + 1, text: one })));
  return { files: [], lines: lines.length, bytes: 0, pieces };
}

export function shownLine(line: string): string {
  return shortText(line, maxLine);
}

/** One harmless line of at most `most` characters. What is far behind is not looked at: a line may have megabytes. */
export function shortText(raw: string, most: number): string {
  return cut(terminalText(raw.slice(0, 4 * most + 1_000)), most);
}
