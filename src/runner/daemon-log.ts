import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { PrivateDaemon } from '../builders/builder.js';

/** Longest part of a daemon's log that one iteration keeps, in bytes: a debug log grows without end. */
const maxBytes = 16 * 1024 * 1024;

/** Keeps what a daemon logs from now on in a file of its own; the returned function writes it. */
export async function followDaemonLog(
  daemon: PrivateDaemon | null,
  file: string,
): Promise<() => Promise<void>> {
  if (daemon === null) return async () => undefined;
  const start = await sizeOf(daemon.log);
  return async () => {
    const end = Math.min(await sizeOf(daemon.log), start + maxBytes);
    const piece = end > start ? createReadStream(daemon.log, { start, end: end - 1 }) : [];
    await pipeline(piece, createWriteStream(file));
  };
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0;
}
