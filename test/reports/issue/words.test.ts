import { expect, test } from 'vitest';
import { authorText, htmlCode } from '../../../src/reports/issue/words.js';

test.each([
  ['Two `container build` runs (`a` and `b`), see.', 'Two `container build` runs (`a` and `b`), see.'],
  ['It was "successfully" built. By @ada: now.', 'It was "successfully" built. By `@ada:` now.'],
  ['`a``b`', '`a` `b`'],
  ['an `open end', 'an `` `open end ``'],
])('an author’s %j', (raw, expected) => {
  expect(authorText(raw)).toBe(expected);
});

test('code in HTML holds no markup', () => {
  expect(htmlCode('</code>@a#5')).toBe('<code>&#60;&#47;code&#62;&#64;a&#35;5</code>');
});
