import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, vi } from 'vitest';
import { saysLeftOut } from '../../src/progress/left-out.js';
import { captureStream } from '../../src/runner/capture.js';
import type { Gap } from '../../src/runner/kept-file.js';
import { LogRoom } from '../../src/runner/log-room.js';
import { test } from '../scenario/folder.js';
import { arrivalOfEachLine } from './arrival-file.js';

interface Kept {
  readonly gap: Gap | null;
  readonly file: Buffer;
  /** When each line of the file arrived: the number of its piece. */
  readonly times: readonly number[];
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** Captures pieces, of which the n-th arrives at n ms. */
async function keep(file: string, pieces: readonly Buffer[], limit: number | null): Promise<Kept> {
  const stream = new PassThrough({ highWaterMark: 1 << 26 });
  const room = new LogRoom(limit);
  let piece = 0;
  // A clock that only pieces move: between two looks at a real one, a busy machine may take a rest.
  vi.spyOn(performance, 'now').mockImplementation(() => piece);
  const capture = captureStream(
    stream,
    file,
    () => 0,
    () => piece++,
    room,
  );
  for (const bytes of pieces) {
    stream.write(bytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
  stream.end();
  await capture.done;
  const [share = 0] = room.shareTail([capture.behindHead()]);
  const gap = await capture.join(share);
  const kept = await readFile(file);
  const rows = await readFile(`${file}.times.jsonl`, 'utf8');
  return { gap, file: kept, times: arrivalOfEachLine(rows, kept.toString('latin1')).map(Math.round) };
}

/** The parts of the file in front of the line that tells of the gap, and behind it. */
function parts({ gap, file }: Kept): { head: Buffer; line: string; tail: Buffer } {
  if (gap === null) return { head: file, line: '', tail: Buffer.alloc(0) };
  let at = 0;
  for (let line = 1; line < gap.line; line++) at = file.indexOf(10, at) + 1;
  const end = file.indexOf(10, at);
  return { head: file.subarray(0, at), line: file.toString('utf8', at, end), tail: file.subarray(end + 1) };
}

const linesOf = (bytes: Buffer): number => bytes.toString('latin1').split('\n').length - 1;

const line = fc.oneof(
  fc.constantFrom('', 'a', '\0', '\x1b[31m', 'é\r', '#7 0.1 text', '🧪'.repeat(20)),
  fc.integer({ min: 0, max: 900 }).map((length) => 'x'.repeat(length)),
);
const text = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '')), { minLength: 1, maxLength: 60 })
  .map((lines) => Buffer.from(lines.flat().join('')));

/** The bytes in pieces of any size. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

describe('a log that is kept up to a limit', () => {
  test('is the head and the tail of what was printed, with a line that says what is missing', async ({
    folder,
  }) => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1_040, max: 6_000 }),
        async (texts, sizes, limit) => {
          const bytes = Buffer.concat(texts);
          const pieces = cut(bytes, sizes);
          const kept = await keep(folder.at(`log${round++}`), pieces, limit);
          const { head, line: said, tail } = parts(kept);
          expect(kept.file.length).toBeLessThanOrEqual(Math.max(limit, bytes.length));
          if (kept.gap === null) {
            expect(kept.file.equals(bytes)).toBe(true);
          } else {
            expect(kept.file.length).toBeLessThanOrEqual(limit);
            const { keptBytes, leftOutBytes, goesOnAt } = kept.gap;
            expect(saysLeftOut(said)).toBe(true);
            const own = head.length === keptBytes + 1 ? head.subarray(0, -1) : head;
            expect(own.length).toBe(keptBytes);
            expect(own.equals(bytes.subarray(0, keptBytes))).toBe(true);
            expect(tail.equals(bytes.subarray(bytes.length - tail.length))).toBe(true);
            expect(keptBytes + leftOutBytes + tail.length).toBe(bytes.length);
            expect(goesOnAt).toBe(linesOf(bytes.subarray(0, bytes.length - tail.length)) + 1);
            // What is kept is not much less than what may be: lines are shorter than that here, but for the cut itself.
            expect(keptBytes + tail.length).toBeGreaterThanOrEqual((limit - 1_024) / 2 - 2);
          }
          await timesAreTrue(kept, pieces);
        },
      ),
      { numRuns: 60 },
    );
  });

  /** Each line of the file has the time of the piece that brought its first byte. */
  async function timesAreTrue(kept: Kept, pieces: readonly Buffer[]): Promise<void> {
    const came: number[] = [];
    let atLineStart = true;
    for (const [i, piece] of pieces.entries()) {
      for (const byte of piece) {
        if (atLineStart) came.push(i + 1);
        atLineStart = byte === 10;
      }
    }
    const { gap, times } = kept;
    const { head } = parts(kept);
    const ofHead = gap === null ? came : came.slice(0, gap.line - 1);
    expect(times.slice(0, gap === null ? undefined : gap.line - 1)).toEqual(ofHead);
    if (gap === null) return;
    expect(linesOf(head)).toBe(gap.line - 1);
    const ofTail = times.slice(gap.line);
    const expected = came.slice(gap.goesOnAt - 1, gap.goesOnAt - 1 + ofTail.length);
    // The line that a gap is in began somewhere in it.
    expect(ofTail.slice(1)).toEqual(expected.slice(1));
  }

  test('has its line on its own, and no half character, where one line is longer than all', async ({
    folder,
  }) => {
    for (let shift = 0; shift < 4; shift++) {
      const bytes = Buffer.from(`#1 x\n${'-'.repeat(shift)}${'🧪'.repeat(100_000)}`);
      const kept = await keep(folder.at(`long${shift}`), cut(bytes, [50_000]), 200_000);
      const { head, line: said, tail } = parts(kept);
      expect([head, tail].map((one) => one.toString('utf8').includes('\ufffd'))).toEqual([false, false]);
      expect(said).toMatch(/^\[buildrace: [\d,]+ bytes left out here: line 2 of what was printed, /);
      expect(kept.gap?.line).toBe(3);
      expect(head.length + tail.length).toBeGreaterThan(198_900);
    }
  });

  test('keeps bytes that are no text as they are', async ({ folder }) => {
    const bytes = Buffer.alloc(300_000, Buffer.from([0, 0x80, 0xff, 0xc3, 0x1b]));
    const kept = await keep(folder.at('log'), cut(bytes, [9_999]), 100_000);
    const { head, tail } = parts(kept);
    const own = head.subarray(0, -1);
    expect(own.equals(bytes.subarray(0, own.length))).toBe(true);
    expect(tail.equals(bytes.subarray(-tail.length))).toBe(true);
    expect(own.length + tail.length).toBeGreaterThan(98_000);
  });

  test('leaves no other file, not even while it is written', async ({ folder }) => {
    const stream = new PassThrough();
    const file = folder.at('log');
    const room = new LogRoom(70_000);
    const capture = captureStream(stream, file, () => 0, undefined, room);
    for (let i = 0; i < 20; i++) stream.write(Buffer.alloc(50_000, 'x\n'));
    await expect.poll(() => capture.written()).toBe(1_000_000);
    expect((await readdir(path.dirname(file))).sort()).toEqual(['log', 'log.times.jsonl']);
    stream.end();
    await capture.done;
    await capture.join(room.tail);
    expect((await readdir(path.dirname(file))).sort()).toEqual(['log', 'log.times.jsonl']);
  });
});

describe('the room that the streams of a lane share', () => {
  test('is given to whoever comes first, up to the half', () => {
    const room = new LogRoom(101_024);
    expect([room.takeHead(30_000), room.takeHead(30_000), room.takeHead(1)]).toEqual([30_000, 20_000, 0]);
  });

  test('behind that goes to all alike, and what one does not need to the other', () => {
    const room = new LogRoom(101_024);
    expect(room.shareTail([90_000, 70_000])).toEqual([25_000, 25_000]);
    expect(room.shareTail([1_000, 70_000])).toEqual([1_000, 49_000]);
    expect(room.shareTail([0, 50_000])).toEqual([0, 50_000]);
  });

  test('is without end where there is no limit', () => {
    const room = new LogRoom(null);
    expect([room.takeHead(1e12), room.takeHead(1e12)]).toEqual([1e12, 1e12]);
  });
});
