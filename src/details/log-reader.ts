import { Buffer } from 'node:buffer';
import { Decoder } from '../progress/encoding.js';
import { LineSplitter } from '../progress/lines.js';
import { decodeLine, isClipped } from '../progress/text.js';
import type { LogPiece, LogText } from '../results/log-text.js';
import { blockOf, blockOfLines, linesIn, type TextBlock } from './text-block.js';

interface KeptLine {
  readonly line: number;
  readonly text: string;
}

interface Size {
  readonly characters: number;
  readonly lines: number;
}

const nothing: Size = { characters: 0, lines: 0 };

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

/**
 * Characters that a line is worth at least, as it takes memory of its own: lines that are on average shorter, which is what
 * floods print, are kept in smaller numbers than there is room for characters.
 */
export const leastPerLine = 16;

/** So many lines are kept at either end, however short they are. */
const fewLines = 10_000;

/** Dropped blocks in front of the tail are let go of once they are that many, and not one by one. */
const letGoAt = 64;

const newline = 10;

/**
 * Reads a log once and keeps its head and its tail, about `most` characters together and a `leastPerLine`th of that many
 * lines, and the surroundings of the first `maxWanted` lines that are wanted. Memory is bounded by that, whatever the log holds; time grows with the bytes and not
 * with the lines, as whole chunks are taken and lines are told apart only in what is shown.
 */
export class LogReader {
  readonly #wanted: readonly number[];
  readonly #half: Size;
  readonly #head: TextBlock[] = [];
  readonly #tail: TextBlock[] = [];
  readonly #between: KeptLine[] = [];
  #headSize = nothing;
  #headIsFull = false;
  #tailSize = nothing;
  /** Blocks of `#tail` in front that were dropped. */
  #dropped = 0;
  #lines = 0;
  #nextWanted = 0;
  #clipped = 0;
  /** Reads what no block is made of: lines that reach over chunks, and long ones. */
  readonly #splitter: LineSplitter;
  readonly #decoder: Decoder;
  /** Lines from the splitter. */
  #single: string[] = [];
  /** A line was begun and has not ended. */
  #open = false;

  /** @param most characters, line ends included; 0 keeps nothing but what is wanted. */
  constructor(most: number, wanted: readonly number[]) {
    const half = most / 2;
    this.#half = { characters: half, lines: Math.max(fewLines, Math.floor(half / leastPerLine)) };
    this.#wanted = [...new Set(wanted)].sort((a, b) => a - b).slice(0, maxWanted);
    this.#splitter = new LineSplitter({
      line: (bytes, start, end) => {
        const text = decodeLine(bytes, start, end);
        if (isClipped(text)) this.#clipped++;
        this.#single.push(text);
      },
    });
    this.#decoder = new Decoder((bytes) => this.#split(bytes));
  }

  /** Parts of the chunk may be kept: it must not be filled anew. */
  push(chunk: Buffer): void {
    this.#decoder.push(chunk);
  }

  end(): ReadLog {
    this.#decoder.end();
    this.#splitter.end();
    this.#takeSingle();
    const clipped = this.#clipped === 0 ? {} : { clipped: this.#clipped };
    return { lines: this.#lines, pieces: this.#pieces(), ...clipped };
  }

  #split(bytes: Buffer): void {
    let start = 0;
    if (this.#open) {
      start = bytes.indexOf(newline) + 1;
      this.#splitter.push(start === 0 ? bytes : bytes.subarray(0, start));
      if (start === 0) return;
      this.#takeSingle();
    }
    const end = Math.max(start, bytes.lastIndexOf(newline) + 1);
    if (end > start) {
      const whole = bytes.subarray(start, end);
      const block = blockOf(whole);
      if (block === null) this.#splitter.push(whole);
      else this.#take(block);
      this.#takeSingle();
    }
    this.#open = end < bytes.length;
    if (this.#open) this.#splitter.push(bytes.subarray(end));
  }

  #takeSingle(): void {
    if (this.#single.length === 0) return;
    this.#take(blockOfLines(this.#single));
    this.#single = [];
  }

  #take(block: TextBlock): void {
    const firstLine = this.#lines + 1;
    this.#lines += block.lines;
    if (this.#headIsFull) {
      this.#takeBehind(block, firstLine);
      return;
    }
    const size = sum(this.#headSize, sizeOf(block));
    if (fits(size, this.#half)) {
      this.#head.push(block);
      this.#headSize = size;
      return;
    }
    // Once a line is missing behind the head, none that follows may join it.
    this.#headIsFull = true;
    const lines = linesIn(block);
    const fit = countFitting(lines, difference(this.#half, this.#headSize));
    this.#head.push(blockOfLines(lines.slice(0, fit)));
    this.#takeBehind(blockOfLines(lines.slice(fit)), firstLine + fit);
  }

  #takeBehind(block: TextBlock, firstLine: number): void {
    this.#keepWanted(block, firstLine);
    this.#tail.push(block);
    this.#tailSize = sum(this.#tailSize, sizeOf(block));
    for (;;) {
      const first = this.#tail[this.#dropped];
      if (first === undefined) break;
      const behind = difference(this.#tailSize, sizeOf(first));
      // What stands behind a block is enough without it where none of its lines has room.
      if (behind.characters < this.#half.characters && behind.lines < this.#half.lines) break;
      this.#tailSize = behind;
      // Its text can go at once: only the place is kept until many go together.
      this.#tail[this.#dropped] = blockOfLines([]);
      this.#dropped++;
    }
    if (this.#dropped > letGoAt && this.#dropped * 2 > this.#tail.length) {
      this.#tail.splice(0, this.#dropped);
      this.#dropped = 0;
    }
  }

  #keepWanted(block: TextBlock, firstLine: number): void {
    if (!this.#isNearWanted(firstLine, firstLine + block.lines - 1)) return;
    for (const [i, text] of linesIn(block).entries()) {
      const line = firstLine + i;
      // A part of a text would hold on to the whole of it.
      if (this.#isNearWanted(line, line)) this.#between.push({ line, text: Buffer.from(text).toString() });
    }
  }

  /** Asked of lines in ascending order. */
  #isNearWanted(first: number, last: number): boolean {
    while ((this.#wanted[this.#nextWanted] ?? Number.POSITIVE_INFINITY) + contextLines < first)
      this.#nextWanted++;
    const next = this.#wanted[this.#nextWanted];
    return next !== undefined && next - contextLines <= last;
  }

  #pieces(): LogPiece[] {
    const texts = new LineTexts();
    const head = listOf(this.#head, 0, texts);
    const tail = this.#tailLines(texts);
    const firstOfTail = this.#lines - tail.length + 1;
    const pieces: { firstLine: number; lines: string[] }[] = [];
    const add = (firstLine: number, lines: string[]): void => {
      const last = pieces.at(-1);
      if (lines.length === 0) return;
      if (last !== undefined && last.firstLine + last.lines.length === firstLine)
        for (const line of lines) last.lines.push(line);
      else pieces.push({ firstLine, lines });
    };
    add(1, head);
    for (const { line, text } of this.#between) if (line < firstOfTail) add(line, [text]);
    add(firstOfTail, tail);
    return pieces;
  }

  /** The last lines that have room: all of every block but the first. */
  #tailLines(texts: LineTexts): string[] {
    const [first, ...others] = this.#tail.splice(0).slice(this.#dropped);
    if (first === undefined) return [];
    const room = others.reduce((left, block) => difference(left, sizeOf(block)), this.#half);
    const fit = countFitting(linesIn(first).reverse(), room);
    return listOf([first, ...others], first.lines - fit, texts);
  }
}

/** Most texts that are known, and characters of the longest: what floods print is short, and the same again and again. */
const [mostKnown, longestKnown] = [20_000, 24];

/** Gives the same text for equal lines, as far as it knows them: a text takes more memory than what stands in it. */
class LineTexts {
  readonly #known = new Map<string, string>();

  once(line: string): string {
    if (line.length > longestKnown) return line;
    const known = this.#known.get(line);
    if (known === undefined && this.#known.size < mostKnown) this.#known.set(line, line);
    return known ?? line;
  }
}

/** The lines of blocks, which are let go of, from a line of the first one on. */
function listOf(blocks: TextBlock[], from: number, texts: LineTexts): string[] {
  // Of its size from the beginning: a list that grows is copied again and again.
  const all = new Array<string>(blocks.reduce((sum, { lines }) => sum + lines, -from));
  let at = -from;
  blocks.reverse();
  for (let block = blocks.pop(); block !== undefined; block = blocks.pop())
    for (const line of linesIn(block)) {
      if (at >= 0) all[at] = texts.once(line);
      at += 1;
    }
  return all;
}

/** How many lines, from the first on, have room. */
function countFitting(lines: readonly string[], room: Size): number {
  let characters = 0;
  for (const [i, line] of lines.entries()) {
    characters += line.length + perLine;
    if (characters > room.characters || i >= room.lines) return i;
  }
  return lines.length;
}

function sizeOf({ content, lines }: TextBlock): Size {
  return { characters: content.length, lines };
}

function fits(size: Size, room: Size): boolean {
  return size.characters <= room.characters && size.lines <= room.lines;
}

function sum(a: Size, b: Size): Size {
  return { characters: a.characters + b.characters, lines: a.lines + b.lines };
}

function difference(a: Size, b: Size): Size {
  return { characters: a.characters - b.characters, lines: a.lines - b.lines };
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
