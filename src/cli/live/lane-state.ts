import { terminalText } from '../../reports/escape.js';

/** Of a line, that many characters are ever shown, and as many bytes are kept as they can take. */
const mostShown = 400;
const mostBytes = 4 * mostShown;
/** Blank lines that are looked behind for one that is not. */
const mostBlank = 32;

const newline = 10;

/** What one lane shows: its last line, and how it ended. */
export class LaneState {
  readonly name: string;
  exitCode: number | null = null;
  ended = false;
  readonly #started = Date.now();
  #endedAt: number | null = null;
  /** The beginning of the last whole line that is not blank. */
  #last = Buffer.alloc(0);
  /** The beginning of the line that has not ended. */
  #open = Buffer.alloc(0);

  constructor(name: string) {
    this.name = name;
  }

  /**
   * Takes a piece of output; a line counts once it is whole, and only its start is ever shown. The piece is searched for
   * line ends from its end, and no more of it is read than may be shown: a lane may print faster than anybody draws.
   */
  take(piece: Buffer): void {
    let end = piece.lastIndexOf(newline);
    if (end === -1) {
      this.#open = joined(this.#open, piece);
      return;
    }
    const open = this.#open;
    this.#open = joined(empty, piece.subarray(end + 1));
    for (let tries = 0; tries < mostBlank; tries++) {
      const before = end === 0 ? -1 : piece.lastIndexOf(newline, end - 1);
      const own = piece.subarray(before + 1, end);
      const line = joined(before === -1 ? open : empty, own);
      if (!isBlank(line)) {
        this.#last = line;
        return;
      }
      if (before === -1) return;
      end = before;
    }
  }

  /** The last whole line, as a terminal may show it. */
  get line(): string {
    return terminalText(this.#last.toString('utf8').slice(0, mostShown));
  }

  end(exitCode: number | null): void {
    this.exitCode = exitCode;
    this.ended = true;
    this.#endedAt = Date.now();
  }

  get seconds(): string {
    return `${(((this.#endedAt ?? Date.now()) - this.#started) / 1000).toFixed(1)} s`;
  }
}

const empty = Buffer.alloc(0);

/** A copy of as much of both as may be shown: the piece itself is let go of. */
function joined(first: Buffer, second: Buffer): Buffer<ArrayBuffer> {
  const room = Math.max(0, mostBytes - first.length);
  return Buffer.concat([first, second.subarray(0, room)]);
}

/** Whether it holds nothing but blanks (and is not so long that nobody looked further). */
function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 32 || (byte >= 9 && byte <= 13));
}
