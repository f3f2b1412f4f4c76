import { countNewlines } from '../progress/newlines.js';
import { schemaVersion } from '../scenario/plan.js';

/** First line of a file of arrival times. */
export const arrivalsHeader = `${JSON.stringify({ schemaVersion, columns: ['line', 'ms'] })}\n`;

const newline = 10;

/** After that many rows, times are told half as finely, so that a file of them stays small however long a stream is. */
export const rowsPerFineness = 100_000;

/** The first fineness that is not that of the pieces themselves, in ms. */
const firstGapMs = 1;

/** Lines from `line` on arrived at `ms`. */
export interface Arrival {
  readonly line: number;
  readonly ms: number;
}

export const rowText = ({ line, ms }: Arrival): string => `[${line},${ms.toFixed(3)}]\n`;

/**
 * When each line of a stream arrived: one row `[line,ms]` for every piece that began lines. The lines from there to
 * the next row's came at that time. Beyond `rowsPerFineness` rows, one that comes within 1 ms of the last is left out,
 * then 2 ms, 4 ms and so on: a time is early by less than that.
 */
export class Arrivals {
  #newlines = 0;
  #atLineStart = true;
  #rows = 0;
  #gapMs = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** Line ends of all pieces so far. */
  get newlines(): number {
    return this.#newlines;
  }

  /** The row for the next piece, or null where no line began in it, or none that has to be told. */
  take(piece: Buffer, ms: number): Arrival | null {
    const newlines = countNewlines(piece);
    const endsLine = piece[piece.length - 1] === newline;
    const line = this.#newlines + 1;
    const firstStarted = this.#atLineStart ? line : line + 1;
    const lastStarted = line + newlines - (endsLine ? 1 : 0);
    this.#newlines += newlines;
    this.#atLineStart = endsLine;
    if (lastStarted < firstStarted || ms - this.#lastMs < this.#gapMs) return null;
    this.#lastMs = ms;
    this.#rows += 1;
    if (this.#rows % rowsPerFineness === 0) this.#gapMs = Math.max(firstGapMs, 2 * this.#gapMs);
    return { line: firstStarted, ms };
  }
}

/** Most rows that are kept of the end of a stream, of which nobody knows yet which lines are kept. */
const mostLastRows = 16_384;

/** An arrival, and the byte of the stream at which its piece began. */
interface Place extends Arrival {
  readonly offset: number;
}

/**
 * Arrivals of the end of a stream that is still growing: those that lines of its last `bytes` may need. Where they are
 * too many, the times of all are told half as finely, as in `Arrivals`.
 */
export class LastArrivals {
  readonly #bytes: number;
  #rows: Place[] = [];
  #gapMs = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** `offset`: bytes of the stream in front of the piece. */
  add(arrival: Arrival, offset: number): void {
    const last = this.#rows.at(-1);
    if (last !== undefined && arrival.ms - last.ms < this.#gapMs) return;
    this.#rows.push({ ...arrival, offset });
    if (this.#rows.length > mostLastRows) this.#shorten(offset);
  }

  #shorten(offset: number): void {
    // A line that began before what is kept may end in it: the row before goes on counting.
    const needed = this.#rows.findLastIndex((row) => row.offset <= offset - this.#bytes);
    this.#rows = this.#rows.slice(Math.max(0, needed));
    while (this.#rows.length > mostLastRows / 2) {
      this.#gapMs = Math.max(firstGapMs, 2 * this.#gapMs);
      this.#rows = thinned(this.#rows, this.#gapMs);
    }
  }

  /** All rows that are there, as lines of the stream. */
  get all(): readonly Arrival[] {
    return this.#rows;
  }

  /** The rows from a line of the stream on, numbered as if that were line `as`. */
  from(line: number, as: number): Arrival[] {
    const first = Math.max(
      0,
      this.#rows.findLastIndex((row) => row.line <= line),
    );
    return this.#rows.slice(first).map((row) => ({ line: Math.max(row.line, line) - line + as, ms: row.ms }));
  }
}

function thinned(rows: readonly Place[], gapMs: number): Place[] {
  let last = Number.NEGATIVE_INFINITY;
  return rows.filter(({ ms }) => {
    if (ms - last < gapMs) return false;
    last = ms;
    return true;
  });
}
