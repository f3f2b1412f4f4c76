import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contextLines, LogReader, maxWanted, readLogText } from '../../src/details/log-reader.js';
import { shortLine } from '../../src/details/text-block.js';
import { LineSplitter } from '../../src/progress/lines.js';
import { decodeLine, isClipped } from '../../src/progress/text.js';
import type { LogPiece } from '../../src/results/log-text.js';

const numbersOf = (pieces: readonly LogPiece[]) =>
  pieces.flatMap(({ firstLine, lines }) => lines.map((_, i) => firstLine + i));
const rangesOf = (pieces: readonly LogPiece[]) =>
  pieces.map(({ firstLine, lines }) => [firstLine, firstLine + lines.length - 1]);
const charactersOf = (pieces: readonly LogPiece[]) =>
  pieces.flatMap(({ lines }) => lines).reduce((sum, line) => sum + line.length + 1, 0);

function read(bytes: Buffer | string, most: number, wanted: readonly number[] = [], chunk = 7) {
  const reader = new LogReader(most, wanted);
  const all = Buffer.from(bytes);
  for (let at = 0; at < all.length; at += chunk) reader.push(all.subarray(at, at + chunk));
  return reader.end();
}

/** Lines `1`, `2`, … of ten characters, with their ends. */
const numbered = (count: number) =>
  Array.from({ length: count }, (_, i) => `${String(i + 1).padEnd(8, '.')}x\n`).join('');

test('a log that fits is kept whole, in one piece', () => {
  expect(read('a\nb\r\n\nc', 100)).toEqual({
    lines: 4,
    pieces: [{ firstLine: 1, lines: ['a', 'b', '', 'c'] }],
  });
});

test('an empty log has no lines and no pieces', () => {
  expect(read('', 100)).toEqual({ lines: 0, pieces: [] });
});

test('of a log that does not fit, head and tail are kept, half of the characters each', () => {
  const { lines, pieces } = read(numbered(100), 200);
  expect(lines).toBe(100);
  expect(rangesOf(pieces)).toEqual([
    [1, 10],
    [91, 100],
  ]);
});

test('what is wanted stays with its surroundings', () => {
  expect(rangesOf(read(numbered(1000), 200, [500, 505]).pieces)).toEqual([
    [1, 10],
    [500 - contextLines, 505 + contextLines],
    [991, 1000],
  ]);
});

test.each([1, 5, 9, 10, 11, 19, 20, 21, 22, 40, 79, 80, 81, 89, 90, 91, 100])(
  'the surroundings of line %i are there once and in order, at the borders of head and tail too',
  (wanted) => {
    const { pieces } = read(numbered(100), 200, [wanted, wanted]);
    const numbers = numbersOf(pieces);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    const near = (line: number) =>
      line >= Math.max(1, wanted - contextLines) && line <= wanted + contextLines;
    expect(numbers).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1).filter((line) => line <= 10 || line > 90 || near(line)),
    );
    for (const { firstLine, lines } of pieces)
      for (const [i, text] of lines.entries()) expect(text).toMatch(new RegExp(`^${firstLine + i}\\.`));
    // A piece begins only where a line is missing in front of it.
    for (const [i, { firstLine }] of pieces.entries())
      expect(numbers.includes(firstLine - 1) && i > 0).toBe(false);
  },
);

test('with no room at all, only what is wanted is kept', () => {
  expect(rangesOf(read(numbered(100), 0, [50]).pieces)).toEqual([[50 - contextLines, 50 + contextLines]]);
});

test('lines that fit behind dropped ones do not join the head', () => {
  const long = `${'l'.repeat(50)}\n`;
  const { pieces } = read(`short\n${long.repeat(8_194)}a\n${long}b\n`, 40, [5_000], 4096);
  const numbers = numbersOf(pieces);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(pieces[0]).toEqual({ firstLine: 1, lines: ['short'] });
  expect(numbers.at(-1)).toBe(8_198);
  expect(numbers).not.toContain(8_196);
});

test('only the first of very many wanted lines are kept', () => {
  const wanted = Array.from({ length: 1000 }, (_, i) => 1 + i * 50);
  const { pieces } = read(numbered(50_000), 0, wanted, 65_536);
  expect(numbersOf(pieces)).toContain(1 + (maxWanted - 1) * 50);
  expect(numbersOf(pieces)).not.toContain(1 + maxWanted * 50);
});

describe('what is no tidy text', () => {
  test('a very long line is clipped, and so are its costs', () => {
    const { lines, pieces } = read(`a\n${'x'.repeat(5_000_000)}\nb\n`, 20_000, [2], 65_536);
    expect(lines).toBe(3);
    expect(charactersOf(pieces)).toBeLessThan(5_000);
    expect(pieces[0]?.lines[1]).toMatch(/^x+…$/);
  });

  test('bytes that are no UTF-8 become replacement characters', () => {
    expect(read(Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x0a, 0xc3]), 100).pieces).toEqual([
      { firstLine: 1, lines: ['a��b', '�'] },
    ]);
  });

  test('NUL bytes stay what they are', () => {
    expect(read('a\0b\n\0\n', 100).pieces).toEqual([{ firstLine: 1, lines: ['a\0b', '\0'] }]);
  });

  test('UTF-16 with its mark is read as text', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('#1 a\r\n#2 ü\r\n', 'utf16le')]);
    expect(read(bytes, 100)).toEqual({ lines: 2, pieces: [{ firstLine: 1, lines: ['#1 a', '#2 ü'] }] });
  });

  test('terminal escapes go', () => {
    expect(read('\x1b[31mred\x1b[0m\n', 100).pieces).toEqual([{ firstLine: 1, lines: ['red'] }]);
  });
});

test('a stream of many empty lines costs as much as any other', async () => {
  async function* chunks() {
    for (let i = 0; i < 10; i++) yield Buffer.alloc(100_000, '\n');
  }
  const { lines, pieces } = await readLogText(chunks(), 1_000, []);
  expect(lines).toBe(1_000_000);
  expect(charactersOf(pieces)).toBe(1_000);
});

test('lines that are too long to be kept whole are counted, those that are not kept too', () => {
  const long = (length: number) => `${'x'.repeat(length)}\n`;
  const log = `${long(4096)}${long(4097)}short …\n${long(9_000)}${'é'.repeat(3_000)}\n`;
  expect(read(log, 100_000, [], 1_000).clipped).toBe(2);
  expect(read(log, 0, [], 1_000).clipped).toBe(2);
  // Half of a surrogate pair goes as well: what is left is one shorter.
  expect(read(`${'x'.repeat(4094)}😀😀\n`, 100_000).clipped).toBe(1);
});

test('an error of the stream is passed on', async () => {
  async function* chunks() {
    yield Buffer.from('a\n');
    throw new Error('gone');
  }
  await expect(readLogText(chunks(), 100, [])).rejects.toThrow('gone');
});

describe('whole chunks are read as line by line', () => {
  /** What is to be kept, told from all lines at once. */
  function expected(bytes: Buffer, most: number, wanted: readonly number[]) {
    const all: string[] = [];
    const splitter = new LineSplitter({ line: (...[from, a, b]) => all.push(decodeLine(from, a, b)) });
    splitter.push(bytes);
    splitter.end();
    const fitting = (lines: readonly string[]) => {
      let cost = 0;
      let count = 0;
      for (const { length } of lines) {
        cost += length + 1;
        if (cost > most / 2) break;
        count += 1;
      }
      return count;
    };
    const head = fitting(all);
    const tail = fitting(all.slice(head).reverse());
    const kept = all.flatMap((text, i) => {
      const isNear = wanted.some((line) => Math.abs(line - i - 1) <= contextLines);
      return i < head || i >= all.length - tail || isNear ? [[i + 1, text]] : [];
    });
    return { lines: all.length, kept, clipped: all.filter(isClipped).length };
  }

  const line = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom('', 'a', 'abcd', '#7 0.123 some output of a step', 'x'.repeat(60)),
    },
    fc.constantFrom(
      'end ',
      'end\t\r',
      '\r',
      '\0\v',
      '\x1b[32mgreen\x1b[0m ',
      '\x1b]0;',
      'é €',
      '😀',
      '\u2028',
      '\ufeff',
    ),
    fc.constantFrom(
      ...[-1, 0, 1].map((more) => 'y'.repeat(shortLine + more)),
      'z'.repeat(4095),
      'é'.repeat(4097),
    ),
    fc.constantFrom(`${'x'.repeat(20_000)}\r\r`, `\x1b[1m${' '.repeat(30_000)}`, `${'x'.repeat(4096)}…`),
  );
  const bytes = fc
    .array(
      fc.oneof(
        line.map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 9 }).map((all) => Buffer.from(all)),
      ),
      {
        maxLength: 120,
      },
    )
    // A mark of an encoding at the beginning would be none of its text.
    .map((lines) => Buffer.concat([Buffer.from('log'), ...lines.flatMap((one) => [Buffer.from('\n'), one])]));

  test('whatever stands in them and wherever they end', () => {
    const wanted = fc.array(fc.integer({ min: 1, max: 130 }), { maxLength: 3 });
    const most = fc.constantFrom(0, 1, 7, 100, 2_001, 12_000, Number.POSITIVE_INFINITY);
    const chunk = fc.constantFrom(1_000, 4_096, 65_536);
    fc.assert(
      fc.property(bytes, most, wanted, chunk, (log, room, lines, size) => {
        const found = read(log, room, lines, size);
        const kept = found.pieces.flatMap((piece) =>
          piece.lines.map((text, i) => [piece.firstLine + i, text]),
        );
        expect({ lines: found.lines, kept, clipped: found.clipped ?? 0 }).toEqual(expected(log, room, lines));
      }),
      { seed: 7, numRuns: 400 },
    );
  });

  test('of very short lines fewer are kept than there is room for characters', () => {
    const block = Buffer.from('abcd\n'.repeat(50_000));
    const reader = new LogReader(1_000_000, [300_000]);
    for (let i = 0; i < 40; i++) reader.push(Buffer.from(block));
    expect(rangesOf(reader.end().pieces)).toEqual([
      [1, 31_250],
      [300_000 - contextLines, 300_000 + contextLines],
      [1_968_751, 2_000_000],
    ]);
  });
});
