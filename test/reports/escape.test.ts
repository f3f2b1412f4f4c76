import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  codeCell,
  codeSpan,
  cut,
  fenced,
  link,
  prose,
  proseCell,
  shellWord,
  terminalLines,
  terminalText,
} from '../../src/reports/escape.js';

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b[',
      '\u001b]0;',
      '\u009b',
      '\u0007',
      '\r',
      '\n',
      '\u2028',
      '\u202e',
      '\u200b',
      '\0',
    ),
    fc.constantFrom(
      '`',
      '``',
      '```',
      '|',
      '\\',
      '<',
      '>',
      '@x',
      '#5',
      '[a](b)',
      '![',
      '&lt;',
      '~~~',
      '*',
      '_',
      '$',
    ),
    fc.constantFrom('a', ' ', '5', '/', 'ü', '界', '\ud800', '\u{e0041}'),
  ),
  maxLength: 30,
});

const forbidden =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}|[\u{e0000}-\u{e007f}]/u;

describe('for a terminal', () => {
  test.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['eight-bit CSI', '\u009b2Jx', 'x'],
    ['a title, ended by BEL or by ST', '\u001b]0;evil\u0007a\u001b]8;;http://x\u001b\\b', 'ab'],
    ['device control strings', '\u001bPq#0\u001b\\x', 'x'],
    ['a sequence that never ends', 'a\u001b]0;all of this', 'a'],
    ['lone escapes and charsets', '\u001bca\u001b(0b', 'ab'],
    ['carriage returns that overwrite', 'bad\rgood', 'bad good'],
    ['lines and tabs', 'a\n\tb', 'a b'],
    ['backspaces and NULs', 'a\b\0b', 'ab'],
    ['bidi controls', 'a\u202eb\u2066c', 'abc'],
    ['invisible text', 'a\u200bb\u{e0041}c', 'abc'],
    ['half surrogates', 'a\ud800b', 'ab'],
    ['nothing else', 'Größe 5 µs 界 👍', 'Größe 5 µs 界 👍'],
  ])('%s', (_, text, expected) => {
    expect(terminalText(text)).toBe(expected);
  });

  test('whatever the text is, nothing of the kind is left, also when it is escaped twice', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = terminalText(text);
        expect(safe).not.toMatch(forbidden);
        expect(terminalText(safe)).toBe(safe);
      }),
    );
  });

  test('several lines stay several', () => {
    expect(terminalLines('a\r\nb\u001b[2J\nc')).toEqual(['a', 'b', 'c']);
  });
});

describe('for Markdown', () => {
  test.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['`a', '`` `a ``'],
    ['a``', '``` a`` ```'],
    ['@name #5', '`@name #5`'],
    ['a\nb', '`a b`'],
    ['', '(empty)'],
    ['\u001b[31m', '(empty)'],
  ])('code span of %j', (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });

  test('a code span ends where it should, whatever is in it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const span = codeSpan(text);
        if (span === '(empty)') return;
        const fence = /^`+/.exec(span)?.[0] ?? '';
        const inner = span.slice(fence.length, -fence.length);
        expect(span.endsWith(fence)).toBe(true);
        expect(inner.match(/`+/g) ?? []).not.toContain(fence);
        expect(span).not.toMatch(forbidden);
      }),
    );
  });

  test('no text ends a table’s cell', () => {
    expect(codeCell('a|b')).toBe('<code>a&#124;b</code>');
    expect(codeCell('<b>|`@x`')).toBe('<code>&#60;b&#62;&#124;&#96;&#64;x&#96;</code>');
    fc.assert(
      fc.property(hostile, (text) => {
        expect(codeCell(text) + proseCell(text)).not.toMatch(/[|\n]/);
      }),
    );
  });

  test.each([
    ['Two builds at once, and COPY --from', 'Two builds at once, and COPY --from'],
    ['see @ada and #5', 'see `@ada and #5`'],
    ['at https://evil.example/x now', 'at `https://evil.example/x now`'],
    ['www.evil.example gh-12 0f6a1b2', '`www.evil.example gh-12 0f6a1b2`'],
    ['see (www.evil.example)', 'see `(www.evil.example)`'],
    ['at sha256:0f6a1b2 or (0f6a1b2)', 'at `sha256:0f6a1b2 or (0f6a1b2)`'],
    ['<img src=x> **bold** [a](b)', '`<img src=x> **bold** [a](b)`'],
    ['a :tada: 1. - x', 'a `:tada: 1. - x`'],
    ['plain\nlines', 'plain lines'],
  ])('prose %j', (text, expected) => {
    expect(prose(text)).toBe(expected);
  });

  test('prose holds no markup outside of its code spans', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const outside = prose(text).replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
        expect(outside).not.toMatch(/[`<>@#|*_[\]\\&$~]/);
      }),
    );
  });

  test('a fence is longer than any run of backticks in it', () => {
    expect(fenced(['a', '```', '`````x'])).toBe('``````text\na\n```\n`````x\n``````');
    expect(fenced(['\u001b[31mred'], 'sh')).toBe('```sh\nred\n```');
  });

  test.each([
    ['https://github.com/apple/container/issues/1542', '<https://github.com/apple/container/issues/1542>'],
    ['http://x.example/', '`http://x.example/`'],
    ['https://x.example/>@ada', '`https://x.example/>@ada`'],
    ['javascript:alert(1)', '`javascript:alert(1)`'],
  ])('link %j', (address, expected) => {
    expect(link(address)).toBe(expected);
  });
});

test.each([
  ['--opt', '--opt'],
  ['a b', "'a b'"],
  ["it's", "'it'\\''s'"],
  ['$(rm)', "'$(rm)'"],
  ['', "''"],
])('shell word %j', (word, expected) => {
  expect(shellWord(word)).toBe(expected);
});

test('a text is cut at characters, not within them', () => {
  expect(cut('👍👍👍', 2)).toBe('👍…');
  expect(cut('abc', 3)).toBe('abc');
});
