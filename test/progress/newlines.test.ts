import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countNewlines } from '../../src/progress/newlines.js';

/** Lines short enough to be counted by words, then whatever comes. */
const shortLines = fc.array(fc.constantFrom('', 'a', 'ab', 'abc\u000b', '\u000a'), {
  minLength: 16,
  maxLength: 60,
});

test('line ends are counted wherever a piece begins and ends in its memory', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 9 }),
      shortLines,
      fc.uint8Array({ maxLength: 9 }),
      fc.boolean(),
      (offset, lines, tail, endsLine) => {
        const text = `${lines.join('\n')}${endsLine ? '\n' : ''}`;
        const memory = Buffer.concat([Buffer.alloc(offset, 10), Buffer.from(text), tail]);
        const piece = memory.subarray(offset);
        expect(countNewlines(piece)).toBe(piece.filter((byte) => byte === 10).length);
      },
    ),
    { numRuns: 500, seed: 1 },
  );
});

test.each([0, 1, 2, 3])(
  'a piece that ends before the first whole word, %i bytes into its memory',
  (offset) => {
    const memory = Buffer.alloc(offset + 17, 10);
    for (let end = offset; end <= memory.length; end += 1)
      expect(countNewlines(memory.subarray(offset, end))).toBe(end - offset);
  },
);
