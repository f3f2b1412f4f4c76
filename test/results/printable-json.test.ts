import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printableJson, printableJsonPieces } from '../../src/results/printable-json.js';

const whole = (value: unknown): string => [...printableJsonPieces(value)].join('');

test('pieces are together the same text, whatever the value is', () => {
  fc.assert(
    fc.property(
      fc.anything({ maxDepth: 6, withNullPrototype: true, withUnicodeString: true }),
      (anything) => {
        // What JSON cannot tell at all is no document.
        fc.pre(typeof JSON.stringify(anything) === 'string');
        expect(whole(anything)).toBe(printableJson(anything));
      },
    ),
  );
});

test('what has no word in JSON, tells itself, or would act on a terminal is told the same in pieces', () => {
  const value = {
    left: undefined,
    list: [undefined, () => 1, Symbol('a'), null, new Date(0), [], {}, [[]], { none: undefined }],
    '\u202ekey"\n': { a: { b: { c: { d: { e: ['\u202e\n##[x]', 1] } } } } },
    empty: {},
  };
  expect(whole(value)).toBe(printableJson(value));
});

test('a long list comes in many pieces, none of which is long', () => {
  const value = {
    logs: [{ steps: Array.from({ length: 20_000 }, (_, index) => ({ index, text: 'RUN make' })) }],
  };
  const pieces = [...printableJsonPieces(value)];
  expect(pieces.length).toBeGreaterThan(10);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
  expect(pieces.join('')).toBe(printableJson(value));
});
