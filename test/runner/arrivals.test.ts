import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Arrivals,
  arrivalsHeader,
  LastArrivals,
  rowsPerFineness,
  rowText,
} from '../../src/runner/arrivals.js';
import { arrivalOfEachLine } from './arrival-file.js';

const chunk = fc
  .array(fc.constantFrom('a', '\n', '\r', 'é'), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));

/** What is right by definition: a line came when its first byte did. */
function byDefinition(chunks: readonly string[]): number[] {
  const arrivals: number[] = [];
  let atLineStart = true;
  for (const [ms, text] of chunks.entries()) {
    for (const character of text) {
      if (atLineStart) arrivals.push(ms);
      atLineStart = character === '\n';
    }
  }
  return arrivals;
}

describe('arrival times', () => {
  it('cover each line once, with the time of its first byte, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 12 }), (chunks) => {
        const arrivals = new Arrivals();
        const rows = chunks
          .map((text, ms) => arrivals.take(Buffer.from(text), ms))
          .map((row) => (row === null ? '' : rowText(row)))
          .join('');
        expect(arrivalOfEachLine(arrivalsHeader + rows, chunks.join(''))).toEqual(byDefinition(chunks));
      }),
    );
  });

  it('are one row for a piece, whatever number of lines it brought', () => {
    const arrivals = new Arrivals();
    const take = (text: string, ms: number) => arrivals.take(Buffer.from(text), ms);
    expect(take('a\nb\nc', 1.23456)).toEqual({ line: 1, ms: 1.23456 });
    expect(take('c', 2)).toBeNull();
    expect(take('\n\n', 3)).toEqual({ line: 4, ms: 3 });
    expect(take('d', 4)).toEqual({ line: 5, ms: 4 });
    expect(rowText({ line: 1, ms: 1.23456 })).toBe('[1,1.235]\n');
    expect(arrivals.newlines).toBe(4);
  });

  it('are told less finely once they are many, and are never further off than said', () => {
    const arrivals = new Arrivals();
    const line = Buffer.from('a\n');
    const pieces = 4 * rowsPerFineness;
    let rows = 0;
    let lastMs = 0;
    let worst = 0;
    for (let i = 0; i < pieces; i++) {
      const ms = i * 0.1;
      if (arrivals.take(line, ms) !== null) {
        rows++;
        lastMs = ms;
      }
      worst = Math.max(worst, ms - lastMs);
    }
    expect(rows).toBeLessThan(1.4 * rowsPerFineness);
    expect(rows).toBeGreaterThanOrEqual(rowsPerFineness);
    expect(worst).toBeLessThan(1);
  });
});

describe('arrival times of the end of a stream', () => {
  const ends = (pieces: number, bytes: number): LastArrivals => {
    const last = new LastArrivals(bytes);
    for (let i = 0; i < pieces; i++) last.add({ line: i + 1, ms: i }, i * 10);
    return last;
  };

  it('count from the row that a line begins in, with the numbers that lines have in the file', () => {
    const last = new LastArrivals(1_000);
    last.add({ line: 5, ms: 1 }, 40);
    last.add({ line: 9, ms: 2 }, 80);
    last.add({ line: 12, ms: 3 }, 120);
    expect(last.from(10, 3)).toEqual([
      { line: 3, ms: 2 },
      { line: 5, ms: 3 },
    ]);
    expect(last.from(5, 2)[0]).toEqual({ line: 2, ms: 1 });
    // The line began before there were rows: it has the time of the row before it in the file.
    expect(last.from(2, 7)[0]).toEqual({ line: 10, ms: 1 });
  });

  it('are few in memory, and those that are needed stay', () => {
    const last = ends(200_000, 10_000);
    expect(last.all.length).toBeLessThanOrEqual(16_384);
    // The last 10,000 bytes are the last thousand pieces.
    expect(last.from(199_001, 1)).toHaveLength(1_000);
    const coarse = ends(200_000, 1_000_000);
    expect(coarse.all.length).toBeLessThanOrEqual(16_384);
    const [first] = coarse.from(150_000, 1);
    expect(149_999 - (first?.ms ?? 0)).toBeLessThan(16);
  });
});
