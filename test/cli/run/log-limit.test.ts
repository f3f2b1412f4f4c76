import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLogBytes, logLimit, logLimitWords } from '../../../src/cli/run/log-limit.js';
import { UserError } from '../../../src/errors.js';

describe('--max-log', () => {
  it('takes decimal and binary sizes', () => {
    const sizes = ['64kB', '64KB', '64KiB', '256MB', '1.5 GB', '1GiB', '2TiB', '70001B'].map(logLimit);
    expect(sizes).toEqual([
      ...[64_000, 64_000, 65_536, 256_000_000, 1_500_000_000, 2 ** 30, 2 ** 41, 70_001],
    ]);
    expect(logLimit(undefined)).toBe(256_000_000);
  });

  it.each(['', '0B', '1000B', '63kB', '-1MB', '1e9B', 'MB', '9999999TB', '1..5GB', 'all'])(
    'refuses %j',
    (value) => {
      expect(() => logLimit(value)).toThrow(/^--max-log .*: expected a size such as 64kB, 256MB or 1GiB/);
    },
  );

  it.each([
    ['64000', 'the unit is missing'],
    ['0', 'the unit is missing'],
    ['1K', 'there is no unit K'],
    ['64 k', 'there is no unit k'],
    ['1iB', 'there is no unit iB'],
    ['256MBit', 'there is no unit MBit'],
    ['1constructor', 'there is no unit constructor'],
  ])('says what is wrong with the unit of %j, and which there are', (value, wrong) => {
    expect(() => logLimit(value)).toThrow(
      new UserError(`--max-log ${value}: ${wrong}; the units are B, kB, MB, GB, TB, KiB, MiB, GiB, TiB`),
    );
  });

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
