import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { element, xmlAttribute, xmlDocument, xmlText } from '../../src/reports/xml.js';

/** Code units from all over, halves of pairs and controls too. */
const anyText = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(']]>', '&', '<', '>', '"', "'", '&#0;', '&amp;', '\r\n', '\t', '\0', '\u001b[31m'),
  }),
);

/** What a parser makes of the five references that are written. */
function read(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

/** The text as XML 1.0 can hold it, character by character. */
function held(text: string): string {
  return [...text]
    .map((character) => (isChar(character.codePointAt(0) ?? 0) ? character : '\ufffd'))
    .join('');
}

/** Production 2 of XML 1.0. */
function isChar(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000;
}

test('whatever a text holds, a parser reads it back, and nothing in it is markup', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const written = xmlText(text);
      expect(read(written)).toBe(held(text));
      expect(written.replace(/&#\d+;/g, '')).not.toMatch(/[&<>\r]/);
    }),
    { numRuns: 2000 },
  );
});

test('in an attribute no quote ends it, and white space stays what it is', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const written = xmlAttribute(text);
      expect(read(written)).toBe(held(text));
      expect(written.replace(/&#\d+;/g, '')).not.toMatch(/[&<>"\t\n\r]/);
    }),
    { numRuns: 2000 },
  );
});

describe.each([
  ['a NUL', 'a\0b', 'a\ufffdb'],
  ['an escape sequence', '\u001b[1m', '\ufffd[1m'],
  ['half of a pair', 'a\ud83d', 'a\ufffd'],
  ['the other half', '\ude00a', '\ufffda'],
  ['a whole pair', '\ud83d\ude00', '\ud83d\ude00'],
  ['no characters', '\ufffe\uffff', '\ufffd\ufffd'],
  ['the end of a CDATA section', ']]>', ']]&#62;'],
  ['markup', '<a b="c">&amp;', '&#60;a b="c"&#62;&#38;amp;'],
  ['ends of lines', 'a\r\nb\rc', 'a&#13;\nb&#13;c'],
])('%s', (_, text, written) => {
  test('is written so that it can be read', () => {
    expect(xmlText(text)).toBe(written);
  });
});

test('elements are indented, but not where text is in them', () => {
  const root = element('a', { b: 1, c: null, d: 'x"y' }, [
    element('e', {}),
    element('f', {}, ['  text\n ', element('g', {})]),
  ]);
  expect(xmlDocument(root)).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<a b="1" d="x&#34;y">\n  <e/>\n  <f>  text\n <g/></f>\n</a>\n',
  );
});
