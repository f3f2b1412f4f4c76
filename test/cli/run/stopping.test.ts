import { describe, expect, test } from 'vitest';
import { type StoppingValues, stoppingChoice } from '../../../src/cli/run/stopping.js';

const none: StoppingValues = {
  seed: undefined,
  until: undefined,
  p0: undefined,
  p1: undefined,
  iterations: undefined,
  'max-iterations': undefined,
  'max-time': undefined,
  shard: undefined,
  'find-window': false,
};
const choice = (more: Partial<StoppingValues>) => stoppingChoice({ ...none, ...more });

describe('how long a run goes on', () => {
  test('without a word: a fixed number, without a limit of time', () => {
    expect(choice({})).toEqual({
      seed: null,
      stopping: { rule: 'fixed' },
      maxTimeMs: null,
      shard: null,
      maxIterations: null,
    });
  });

  test('until the verdict: with both rates, and always with limits', () => {
    expect(choice({ until: 'verdict' })).toMatchObject({
      stopping: { rule: 'verdict', p0: 0.05, p1: 0.3, error: 0.05 },
      maxTimeMs: 1_800_000,
      maxIterations: 1_000,
    });
    expect(
      choice({ until: 'verdict', p0: '0.01', p1: '0.5', 'max-iterations': '40', 'max-time': '90s' }),
    ).toMatchObject({
      stopping: { rule: 'verdict', p0: 0.01, p1: 0.5 },
      maxTimeMs: 90_000,
      maxIterations: 40,
    });
    expect(choice({ until: 'first' })).toMatchObject({ stopping: { rule: 'first' }, maxTimeMs: 1_800_000 });
  });

  test.for([
    [{ until: 'verdict', p0: '0.3', p1: '0.3' }, /p0 has to be below p1/],
    [{ until: 'verdict', p0: '0.5' }, /p0 has to be below p1/],
    [{ until: 'verdict', p0: '0' }, /--p0 0: expected a rate between 0 and 1/],
    [{ until: 'verdict', p1: '1' }, /--p1 1: expected a rate between 0 and 1/],
    [{ until: 'verdict', p1: '' }, /expected a rate/],
    [{ until: 'verdict', iterations: '5' }, /--max-iterations/],
    [{ until: 'verdict', shard: '1/2' }, /--shard takes a fixed number/],
    [{ until: 'first', p0: '0.1' }, /--p0 goes with --until verdict/],
    [{ until: 'first', p1: '0.1' }, /--p1 goes with --until verdict/],
    [{ p1: '0.3' }, /--p1 goes with --until/],
    [{ 'max-iterations': '9' }, /--max-iterations goes with --until/],
    [{ 'max-time': '0' }, /expected more than nothing/],
    [{ 'max-time': 'soon' }, /expected a duration/],
    [{ seed: '-1' }, /--seed -1: expected a whole number/],
    [{ seed: '4294967296' }, /expected a whole number/],
    [{ seed: '1e3' }, /expected a whole number/],
    [{ shard: '9/8' }, /--shard 9\/8: expected a part/],
    [{ shard: '0/8' }, /expected a part/],
    [{ shard: '2' }, /expected a part/],
    [{ shard: '1/2/3' }, /expected a part/],
  ] as const)('%j is refused', ([values, message]) => {
    expect(() => choice(values)).toThrow(message);
  });

  test('takes seeds of 32 bits, and parts', () => {
    expect(choice({ seed: '4294967295', shard: '8/8' })).toMatchObject({
      seed: 4_294_967_295,
      shard: { index: 8, of: 8 },
    });
  });
});
