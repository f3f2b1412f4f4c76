import { type FileHandle, open } from 'node:fs/promises';
import { systemReason, UserError } from '../errors.js';
import { countNewlines } from '../progress/newlines.js';
import { fileInside } from '../scenario/folder.js';

/** Where a line of a lane's log stands: the file, relative to the run directory, and its line there. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

const tailBytes = 4096;

/** Files read one after the other as one log, that knows which line came from which. */
export class JoinedStreams {
  readonly #directory: string;
  readonly #files: readonly string[];
  readonly #linesOf: number[] = [];
  #tail: Buffer = Buffer.alloc(0);

  constructor(directory: string, files: readonly string[]) {
    this.#directory = directory;
    this.#files = files;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    this.#linesOf.length = 0;
    for (const [i, file] of this.#files.entries()) {
      const absolute = await fileInside(this.#directory, file, 'the log');
      let newlines = 0;
      let last: number | undefined;
      for await (const chunk of readChunks(absolute, file)) {
        newlines += countNewlines(chunk);
        last = chunk[chunk.length - 1];
        this.#tail = Buffer.concat([this.#tail, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
        yield chunk;
      }
      const isCut = last !== undefined && last !== 10;
      this.#linesOf.push(newlines + (isCut ? 1 : 0));
      // Without it, the next file's first line would hang on to this one's last.
      if (isCut && i < this.#files.length - 1) yield Buffer.from('\n');
    }
  }

  /** The end of what was read, at most `tailBytes`. */
  get tail(): string {
    return this.#tail.toString('utf8');
  }

  /**
   * The place of a line, asked while the file that it is in is read: then the lines of that file are not counted yet.
   * What is read behind its last line is of the next one.
   */
  placeWhileRead(line: number): Place {
    const before = this.#linesOf.reduce((sum, lines) => sum + lines, 0);
    const isOver = line <= before;
    return isOver ? this.place(line) : { file: this.#files[this.#linesOf.length] ?? '', line: line - before };
  }

  place(line: number): Place {
    let rest = line;
    for (const [i, file] of this.#files.entries()) {
      const lines = this.#linesOf[i] ?? 0;
      if (rest <= lines || i === this.#files.length - 1) return { file, line: rest };
      rest -= lines;
    }
    return { file: this.#files[0] ?? '', line };
  }

  /** The files, each with the line of the joined log that it begins at. */
  get files(): { file: string; firstLine: number }[] {
    let firstLine = 1;
    return this.#files.map((file, i) => {
      const begins = { file, firstLine };
      firstLine += this.#linesOf[i] ?? 0;
      return begins;
    });
  }
}

/** A run has thousands of small logs, and sometimes a huge one: large buffers for the small ones cost a sixth of the analysis. */
const [firstBytes, mostBytes] = [1 << 15, 1 << 18];

async function* readChunks(absolute: string, shown: string): AsyncGenerator<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(absolute);
    for (let size = firstBytes; ; ) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(size), 0, size);
      if (bytesRead === 0) return;
      if (bytesRead === size) size = mostBytes;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw new UserError(`the log ${shown} cannot be read (${systemReason(error)})`);
  } finally {
    await file?.close();
  }
}
