import { Buffer } from 'node:buffer';
import type { IsGap, Reader } from './format.js';
import { leftOutStart } from './left-out.js';
import type { LineSink } from './lines.js';
import { decodeLine, stripEscapes } from './text.js';

/** One piece of a prefix: bytes as they are, or null for digits of any number, with blanks in front. */
type Piece = readonly number[] | null;

const escapeByte = 27;
const [...gapStart] = Buffer.from(leftOutStart);
const [bracket = 0] = gapStart;
const space = 32;
const zero = 48;
const nine = 57;

/** How far into a line an escape may be that hides its prefix. */
const escapeSearch = 128;

/**
 * What others put in front of every line: a CI's time stamp, the name of a task, `> `, four blanks. It is learnt from
 * one line; digits stand for any digits, so that time stamps match, and everything else for itself.
 */
export class Prefix {
  readonly #pieces: readonly Piece[];

  /** `sample` is the prefix of one line, one character a byte. */
  constructor(sample: string) {
    const pieces = sample.match(/ *\d+|[^\d ]+| +/g) ?? [];
    this.#pieces = pieces.map((piece) => (/\d/.test(piece) ? null : [...Buffer.from(piece, 'latin1')]));
  }

  /** Where the line goes on behind the prefix, or -1 if it has another. */
  skip(bytes: Buffer, start: number, end: number): number {
    let at = start;
    for (const piece of this.#pieces) {
      at = piece === null ? skipNumber(bytes, at, end) : skipBytes(piece, bytes, at, end);
      if (at < 0) return -1;
    }
    return at;
  }
}

function skipNumber(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === space) at += 1;
  const first = at;
  for (; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < zero || byte > nine) break;
  }
  return at > first ? at : -1;
}

/** Blanks at the very end may be missing: editors and web pages take them off an empty line. */
function skipBytes(piece: readonly number[], bytes: Buffer, start: number, end: number): number {
  for (let i = 0; i < piece.length; i += 1) {
    if (start + i >= end) return piece.slice(i).every((byte) => byte === space) ? end : -1;
    if (bytes[start + i] !== piece[i]) return -1;
  }
  return start + piece.length;
}

/** Steps' names begin with a bracket too: the rest is looked at only where the next bytes are right. */
function mayTellOfGap(bytes: Buffer, start: number, end: number): boolean {
  return end - start > gapStart.length && gapStart.every((byte, i) => bytes[start + i] === byte);
}

/** Passes lines on without the prefix, and without the colours around them. */
export class Unwrapper implements LineSink {
  readonly #prefix: Prefix | null;
  readonly #keepsEscapes: boolean;
  readonly #target: Reader;
  readonly #isGap: IsGap;

  constructor(prefix: Prefix | null, keepsEscapes: boolean, target: Reader, isGap: IsGap) {
    this.#prefix = prefix;
    this.#keepsEscapes = keepsEscapes;
    this.#target = target;
    this.#isGap = isGap;
  }

  #pass(bytes: Buffer, start: number, end: number, number: number): void {
    if (
      bytes[start] === bracket &&
      mayTellOfGap(bytes, start, end) &&
      this.#tellsOfGap(bytes, start, end, number)
    )
      this.#target.gap();
    else this.#target.line(bytes, start, end, number);
  }

  #tellsOfGap(bytes: Buffer, start: number, end: number, number: number): boolean {
    return this.#isGap(decodeLine(bytes, start, end), number);
  }

  line(bytes: Buffer, start: number, end: number, number: number): void {
    if (bytes[start] === escapeByte && !this.#keepsEscapes) {
      this.#withoutEscapes(bytes, start, end, number);
    } else if (this.#prefix === null) {
      this.#pass(bytes, start, end, number);
    } else {
      this.#withoutPrefix(this.#prefix, bytes, start, end, number);
    }
  }

  #withoutPrefix(prefix: Prefix, bytes: Buffer, start: number, end: number, number: number): void {
    const at = prefix.skip(bytes, start, end);
    const behind = at < 0 ? start : at;
    // Colours can stand behind the prefix, and hide it when they stand inside.
    const last = Math.min(end, behind + (at < 0 ? escapeSearch : 1));
    if (this.#keepsEscapes || !bytes.subarray(behind, last).includes(escapeByte)) {
      this.#pass(bytes, behind, end, number);
    } else {
      this.#withoutEscapes(bytes, behind, end, number, at < 0);
    }
  }

  #withoutEscapes(bytes: Buffer, start: number, end: number, number: number, prefixed = true): void {
    const plain = Buffer.from(stripEscapes(bytes.toString('latin1', start, end)), 'latin1');
    const at = prefixed ? (this.#prefix?.skip(plain, 0, plain.length) ?? 0) : 0;
    this.#pass(plain, Math.max(at, 0), plain.length, number);
  }
}
