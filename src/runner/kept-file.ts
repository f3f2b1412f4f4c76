import { type FileHandle, open, unlink } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { leftOutLine } from '../progress/left-out.js';
import { countNewlines } from '../progress/newlines.js';

/** Where a line ends within that many bytes of a cut, the cut is made there. */
const reachBytes = 65_536;
/** Bytes that are moved at once. */
const blockBytes = 1 << 18;
/** Small pieces that wait are written together, up to that many bytes. */
const togetherBytes = 1 << 18;

const newline = 10;

/** Where a file tells of what was left out. */
export interface Gap {
  /** Bytes of the stream that stand before the line that tells of it. */
  readonly keptBytes: number;
  readonly leftOutBytes: number;
  /** The line of the file that tells of it, from 1. */
  readonly line: number;
  /** The line of the stream that the file's next line is, or is the end of. */
  readonly goesOnAt: number;
}

/** Where the first half ended, and how many line ends are in it. */
interface HeadEnd {
  readonly bytes: number;
  readonly newlines: number;
}

/**
 * Takes a stream's bytes: those up to `endHead` go to the file, of later ones the last `ringBytes` to a second file that
 * is written round and round, and has no name: whatever becomes of this process, the system removes it. `join` makes
 * one file of both.
 */
export class KeptFile extends Writable {
  readonly #path: string;
  readonly #ringBytes: number;
  #file: FileHandle | null = null;
  #ring: FileHandle | null = null;
  #head: HeadEnd | null = null;
  /** Bytes in the file, and all that were written to the ring. */
  #inFile = 0;
  #inRing = 0;

  /** @param ringBytes `Infinity` where the head never ends */
  constructor(path: string, ringBytes: number) {
    // Its end is not the end of the files: `join` follows.
    super({ highWaterMark: 65_536, autoDestroy: false });
    this.#path = path;
    this.#ringBytes = ringBytes;
  }

  /** Bytes that reached a file. */
  get written(): number {
    return this.#inFile + this.#inRing;
  }

  /** Bytes behind the head that came so far. */
  get behindHead(): number {
    return this.#inRing;
  }

  /** From that byte of the stream on, only the last ones are kept. Call it before they are written. */
  endHead(head: HeadEnd): void {
    this.#head = head;
  }

  override _construct(done: (error?: Error | null) => void): void {
    open(this.#path, 'w+').then(
      (file) => {
        this.#file = file;
        done();
      },
      (error: Error) => done(error),
    );
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    settle(this.#take(chunk), done);
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    settle(this.#takeAll(chunks.map(({ chunk }) => chunk)), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const files = [this.#file, this.#ring];
    this.#file = null;
    this.#ring = null;
    Promise.allSettled(files.map((file) => file?.close())).then(() => done(error));
  }

  async #takeAll(chunks: readonly Buffer[]): Promise<void> {
    let batch: Buffer[] = [];
    let size = 0;
    for (const chunk of chunks) {
      batch.push(chunk);
      size += chunk.length;
      if (size < togetherBytes) continue;
      await this.#take(Buffer.concat(batch));
      batch = [];
      size = 0;
    }
    if (size > 0) await this.#take(Buffer.concat(batch));
  }

  async #take(bytes: Buffer): Promise<void> {
    const forFile = Math.min(bytes.length, (this.#head?.bytes ?? Number.POSITIVE_INFINITY) - this.#inFile);
    if (forFile > 0) {
      await writeAll(this.#opened, bytes.subarray(0, forFile), this.#inFile);
      this.#inFile += forFile;
    }
    if (forFile < bytes.length) await this.#takeBehind(bytes.subarray(forFile));
  }

  async #takeBehind(bytes: Buffer): Promise<void> {
    this.#ring ??= await openNameless(`${this.#path}.end`);
    const size = this.#ringBytes;
    let from = Math.max(0, bytes.length - size);
    while (from < bytes.length) {
      const at = (this.#inRing + from) % size;
      const length = Math.min(bytes.length - from, size - at);
      await writeAll(this.#ring, bytes.subarray(from, from + length), at);
      from += length;
    }
    this.#inRing += bytes.length;
  }

  get #opened(): FileHandle {
    if (this.#file === null) throw new Error('the log is closed');
    return this.#file;
  }

  /**
   * Puts the end behind the head, with a line in between that says what was left out, and closes the files. Call it once,
   * after the stream's end.
   * @param most bytes that may be kept of what came behind the head
   * @param newlines line ends of the whole stream
   * @returns null where all was kept.
   */
  async join(most: number, newlines: number): Promise<Gap | null> {
    try {
      const there = Math.min(this.#inRing, this.#ringBytes);
      const isWhole = this.#inRing === there && there <= most;
      return isWhole ? await this.#joinWhole(there) : await this.#joinCut(Math.min(there, most), newlines);
    } finally {
      await this.#close();
    }
  }

  async #joinWhole(there: number): Promise<null> {
    for await (const block of this.#lastBytes(there)) await this.#append(block);
    return null;
  }

  async #joinCut(most: number, newlines: number): Promise<Gap> {
    const head = this.#head ?? { bytes: 0, newlines: 0 };
    const came = this.#inFile + this.#inRing;
    const { isInLine } = await this.#cutHead();
    const keptBytes = this.#inFile;
    const { skipped, beginsLine } = await this.#untilLine(most);
    const tail = most - skipped;
    let inTail = 0;
    for await (const block of this.#lastBytes(tail)) inTail += countNewlines(block);
    const goesOnAt = newlines - inTail + 1;
    const first = head.newlines + 1;
    const last = Math.max(first, beginsLine ? goesOnAt - 1 : goesOnAt);
    const leftOutBytes = came - keptBytes - tail;
    await this.#append(Buffer.from(`${isInLine ? '\n' : ''}${leftOutLine(leftOutBytes, first, last)}\n`));
    for await (const block of this.#lastBytes(tail)) await this.#append(block);
    return { keptBytes, leftOutBytes, line: first + (isInLine ? 1 : 0), goesOnAt };
  }

  /** Takes the head back to its last line end, or, where none is near, to its last whole character. */
  async #cutHead(): Promise<{ readonly isInLine: boolean }> {
    const size = this.#inFile;
    if (size === 0) return { isInLine: false };
    const near = Buffer.alloc(Math.min(reachBytes, Math.ceil(size / 2)));
    await readAll(this.#opened, near, size - near.length);
    const lineEnd = near.lastIndexOf(newline);
    const kept = lineEnd === -1 ? wholeCharacters(near) : lineEnd + 1;
    this.#inFile = size - near.length + kept;
    await this.#opened.truncate(this.#inFile);
    return { isInLine: lineEnd === -1 };
  }

  /** How many of the last `most` bytes stand in front of the first line that begins in them, or of the first character. */
  async #untilLine(most: number): Promise<{ readonly skipped: number; readonly beginsLine: boolean }> {
    const near: Buffer[] = [];
    for await (const block of this.#lastBytes(most, Math.min(reachBytes, Math.ceil(most / 2))))
      near.push(Buffer.from(block));
    const bytes = Buffer.concat(near);
    const lineEnd = bytes.indexOf(newline);
    if (lineEnd !== -1) return { skipped: lineEnd + 1, beginsLine: true };
    const first = bytes.subarray(0, longestCharacter).findIndex((byte) => !isContinuation(byte));
    return { skipped: Math.max(0, first), beginsLine: false };
  }

  /** The stream's last `count` bytes from the ring, of them at most the first `most`; a block is overwritten by the next. */
  async *#lastBytes(count: number, most = count): AsyncGenerator<Buffer> {
    if (this.#ring === null) return;
    const block = Buffer.allocUnsafe(blockBytes);
    const begin = this.#inRing - count;
    let done = 0;
    while (done < most) {
      const at = (begin + done) % this.#ringBytes;
      const length = Math.min(blockBytes, most - done, this.#ringBytes - at);
      await readAll(this.#ring, block.subarray(0, length), at);
      done += length;
      yield block.subarray(0, length);
    }
  }

  async #append(bytes: Buffer): Promise<void> {
    await writeAll(this.#opened, bytes, this.#inFile);
    this.#inFile += bytes.length;
  }

  /** Unlike `destroy` it can be waited for, and tells of what the system found wrong only now. */
  async #close(): Promise<void> {
    const files = [this.#file, this.#ring];
    this.#file = null;
    this.#ring = null;
    await Promise.all(files.map((file) => file?.close()));
  }
}

const longestCharacter = 4;

/** Of UTF-8 (RFC 3629): a byte that no character begins with. */
const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** How many of the bytes there are without a character of UTF-8 at their end that is cut; what is no UTF-8 stays. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(longestCharacter, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

async function openNameless(path: string): Promise<FileHandle> {
  const file = await open(path, 'wx+', 0o600);
  try {
    await unlink(path);
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function readAll(file: FileHandle, into: Buffer, position: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) throw new Error('a log became shorter while it was kept');
    done += bytesRead;
  }
}

function settle(work: Promise<void>, done: (error?: Error | null) => void): void {
  work.then(
    () => done(),
    (error: Error) => done(error),
  );
}
