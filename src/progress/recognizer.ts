import { Buffer } from 'node:buffer';
import { ClosingLines } from './closing.js';
import type { Format, IsGap, LogEnd, Reader, Reading } from './format.js';
import { formats } from './formats.js';
import { leftOutOfMiddle } from './left-out.js';
import type { LineSink } from './lines.js';
import { decodeLine, stripEscapes } from './text.js';
import { Prefix, Unwrapper } from './wrapping.js';

/** Lines in front of the first that is recognized are kept up to this many bytes: the last ones of them. */
const maxPending = 64 * 1024;
/** Of a line, this much is looked at, and kept while no format is known. */
const maxSniffed = 4096;

interface PendingLine {
  readonly bytes: Buffer;
  readonly number: number;
}

interface Recognized {
  readonly format: Format;
  readonly offset: number;
}

/**
 * Looks at the lines until one of them is of a format, gives that format's reader what came before, and passes all
 * further lines on. The first line decides: what comes later may be the output of a RUN step.
 */
export class Recognizer implements LineSink {
  readonly #onReader: (sink: LineSink) => void;
  readonly #isGap: IsGap;
  #pending: PendingLine[] = [];
  #pendingBytes = 0;
  #hasGap = false;
  #found: { readonly format: Format; readonly reader: Reader } | null = null;

  /** `onReader` is told where all lines after the current one should go. */
  constructor(onReader: (sink: LineSink) => void, isGap: IsGap) {
    this.#onReader = onReader;
    this.#isGap = (text, line) => {
      const tells = isGap(text, line);
      this.#hasGap ||= tells;
      return tells;
    };
  }

  line(bytes: Buffer, start: number, end: number, number: number): void {
    const recognized = recognize(bytes, start, Math.min(end, start + maxSniffed));
    if (recognized === null) {
      this.#keep(bytes, start, end, number);
      return;
    }
    const sink = this.#begin(recognized, bytes, start, end);
    for (const line of this.#pending) sink.line(line.bytes, 0, line.bytes.length, line.number);
    this.#pending = [];
    sink.line(bytes, start, end, number);
    this.#onReader(sink);
  }

  get format(): Format['name'] | 'unknown' {
    return this.#found?.format.name ?? 'unknown';
  }

  end(end: LogEnd): Reading {
    const reading = this.#found === null ? this.#readUnknown() : this.#found.reader.end(end);
    return this.#hasGap ? { ...reading, truncated: leftOutOfMiddle } : reading;
  }

  #begin({ format, offset }: Recognized, bytes: Buffer, start: number, end: number): LineSink {
    const reader = format.reader();
    this.#found = { format, reader };
    const plain = stripEscapes(bytes.toString('latin1', start, Math.min(end, start + maxSniffed)));
    const prefix = offset === 0 ? null : new Prefix(plain.slice(0, offset));
    return new Unwrapper(prefix, format.keepsEscapes, reader, this.#isGap);
  }

  #keep(bytes: Buffer, start: number, end: number, number: number): void {
    const copy = Buffer.from(bytes.subarray(start, Math.min(end, start + maxSniffed)));
    this.#pending.push({ bytes: copy, number });
    // An empty line takes memory as well.
    this.#pendingBytes += copy.length + 64;
    if (this.#pendingBytes <= maxPending) return;
    this.#pending = this.#pending.slice(Math.ceil(this.#pending.length / 2));
    this.#pendingBytes = this.#pending.reduce((sum, line) => sum + line.bytes.length + 64, 0);
  }

  /** A builder that fails before its first step prints nothing but an error. */
  #readUnknown(): Reading {
    const closing = new ClosingLines();
    for (const { bytes, number } of this.#pending) {
      const text = decodeLine(bytes, 0, bytes.length);
      if (!this.#isGap(text, number)) closing.line(text, number);
    }
    return { steps: [], error: closing.error, trouble: closing.trouble, truncated: null, outcome: 'unknown' };
  }
}

function recognize(bytes: Buffer, start: number, end: number): Recognized | null {
  if (start === end) return null;
  const line = stripEscapes(bytes.toString('latin1', start, end)).trimEnd();
  let best: Recognized | null = null;
  for (const format of formats) {
    const offset = format.sniff(line);
    if (offset < 0) continue;
    if (best === null || offset < best.offset) best = { format, offset };
  }
  return best;
}
