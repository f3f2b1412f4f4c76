import { expect, test } from 'vitest';
import { bytesText } from '../../src/reports/bytes.js';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 kB'],
  [12_345, '12.3 kB'],
  [4_000_000_000, '4.0 GB'],
  [5e15, '5000.0 TB'],
])('%d', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
