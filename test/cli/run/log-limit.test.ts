import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLogBytes, logLimit, logLimitWords } from '../../../src/cli/run/log-limit.js';

describe('--max-log', () => {
  it('takes decimal and binary sizes', () => {
    const sizes = ['64kB', '64KB', '64KiB', '256MB', '1.5 GB', '1GiB', '2TiB', '70001B'].map(logLimit);
    expect(sizes).toEqual([
      ...[64_000, 64_000, 65_536, 256_000_000, 1_500_000_000, 2 ** 30, 2 ** 41, 70_001],
    ]);
    expect(logLimit(undefined)).toBe(256_000_000);
  });

  it.each(['', '0', '1000', '63kB', '-1MB', '1e9B', '256', 'MB', '256MBit', '9999999TB', '1..5GB', 'all'])(
    'refuses %j',
    (value) => {
      expect(() => logLimit(value)).toThrow(/^--max-log .*: expected a size such as 64kB, 256MB or 1GiB/);
    },
  );

  it('is said again by a command line where it is not the default', () => {
    expect(logLimitWords(defaultLogBytes)).toEqual([['max-log', undefined]]);
    expect(logLimitWords(null)).toEqual([['max-log', undefined]]);
    fc.assert(
      fc.property(fc.integer({ min: 64_000, max: 2 ** 40 }), (bytes) => {
        const [[, said] = []] = logLimitWords(bytes);
        expect(logLimit(said)).toBe(bytes);
      }),
    );
    const [[, said] = []] = logLimitWords(2 ** 30);
    expect(said).toBe('1GiB');
  });
});
