import { Buffer } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { systemReason, UserError } from '../errors.js';
import { Decoder } from './encoding.js';
import type { IsGap } from './format.js';
import { saysLeftOut } from './left-out.js';
import { LineSplitter } from './lines.js';
import { Recognizer } from './recognizer.js';
import type { Timeline } from './timeline.js';

/** Bytes that are read from a file at once. */
const chunkBytes = 1024 * 1024;

/** Takes a log chunk by chunk. */
export interface Parser {
  /** Reads the chunk, and keeps nothing of it: the buffer may be filled anew afterwards. */
  push(chunk: Buffer): void;
  /** Call it once, after the last chunk. */
  end(): Timeline;
}

/**
 * Parses one log, of any of the formats in `formats.ts`; which, its content says. Memory grows with the number of steps,
 * not with the log. A log that is none (empty, binary, prose) is no error: its format is `unknown`.
 * @param isGap tells lines that stand where something was left out; without it, every line that says so does.
 */
export function createParser(isGap: IsGap = saysLeftOut): Parser {
  const recognizer = new Recognizer((sink) => splitter.redirect(sink), isGap);
  const splitter = new LineSplitter(recognizer);
  const decoder = new Decoder((bytes) => splitter.push(bytes));
  let bytes = 0;
  return {
    push(chunk) {
      bytes += chunk.length;
      decoder.push(chunk);
    },
    end() {
      decoder.end();
      const newline = splitter.end();
      const reading = recognizer.end({ newline });
      return { format: recognizer.format, lines: splitter.lines, bytes, source: null, ...reading };
    },
  };
}

/** Parses what a stream or a list of chunks holds; see `createParser`. Errors of the stream are passed on. */
export async function parseLog(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  isGap: IsGap = saysLeftOut,
): Promise<Timeline> {
  const parser = createParser(isGap);
  for await (const chunk of chunks) {
    parser.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  }
  return parser.end();
}

/** Parses a file; see `createParser`. A file that cannot be read is a `UserError` that says why. */
export async function parseFile(path: string): Promise<Timeline> {
  try {
    const file = await open(path);
    try {
      return await parseHandle(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw asUserError(error, path);
  }
}

/** Reads the next chunk while it parses the last; two buffers are all that it ever fills. */
async function parseHandle(file: FileHandle): Promise<Timeline> {
  const parser = createParser();
  let [full, empty] = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)];
  let { bytesRead } = await file.read(full, 0, chunkBytes);
  while (bytesRead > 0) {
    const next = file.read(empty, 0, chunkBytes);
    try {
      parser.push(full.subarray(0, bytesRead));
    } finally {
      // The file must not be closed under a read that is under way.
      ({ bytesRead } = await next);
    }
    [full, empty] = [empty, full];
  }
  return parser.end();
}

function asUserError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  return new UserError(`cannot read ${path}: ${systemReason(error)}`, undefined, { cause: error });
}
