import type { Buffer } from 'node:buffer';
import { Decoder } from '../progress/encoding.js';
import { LineSplitter } from '../progress/lines.js';
import { decodeLine } from '../progress/text.js';
import { inPieces, type LogPiece } from '../results/log-text.js';

interface KeptLine {
  readonly line: number;
  readonly text: string;
}

/** Lines on both sides of a wanted one that are kept whatever the size of the log. */
export const contextLines = 10;

/** What a kept line costs beside its text. */
const perLine = 1;

/**
 * Reads a log once and keeps its head and its tail, about `most` characters together, and the surroundings of the lines
 * that are wanted. Memory is bounded by that, whatever the log holds.
 */
export class LogReader {
  readonly #wanted: readonly number[];
  readonly #half: number;
  readonly #head: KeptLine[] = [];
  readonly #between: KeptLine[] = [];
  readonly #tail: KeptLine[] = [];
  #headCost = 0;
  #tailCost = 0;
  #tailFrom = 0;
  #nextWanted = 0;
  readonly #splitter: LineSplitter;
  readonly #decoder: Decoder;

  constructor(most: number, wanted: readonly number[]) {
    this.#half = most / 2;
    this.#wanted = [...new Set(wanted)].sort((a, b) => a - b);
    this.#splitter = new LineSplitter({ line: (...args) => this.#take(...args) });
    this.#decoder = new Decoder((bytes) => this.#splitter.push(bytes));
  }

  push(chunk: Buffer): void {
    this.#decoder.push(chunk);
  }

  end(): { lines: number; pieces: LogPiece[] } {
    this.#decoder.end();
    this.#splitter.end();
    const tail = this.#tail.slice(this.#tailFrom);
    const firstOfTail = tail[0]?.line ?? Number.POSITIVE_INFINITY;
    const between = this.#between.filter(({ line }) => line < firstOfTail);
    return { lines: this.#splitter.lines, pieces: inPieces([...this.#head, ...between, ...tail]) };
  }

  #take(bytes: Buffer, start: number, end: number, line: number): void {
    const text = decodeLine(bytes, start, end);
    const cost = text.length + perLine;
    if (this.#tail.length === 0 && this.#headCost + cost <= this.#half) {
      this.#head.push({ line, text });
      this.#headCost += cost;
      return;
    }
    if (this.#isNearWanted(line)) this.#between.push({ line, text });
    this.#tail.push({ line, text });
    this.#tailCost += cost;
    while (this.#tailCost > this.#half && this.#tailFrom < this.#tail.length) {
      this.#tailCost -= (this.#tail[this.#tailFrom]?.text.length ?? 0) + perLine;
      this.#tailFrom++;
    }
    // What was dropped from the front is let go of now and then, not line by line.
    if (this.#tailFrom > 4096 && this.#tailFrom * 2 > this.#tail.length) {
      this.#tail.splice(0, this.#tailFrom);
      this.#tailFrom = 0;
    }
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
): Promise<{ lines: number; pieces: LogPiece[] }> {
  const reader = new LogReader(most, wanted);
  for await (const chunk of chunks) reader.push(chunk);
  return reader.end();
}
