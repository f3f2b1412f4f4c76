import { Buffer } from 'node:buffer';
import { markStart } from './step-draft.js';
import { decodeLine } from './text.js';
import { maxTextLength } from './timeline.js';

const newline = 10;
const markBytes = Buffer.from(markStart);
/** One for all: each step has such an output, and an empty buffer takes as much as a short one. */
const empty = Buffer.alloc(0);
const maxKept = maxTextLength * 4 + 1024;

/** Whose output it is. */
export interface OutputOwner {
  outputLines: number;
  /** `text` is a line of the output. */
  addMark(line: number, text: string): void;
}

/** Counts the lines of a step's output that comes in chunks, and keeps a line that may turn out to be a mark. */
export class OutputTail {
  readonly #owner: OutputOwner;
  /** The line that has not ended, as long as it may be a mark. */
  #partial: Buffer | null = null;
  #begun = false;
  #line = 0;

  constructor(owner: OutputOwner) {
    this.#owner = owner;
  }

  /** A line was begun and has not ended. */
  get isOpen(): boolean {
    return this.#begun;
  }

  /** `line` is the log's line that holds the chunk. */
  push(data: Buffer, line: number): void {
    let start = 0;
    while (start < data.length) {
      const end = data.indexOf(newline, start);
      this.#extend(data.subarray(start, end < 0 ? data.length : end), line);
      if (end < 0) return;
      this.end();
      start = end + 1;
    }
  }

  /** The line ends here, or the output does. */
  end(): void {
    if (this.#begun && this.#partial !== null) {
      this.#owner.addMark(this.#line, decodeLine(this.#partial, 0, this.#partial.length));
    }
    this.#begun = false;
    this.#partial = null;
  }

  #extend(piece: Buffer, line: number): void {
    if (!this.#begun) {
      this.#begun = true;
      this.#line = line;
      this.#partial = empty;
      this.#owner.outputLines += 1;
    }
    if (this.#partial === null) return;
    const joined = Buffer.concat([this.#partial, piece.subarray(0, maxKept - this.#partial.length)]);
    this.#partial = mayBeMark(joined) ? joined : null;
  }
}

function mayBeMark(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, markBytes.length);
  return bytes.subarray(0, length).equals(markBytes.subarray(0, length));
}
