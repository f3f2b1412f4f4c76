import type { Buffer } from 'node:buffer';
import { Decoder } from '../progress/encoding.js';
import { LineSplitter } from '../progress/lines.js';
import { decodeLine, isClipped } from '../progress/text.js';
import { inPieces, type LogPiece, type LogText } from '../results/log-text.js';

interface KeptLine {
  readonly line: number;
  readonly text: string;
}

/** What is kept of a log, and what is known of the whole of it. */
export interface ReadLog extends Pick<LogText, 'lines' | 'clipped'> {
  readonly pieces: LogPiece[];
}

/** Lines on both sides of a wanted one that are kept whatever the size of the log. */
export const contextLines = 10;

/** Most wanted lines, the first ones: no finding needs that many, and what is kept of them is kept in memory. */
export const maxWanted = 200;

/** What a kept line costs beside its text. */
const perLine = 1;

/** Dropped lines in front of the tail are let go of once they are that many, and not one by one. */
const letGoAt = 4096;

/**
 * Reads a log once and keeps its head and its tail, about `most` characters together, and the surroundings of the first
 * `maxWanted` lines that are wanted. Memory is bounded by that, whatever the log holds.
 */
export class LogReader {
  readonly #wanted: readonly number[];
  readonly #half: number;
  // Head and tail have no gaps: of a line in them only the text is kept.
  readonly #head: string[] = [];
  readonly #tail: string[] = [];
  readonly #between: KeptLine[] = [];
  #headCost = 0;
  #headIsFull = false;
  #tailCost = 0;
  /** Lines of `#tail` in front that were dropped. */
  #dropped = 0;
  #nextWanted = 0;
  #clipped = 0;
  readonly #splitter: LineSplitter;
  readonly #decoder: Decoder;

  /** @param most characters, line ends included; 0 keeps nothing but what is wanted. */
  constructor(most: number, wanted: readonly number[]) {
    this.#half = most / 2;
    this.#wanted = [...new Set(wanted)].sort((a, b) => a - b).slice(0, maxWanted);
    this.#splitter = new LineSplitter({ line: (...args) => this.#take(...args) });
    this.#decoder = new Decoder((bytes) => this.#splitter.push(bytes));
  }

  push(chunk: Buffer): void {
    this.#decoder.push(chunk);
  }

  end(): ReadLog {
    this.#decoder.end();
    this.#splitter.end();
    const clipped = this.#clipped === 0 ? {} : { clipped: this.#clipped };
    return { lines: this.#splitter.lines, pieces: inPieces(this.#kept()), ...clipped };
  }

  *#kept(): Generator<KeptLine> {
    const tailLines = this.#tail.length - this.#dropped;
    const firstOfTail = this.#splitter.lines - tailLines + 1;
    for (const [i, text] of this.#head.entries()) yield { line: i + 1, text };
    for (const one of this.#between) if (one.line < firstOfTail) yield one;
    for (let i = 0; i < tailLines; i++)
      yield { line: firstOfTail + i, text: this.#tail[this.#dropped + i] ?? '' };
  }

  #take(bytes: Buffer, start: number, end: number, line: number): void {
    const text = decodeLine(bytes, start, end);
    const cost = text.length + perLine;
    if (isClipped(text)) this.#clipped++;
    // Once a line is missing behind the head, none that follows may join it.
    if (!this.#headIsFull && this.#headCost + cost <= this.#half) {
      this.#head.push(text);
      this.#headCost += cost;
      return;
    }
    this.#headIsFull = true;
    if (this.#isNearWanted(line)) this.#between.push({ line, text });
    this.#tail.push(text);
    this.#tailCost += cost;
    while (this.#tailCost > this.#half) this.#dropFirst();
    if (this.#dropped > letGoAt && this.#dropped * 2 > this.#tail.length) {
      this.#tail.splice(0, this.#dropped);
      this.#dropped = 0;
    }
  }

  #dropFirst(): void {
    this.#tailCost -= (this.#tail[this.#dropped]?.length ?? 0) + perLine;
    // Its text can go at once: only the place is kept until many go together.
    this.#tail[this.#dropped] = '';
    this.#dropped++;
  }

  #isNearWanted(line: number): boolean {
    while ((this.#wanted[this.#nextWanted] ?? Number.POSITIVE_INFINITY) + contextLines < line)
      this.#nextWanted++;
    const next = this.#wanted[this.#nextWanted];
    return next !== undefined && next - contextLines <= line;
  }
}

/** Reads what a stream of chunks holds; see `LogReader`. */
export async function readLogText(
  chunks: AsyncIterable<Buffer>,
  most: number,
  wanted: readonly number[],
): Promise<ReadLog> {
  const reader = new LogReader(most, wanted);
  for await (const chunk of chunks) reader.push(chunk);
  return reader.end();
}
