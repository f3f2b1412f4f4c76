import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atMostBytes } from '../../src/reports/octets.js';

test('a text that fits stays as it is', () => {
  expect(atMostBytes('a\n–\n', 6, 'cut')).toBe('a\n–\n');
});

test('one that does not loses whole lines, for a note', () => {
  expect(atMostBytes('one\ntwo\nthree\n', 12, 'cut\n')).toBe('one\ntwo\ncut\n');
  expect(atMostBytes('one\ntwo\n', 7, 'cut\n')).toBe('cut\n');
  expect(atMostBytes('one\ntwo\n', 4, 'cut\n')).toBe('cut\n');
  expect(atMostBytes('one\ntwo\n', 3, 'cut\n')).toBe('');
});

test('it is never longer, and holds nothing but whole lines and the note', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'é', '–', '😀') });
  fc.assert(
    fc.property(fc.array(line), fc.nat(60), (lines, limit) => {
      const text = lines.map((one) => `${one}\n`).join('');
      const kept = atMostBytes(text, limit, '…\n');
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(limit);
      if (kept !== text && kept !== '') {
        const whole = kept.slice(0, -'…\n'.length);
        expect(kept.endsWith('…\n')).toBe(true);
        expect(text.startsWith(whole) && (whole === '' || whole.endsWith('\n'))).toBe(true);
      }
    }),
  );
});
