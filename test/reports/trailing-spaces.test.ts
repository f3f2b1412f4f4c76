import { expect, it } from 'vitest';
import { withoutTrailingSpaces } from '../../src/reports/trailing-spaces.js';

it('lines lose the spaces at their ends, and nothing else', () => {
  expect(withoutTrailingSpaces(['a  b  ', ' c\t', '   ', 'd \ne  '])).toBe('a  b\n c\t\n\nd\ne');
});

it('a line of spaces with something behind them is looked at once', () => {
  const line = `${' '.repeat(2_000_000)}x`;
  // Once for each space, that were hours.
  expect(withoutTrailingSpaces([line])).toBe(line);
});
