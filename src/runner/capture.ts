import { createWriteStream } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { countNewlines } from '../progress/newlines.js';
import { arrivalsOf } from '../results/layout.js';
import { type Arrival, Arrivals, arrivalsHeader, LastArrivals, rowText } from './arrivals.js';
import { type Gap, KeptFile } from './kept-file.js';
import { LogRoom } from './log-room.js';

/** A stream on its way to a file. */
export interface Capture {
  /** Resolves when all that was read has reached the disk; rejects when it cannot be written. */
  readonly done: Promise<void>;
  /** Bytes read so far. */
  read(): number;
  /** Bytes that reached the disk. */
  written(): number;
  /** Stops reading, and keeps what came so far. */
  stop(): void;
}

/** A captured stream of which the lane's other streams decide how much is kept. */
export interface KeptCapture extends Capture {
  /** Bytes behind the first half of what the lane may keep. */
  behindHead(): number;
  /**
   * Makes the file what it stays, once the stream is done: see `KeptFile.join`.
   * @param most bytes that may be kept of those behind the first half
   */
  join(most: number): Promise<Gap | null>;
  /** Closes the files as they are, where they are not to be joined. */
  discard(): void;
}

/**
 * Keeps a stream byte for byte in `file`, and beside it when each line arrived, in ms since `originMs` of
 * `performance.now()` (see `arrivals.ts`). Of a stream that grows beyond its part of `room` the middle is left out.
 */
export function captureStream(
  stream: Readable,
  file: string,
  originMs: () => number,
  onData?: (piece: Buffer) => void,
  room: LogRoom = new LogRoom(null),
): KeptCapture {
  const bytes = new KeptFile(file, room.tail);
  const times = createWriteStream(arrivalsOf(file));
  const arrivals = new Arrivals();
  // The rows of lines that are not kept for certain.
  let last: LastArrivals | null = null;
  let read = 0;
  let isLost = false;
  let told = 0;
  const tell = (row: Arrival): void => {
    told = row.line;
    times.write(rowText(row));
  };
  times.write(arrivalsHeader);
  bytes.on('drain', () => stream.resume());
  stream.on('data', (piece: Buffer) => {
    const offset = read;
    read += piece.length;
    onData?.(piece);
    if (isLost) return;
    let certain = last === null ? Number.POSITIVE_INFINITY : 0;
    const inHead = last === null ? room.takeHead(piece.length) : 0;
    if (last === null && inHead < piece.length) {
      last = new LastArrivals(room.tail);
      const newlines = arrivals.newlines + countNewlines(piece.subarray(0, inHead));
      bytes.endHead({ bytes: offset + inHead, newlines });
      certain = newlines + 1;
    }
    const arrival = arrivals.take(piece, performance.now() - originMs());
    if (arrival !== null) {
      if (arrival.line <= certain) tell(arrival);
      last?.add(arrival, offset);
    }
    if (!bytes.write(piece)) stream.pause();
  });
  const written = finished(bytes);
  const timesWritten = finished(times);
  const lose = (): void => {
    // The builder must not hang on a full pipe because its log cannot be kept.
    isLost = true;
    stream.resume();
  };
  written.catch(lose);
  timesWritten.catch(lose);
  const done = endOf(stream).then(async () => {
    bytes.end();
    await written;
  });
  // Whoever waits for it sees the rejection, which may come long before anybody does.
  done.catch(() => undefined);
  const rowsBehind = (gap: Gap | null): readonly Arrival[] => {
    const rows = gap === null ? last?.all : last?.from(gap.goesOnAt, gap.line + 1);
    return rows?.filter(({ line }) => line > told) ?? [];
  };
  return {
    done,
    read: () => read,
    written: () => bytes.written,
    stop: () => stream.destroy(),
    behindHead: () => bytes.behindHead,
    async join(most) {
      if (isLost) await timesWritten;
      const gap = await bytes.join(most, arrivals.newlines);
      for (const row of rowsBehind(gap)) tell(row);
      times.end();
      await timesWritten;
      return gap;
    },
    discard() {
      bytes.destroy();
      times.destroy();
    },
  };
}

/** A stream that was stopped has ended as well. */
async function endOf(stream: Readable): Promise<void> {
  await finished(stream, { writable: false }).catch(() => undefined);
}
