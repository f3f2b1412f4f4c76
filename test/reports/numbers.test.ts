import { expect, test } from 'vitest';
import { atMostText, counted, percentText, pText, rangeText } from '../../src/reports/numbers.js';
import { atMost, wilson } from '../../src/stats/interval.js';

test.each([
  [5, 5, '57–100 %'],
  [0, 5, '0–43 %'],
  [18, 140, '8–19 %'],
  [0, 1000, '0.0–0.4 %'],
  [3, 100_000, '0.001–0.009 %'],
])('%i of %i: %s', (k, n, expected) => {
  const { low, high } = wilson(k, n);
  expect(rangeText(low, high)).toBe(expected);
});

test.each([
  [5, 'at most 45 %'],
  [60, 'at most 5 %'],
  [1000, 'at most 0.3 %'],
  [100_000, 'at most 0.003 %'],
])('none of %i: %s', (n, expected) => {
  expect(atMostText(atMost(0, n))).toBe(expected);
});

test.each([
  [0.00795, 'p = 0.008'],
  [0.000999, 'p < 0.001'],
  [0.168, 'p = 0.17'],
  [1, 'p > 0.99'],
])('%d: %s', (p, expected) => {
  expect(pText(p)).toBe(expected);
});

test('counts agree with their nouns', () => {
  expect([counted(1, 'build'), counted(0, 'build'), counted(2, 'find', 'finds')]).toEqual([
    '1 build',
    '0 builds',
    '2 finds',
  ]);
});

test.each([
  [0.05, '5 %'],
  [0.07, '7 %'],
  [0.28, '28 %'],
  [0.29, '29 %'],
  [0.025, '2.5 %'],
  [0.49999999, '49.999999 %'],
  [0.9999999999999999, '99.99999999999999 %'],
  [1e-7, '0.00001 %'],
])('%d, as somebody gave it, is %s', (rate, text) => {
  expect(percentText(rate)).toBe(text);
});
