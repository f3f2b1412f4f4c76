import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { PrivateDaemon } from '../builders/builder.js';
import { countNewlines } from '../progress/newlines.js';
import { type Gap, KeptFile } from './kept-file.js';
import { LogRoom } from './log-room.js';

/** Longest part of a daemon's log that one iteration keeps, in bytes: a debug log grows without end. */
const maxBytes = 16 * 1024 * 1024;

/**
 * Keeps what a daemon logs from now on in a file of its own; the returned function writes it, and gives what was left out
 * of its middle (null: nothing). What a daemon dies of stands at the end, so that is kept of every log.
 */
export async function followDaemonLog(
  daemon: PrivateDaemon | null,
  file: string,
  limit: number = maxBytes,
): Promise<() => Promise<Gap | null>> {
  if (daemon === null) return async () => null;
  const start = await sizeOf(daemon.log);
  return async () => {
    const end = await sizeOf(daemon.log);
    const piece = end > start ? createReadStream(daemon.log, { start, end: end - 1 }) : [];
    return keepEnds(piece, file, new LogRoom(limit));
  };
}

async function keepEnds(
  blocks: AsyncIterable<Buffer> | readonly Buffer[],
  file: string,
  room: LogRoom,
): Promise<Gap | null> {
  const kept = new KeptFile(file, room.tail);
  let newlines = 0;
  await pipeline(async function* () {
    let bytes = 0;
    let isBehind = false;
    for await (const block of blocks) {
      const inHead = isBehind ? 0 : room.takeHead(block.length);
      if (!isBehind && inHead < block.length) {
        isBehind = true;
        kept.endHead({
          bytes: bytes + inHead,
          newlines: newlines + countNewlines(block.subarray(0, inHead)),
        });
      }
      bytes += block.length;
      newlines += countNewlines(block);
      yield block;
    }
  }, kept);
  return kept.join(room.tail, newlines);
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0;
}
