import { expect, it } from 'vitest';
import {
  delaysOption,
  durationOption,
  iterationOption,
  lanesOption,
  listed,
  oneArm,
} from '../../src/cli/options.js';
import { UserError } from '../../src/errors.js';

const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  throw new Error('it was taken');
};

it.each(['0', '257', '1000000', '-4', '1.5', '1e2', 'many', ''])('%j is no number of lanes', (value) => {
  expect(refusal(() => lanesOption(value))).toBe(`--lanes ${value}: expected a whole number from 1 to 256`);
});

it('counts are taken up to their limits', () => {
  expect(['1', '256'].map(lanesOption)).toEqual([1, 256]);
  expect(iterationOption('100000')).toBe(100_000);
  expect(lanesOption(undefined)).toBeNull();
});

it('delays need a unit, each of them', () => {
  expect(delaysOption('0ms, 50ms')).toEqual([0, 50]);
  expect(delaysOption(undefined)).toBeNull();
  for (const [value, wrong] of [
    ['50', '50'],
    ['0ms,50', '50'],
    ['0ms,', ''],
  ] as const)
    expect(refusal(() => delaysOption(value))).toBe(
      `--delay ${wrong}: expected a duration such as 50ms, 90s or 10m, at most 480h`,
    );
  expect(durationOption('max-time', '10m')).toBe(600_000);
  for (const endless of ['999999999999h', `${'9'.repeat(400)}s`])
    expect(refusal(() => durationOption('max-time', endless))).toContain('at most 480h');
});

it('lists are put together of all that is given', () => {
  expect(listed(['a,b', ' c '])).toEqual(['a', 'b', 'c']);
});

it('one arm is one arm', () => {
  expect([oneArm('x'), oneArm(undefined)]).toEqual(['x', null]);
  expect(refusal(() => oneArm(['x', 'y']))).toContain('--arm is given twice');
});
