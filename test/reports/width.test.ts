import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columns, pad, wrap, wrapWhole } from '../../src/reports/width.js';

test.each([
  ['abc', 3],
  ['57–100 %', 8],
  ['界', 2],
  ['한글', 4],
  ['👍', 2],
  ['e\u0301', 1],
  ['', 0],
])('%j takes %i columns', (text, expected) => {
  expect(columns(text)).toBe(expected);
});

test('padding counts columns', () => {
  expect(pad('界', 4)).toBe('界  ');
  expect(pad('5/5', 5, 'start')).toBe('  5/5');
  expect(pad('long', 2)).toBe('long');
});

test('lines break at blanks, within words that are too long, and not before a percent sign', () => {
  expect(wrap('clean, at most 45 %', 17)).toEqual(['clean, at most', '45 %']);
  expect(wrap('abcdefgh ij', 5)).toEqual(['abcde', 'fgh', 'ij']);
  expect(wrap('界界界', 5)).toEqual(['界界', '界']);
  expect(wrap('', 5)).toEqual(['']);
});

test('no line is wider than asked for, and no character is lost', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '界', '-', '%', '👍'), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 20 }), (words, width) => {
      const lines = wrap(words, width);
      for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(Math.max(width, 2));
      expect(lines.join('').replaceAll(' ', '')).toBe(words.replaceAll(' ', ''));
    }),
  );
});

test('a long name can be kept whole', () => {
  const text = `kept ${'x'.repeat(12)} and 5 % more`;
  expect(wrapWhole(text, 8)).toEqual(['kept', 'x'.repeat(12), 'and 5 %', 'more']);
});
