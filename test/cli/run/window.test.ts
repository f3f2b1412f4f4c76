import { describe, expect, it } from 'vitest';
import { stoppingChoice } from '../../../src/cli/run/stopping.js';
import { type WindowValues, windowChoice } from '../../../src/cli/run/window.js';

const nothing = {
  seed: undefined,
  until: undefined,
  p0: undefined,
  p1: undefined,
  iterations: undefined,
  delay: undefined,
  sweep: undefined,
  baseline: undefined,
  window: undefined,
  'max-iterations': undefined,
  'max-time': undefined,
  shard: undefined,
  'find-window': false,
};
const asked = (more: Partial<WindowValues> = {}): WindowValues => ({
  ...nothing,
  'find-window': true,
  ...more,
});

describe('--find-window', () => {
  it('is off, unless it is asked for', () => {
    expect(windowChoice(nothing)).toBeNull();
  });

  it('looks from 0 to 1 s in 100 iterations, or as the user says', () => {
    expect(windowChoice(asked())).toEqual({ range: { fromMs: 0, toMs: 1_000 }, maxIterations: 100 });
    expect(windowChoice(asked({ window: '20ms..1.5s', 'max-iterations': '40' }))).toEqual({
      range: { fromMs: 20, toMs: 1_500 },
      maxIterations: 40,
    });
    expect(windowChoice(asked({ window: '0..300ms' }))?.range).toEqual({ fromMs: 0, toMs: 300 });
  });

  it.each([
    [{ window: '300ms' }, 'expected two delays such as 0ms..300ms'],
    [{ window: '0ms..1s..2s' }, 'expected two delays'],
    [{ window: '-5ms..1s' }, 'expected two delays'],
    [{ window: '0ms..1' }, 'expected two delays'],
    [{ window: '300ms..300ms' }, 'the first delay has to be below the second'],
    [{ window: '0ms..2h' }, 'at most 1h'],
    [{ 'max-iterations': '0' }, '--max-iterations 0'],
    [{ until: 'first' }, '--find-window does not go with --until'],
    [{ sweep: ['lanes=2'] }, '--find-window does not go with --sweep'],
    [{ shard: '1/2' }, '--find-window does not go with --shard'],
    [{ baseline: 'auto' }, '--find-window does not go with --baseline'],
    [{ delay: '50ms' }, '--find-window does not go with --delay'],
  ])('refuses %j', (more, expected) => {
    expect(() => windowChoice(asked(more))).toThrow(expected);
  });

  it('is what --window goes with', () => {
    expect(() => windowChoice({ ...nothing, window: '0ms..1s' })).toThrow('--window goes with --find-window');
  });

  it('takes --max-iterations, which goes with --until else, and ends after 30 minutes unless told', () => {
    const values = { ...nothing, 'max-iterations': '40' };
    expect(() => stoppingChoice(values)).toThrow('--max-iterations goes with --until');
    expect(stoppingChoice({ ...values, 'find-window': true })).toMatchObject({
      maxIterations: null,
      maxTimeMs: 1_800_000,
      stopping: { rule: 'fixed' },
    });
    expect(stoppingChoice({ ...values, 'find-window': true, 'max-time': '5m' }).maxTimeMs).toBe(300_000);
    expect(stoppingChoice(nothing).maxTimeMs).toBeNull();
    expect(() => stoppingChoice({ ...nothing, 'find-window': true, p0: '0.1' })).toThrow('--p0 goes with');
  });
});
