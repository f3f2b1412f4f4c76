import { describe, expect, it } from 'vitest';
import { type BaselineValues, baselineChoice } from '../../../src/cli/run/baseline.js';

const asked = (more: Partial<BaselineValues>): BaselineValues => ({
  baseline: undefined,
  margin: undefined,
  until: undefined,
  shard: undefined,
  'fail-on': 'never',
  ...more,
});

describe('--baseline', () => {
  it('is what a run is held against, at 20 points or as the user says', () => {
    expect(baselineChoice(asked({}))).toBeNull();
    expect(baselineChoice(asked({ baseline: 'auto' }))).toEqual({ named: 'auto', margin: 0.2 });
    expect(baselineChoice(asked({ baseline: 'x', margin: '5' }))).toEqual({ named: 'x', margin: 0.05 });
    // Without it, both are a run's own affair.
    expect(baselineChoice(asked({ until: 'first', shard: '1/2' }))).toBeNull();
  });

  it.each([
    [{ until: 'first' }, '--baseline does not go with --until: counts that end because of what showed'],
    [{ shard: '1/2' }, '--baseline does not go with --shard: a part is compared once it is merged'],
  ])('does not go with %j', (more, sentence) => {
    expect(() => baselineChoice(asked({ baseline: 'auto', ...more }))).toThrow(sentence);
  });
});
