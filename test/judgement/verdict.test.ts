import { describe, expect, it } from 'vitest';
import { outcomesOf } from '../../src/judgement/course.js';
import type { ArmCounts } from '../../src/judgement/verdict.js';
import { judgeSignal, strongest } from '../../src/judgement/verdict.js';
import type { SignalResult } from '../../src/results/result.js';
import { boschloo } from '../../src/stats/boschloo.js';
import { confidenceSequence } from '../../src/stats/confidence-sequence.js';
import { atMost, wilson } from '../../src/stats/interval.js';
import { runsTest } from '../../src/stats/runs-test.js';
import { armCounts, tally } from './sample-judgement.js';

const signal = 'platform-drift';

/** The reproduce arm `main` with k of n, judged beside other arms. */
function judged(
  [count, of, blind = 0]: readonly [number, number, number?],
  others: readonly ArmCounts[] = [],
  more: Partial<ArmCounts> = {},
): SignalResult {
  const main = armCounts({ tallies: [tally(signal, count, of, blind)], ...more });
  return judgeSignal(main, tally(signal, count, of, blind), [main, ...others]);
}

const belonging = (role: 'control' | 'alone', count: number, of: number, name: string = role): ArmCounts =>
  armCounts({ name, role, of: 'main', expects: [], tallies: [tally(signal, count, of)] });

describe('the verdict', () => {
  it('is reproduced where it was seen once, however few iterations were valid', () => {
    expect(judged([5, 5]).verdict).toBe('reproduced');
    expect(judged([1, 5]).verdict).toBe('reproduced');
    expect(judged([1, 1], [], { planned: 100, valid: 1 }).verdict).toBe('reproduced');
  });

  it('is not-reproduced where it was not seen in half of the planned iterations', () => {
    expect(judged([0, 5]).verdict).toBe('not-reproduced');
    expect(judged([0, 5], [], { planned: 10, valid: 5 }).verdict).toBe('not-reproduced');
    expect(judged([0, 1, 4]).verdict).toBe('not-reproduced');
  });

  it('is inconclusive where fewer than half were valid', () => {
    expect(judged([0, 4], [], { planned: 10, valid: 4 }).verdict).toBe('inconclusive');
    expect(judged([0, 2], [], { planned: 5, valid: 2 }).verdict).toBe('inconclusive');
    expect(judged([0, 0], [], { planned: 5, valid: 0 }).verdict).toBe('inconclusive');
  });

  it('is inconclusive where all valid ones were blind', () => {
    expect(judged([0, 0, 5]).verdict).toBe('inconclusive');
  });

  it('is none where a part of a plan has no iteration of the arm', () => {
    expect(judged([0, 0], [], { planned: 0, valid: 0 }).verdict).toBeNull();
  });

  it('is none of a signal that is not expected, nor of a control or an alone arm', () => {
    expect(judged([5, 5], [], { expects: ['hang'] })).toMatchObject({ verdict: null, expected: false });
    for (const role of ['control', 'alone'] as const) {
      const arm = belonging(role, 5, 5);
      expect(judgeSignal(arm, tally(signal, 5, 5), [armCounts({ tallies: [] }), arm])).toMatchObject({
        verdict: null,
        expected: false,
      });
    }
  });

  it('of a run is the strongest', () => {
    expect(strongest(['not-reproduced', 'inconclusive', 'reproduced'])).toBe('reproduced');
    expect(strongest(['not-reproduced', null, 'inconclusive'])).toBe('inconclusive');
    expect(strongest([null, 'not-reproduced'])).toBe('not-reproduced');
    expect(strongest([null, null])).toBeNull();
    expect(strongest([])).toBeNull();
  });
});

describe('what stands beside a count', () => {
  it('is Wilson’s interval at 95 %, or none of nothing', () => {
    expect(judged([1, 5]).interval).toEqual(wilson(1, 5));
    expect(judged([1, 5]).interval).toMatchObject({ level: 0.95, method: 'wilson' });
    expect(judged([0, 0, 5]).interval).toBeNull();
  });

  it('is what it is at most where it was not seen: 0.451 at 0 of 5, in any arm', () => {
    expect(judged([0, 5]).atMost).toBeCloseTo(0.4507, 4);
    expect(judged([0, 1]).atMost).toBeCloseTo(0.95, 10);
    expect(judged([0, 4], [], { planned: 100, valid: 4 }).atMost).toBeCloseTo(1 - 0.05 ** (1 / 4), 10);
    const control = belonging('control', 0, 5);
    expect(judgeSignal(control, tally(signal, 0, 5), [control]).atMost).toBeCloseTo(0.4507, 4);
    expect(judged([0, 5], [], { expects: [] }).atMost).toBeCloseTo(0.4507, 4);
  });

  it('is no such limit where it was seen, or nobody could look', () => {
    expect(judged([1, 5]).atMost).toBeNull();
    expect(judged([0, 0, 5]).atMost).toBeNull();
  });

  it('is the tally as it was counted', () => {
    const counts = { ...tally(signal, 1, 3, 2), blindReasons: [{ reason: 'cut', count: 2 }], examples: [] };
    const main = armCounts({ tallies: [counts] });
    expect(judgeSignal(main, counts, [main])).toMatchObject({
      signal,
      expected: true,
      iterations: { count: 1, of: 3, blind: 2 },
      builds: { count: 1, of: 6 },
      blindReasons: [{ reason: 'cut', count: 2 }],
      examples: [],
    });
  });
});

describe('a control', () => {
  it('is dirty where it shows what its reproduce arm expects, clean where it does not', () => {
    expect(judged([5, 5], [belonging('control', 1, 5)]).controlDirty).toBe(true);
    expect(judged([5, 5], [belonging('control', 0, 5)]).controlDirty).toBe(false);
  });

  it('is dirty where one of several is', () => {
    expect(
      judged([5, 5], [belonging('control', 0, 5, 'one'), belonging('control', 1, 5, 'other')]).controlDirty,
    ).toBe(true);
    expect(
      judged([5, 5], [belonging('control', 0, 0, 'one'), belonging('control', 0, 5, 'other')]).controlDirty,
    ).toBe(false);
  });

  it('is neither where there is none, or none could look', () => {
    expect(judged([5, 5]).controlDirty).toBeNull();
    expect(judged([5, 5], [belonging('control', 0, 0)]).controlDirty).toBeNull();
    expect(judged([5, 5], [{ ...belonging('control', 0, 5), tallies: [] }]).controlDirty).toBeNull();
  });

  it('is neither for what the reproduce arm does not expect', () => {
    expect(judged([5, 5], [belonging('control', 1, 5)], { expects: ['hang'] }).controlDirty).toBeNull();
  });

  it('of another arm does not count, nor does an alone arm', () => {
    expect(
      judged([5, 5], [{ ...belonging('control', 5, 5), of: 'other' }, belonging('alone', 5, 5)]).controlDirty,
    ).toBeNull();
  });

  it('says it of itself as well, by what its reproduce arm expects', () => {
    const main = armCounts({ tallies: [tally(signal, 5, 5)] });
    const control = (count: number, of: number): SignalResult => {
      const arm = belonging('control', count, of);
      return judgeSignal(arm, tally(signal, count, of), [main, arm, belonging('control', 5, 5, 'another')]);
    };
    expect(control(1, 5).controlDirty).toBe(true);
    expect(control(0, 5).controlDirty).toBe(false);
    expect(control(0, 0).controlDirty).toBeNull();
    const orphan = belonging('control', 1, 5);
    expect(judgeSignal(orphan, tally(signal, 1, 5), [orphan]).controlDirty).toBeNull();
  });

  it('is never an alone arm', () => {
    const main = armCounts({ tallies: [] });
    const alone = belonging('alone', 5, 5);
    expect(judgeSignal(alone, tally(signal, 5, 5), [main, alone]).controlDirty).toBeNull();
  });

  it('is compared with its reproduce arm', () => {
    expect(judged([5, 5], [belonging('control', 0, 5)]).againstControl).toEqual({
      control: 'control',
      p: boschloo(5, 5, 0, 5),
      count: 0,
      of: 5,
    });
    expect(judged([5, 5], [belonging('control', 0, 5)]).againstControl?.p).toBeLessThan(0.01);
    expect(judged([5, 5], [belonging('control', 0, 0)]).againstControl).toEqual({
      control: 'control',
      p: null,
      count: 0,
      of: 0,
    });
    expect(judged([0, 0, 5], [belonging('control', 0, 5)]).againstControl?.p).toBeNull();
    expect(judged([5, 5]).againstControl).toBeNull();
  });
});

describe('whether the fault needs concurrency', () => {
  const answer = (main: readonly [number, number, number?], alone: readonly [number, number]) =>
    judged(main, [belonging('alone', ...alone)]).needsConcurrency;

  it('is none for builds that never run side by side, once they show it', () => {
    const inRow = { concurrent: false };
    expect(judged([3, 5], [], inRow).needsConcurrency).toEqual({
      answer: 'no',
      p: null,
      alone: { count: 3, of: 5 },
    });
    expect(judged([0, 5], [], inRow).needsConcurrency.answer).toBe('not-tested');
  });

  it('is not tested without an alone arm of that arm', () => {
    const notTested = { answer: 'not-tested', p: null, alone: { count: 0, of: 0 } };
    expect(judged([5, 5]).needsConcurrency).toEqual(notTested);
    expect(judged([5, 5], [belonging('control', 0, 5)]).needsConcurrency).toEqual(notTested);
    expect(judged([5, 5], [{ ...belonging('alone', 0, 5), of: 'other' }]).needsConcurrency).toEqual(
      notTested,
    );
  });

  it('is yes where it shows more often together, beyond chance', () => {
    expect(answer([5, 5], [0, 5])).toEqual({
      answer: 'yes',
      p: boschloo(5, 5, 0, 5),
      alone: { count: 0, of: 5 },
    });
    expect(answer([20, 20], [5, 20])).toMatchObject({ answer: 'yes', alone: { count: 5, of: 20 } });
  });

  it('is no where it shows alone as well', () => {
    expect(answer([5, 5], [5, 5])).toEqual({ answer: 'no', p: 1, alone: { count: 5, of: 5 } });
    expect(answer([3, 5], [1, 5])).toMatchObject({ answer: 'no', p: expect.closeTo(boschloo(3, 5, 1, 5)) });
  });

  it('is undetermined where it was not seen alone, and chance could do that', () => {
    expect(answer([1, 5], [0, 5])).toEqual({
      answer: 'undetermined',
      p: boschloo(1, 5, 0, 5),
      alone: { count: 0, of: 5 },
    });
    expect(answer([0, 5], [0, 5])).toEqual({ answer: 'undetermined', p: 1, alone: { count: 0, of: 5 } });
  });

  it('is undetermined, without a p, where nothing could be looked at', () => {
    expect(answer([5, 5], [0, 0])).toEqual({ answer: 'undetermined', p: null, alone: { count: 0, of: 0 } });
    expect(answer([0, 0, 5], [5, 5])).toEqual({
      answer: 'undetermined',
      p: null,
      alone: { count: 5, of: 5 },
    });
    expect(judged([5, 5], [{ ...belonging('alone', 0, 5), tallies: [] }]).needsConcurrency).toEqual({
      answer: 'undetermined',
      p: null,
      alone: { count: 0, of: 0 },
    });
  });

  it('turns at p = 0.05', () => {
    // 4 of 5 against 0 of 5 is within it, 3 of 5 is not.
    expect(boschloo(4, 5, 0, 5)).toBeLessThan(0.05);
    expect(boschloo(3, 5, 0, 5)).toBeGreaterThan(0.05);
    expect(answer([4, 5], [0, 5]).answer).toBe('yes');
    expect(answer([3, 5], [0, 5]).answer).toBe('undetermined');
  });

  it('is never yes where it shows more often alone', () => {
    expect(boschloo(0, 5, 5, 5)).toBeLessThan(0.05);
    expect(answer([0, 5], [5, 5]).answer).not.toBe('yes');
  });
});

describe('a run that went on until it was settled', () => {
  const stopping = { rule: 'verdict', p0: 0.05, p1: 0.3, error: 0.05 } as const;
  const settled = (course: string, others: readonly ArmCounts[] = [], more: Partial<ArmCounts> = {}) => {
    const looked = course.replaceAll(/[^01]/g, '');
    const count = looked.replaceAll('0', '').length;
    const own = { ...tally(signal, count, looked.length), course };
    const main = armCounts({ tallies: [own], planned: 1_000, valid: looked.length, ...more });
    return judgeSignal(main, own, [main, ...others], stopping);
  };

  it('says what the sequential test says, by the first answer that it gave', () => {
    expect(settled('11')).toMatchObject({ verdict: 'reproduced', sequential: { answer: 'at-least' } });
    expect(settled('0'.repeat(12))).toMatchObject({
      verdict: 'not-reproduced',
      sequential: { answer: 'at-most', p0: 0.05, p1: 0.3, error: 0.05 },
    });
    expect(settled(`11${'0'.repeat(40)}`).sequential?.answer).toBe('at-least');
  });

  it('is inconclusive while it is open, whatever was seen', () => {
    expect(settled('1')).toMatchObject({ verdict: 'inconclusive', sequential: { answer: 'open' } });
    expect(settled('0000')).toMatchObject({ verdict: 'inconclusive' });
    expect(settled('----')).toMatchObject({ verdict: 'inconclusive', interval: null });
  });

  it('is reproduced where it was seen, though rarely', () => {
    const rarely = `000000001${'0'.repeat(30)}`;
    expect(settled(rarely)).toMatchObject({ verdict: 'reproduced', sequential: { answer: 'at-most' } });
  });

  it('has intervals and limits that hold at any stop', () => {
    expect(settled('110').interval).toEqual(confidenceSequence(2, 3));
    expect(settled('0'.repeat(12)).atMost).toBe(confidenceSequence(0, 12).high);
  });

  it('compares arms by intervals that do not meet, without a p', () => {
    const alone = (count: number, of: number) => belonging('alone', count, of);
    const clean = settled('1'.repeat(12), [alone(0, 12)]);
    expect(clean.needsConcurrency).toEqual({ answer: 'yes', p: null, alone: { count: 0, of: 12 } });
    expect(settled('11', [alone(0, 2)]).needsConcurrency.answer).toBe('undetermined');
    expect(settled('11', [alone(2, 2)]).needsConcurrency.answer).toBe('no');
    expect(settled('1111', [belonging('control', 0, 12)]).againstControl).toMatchObject({ p: null, of: 12 });
  });

  it('asks controls what their reproduce arm is asked', () => {
    const control = { ...belonging('control', 0, 12) };
    const own = tally(signal, 0, 12);
    const main = armCounts({ tallies: [] });
    expect(judgeSignal(control, own, [main, control], stopping)).toMatchObject({
      verdict: null,
      sequential: { answer: 'at-most' },
    });
    expect(judgeSignal(main, tally('hang', 0, 12), [main], stopping).sequential).toBeNull();
  });
});

describe('a run that stopped at the first sight', () => {
  const judgedFirst = (count: number, of: number) => {
    const own = tally(signal, count, of);
    const main = armCounts({ tallies: [own], planned: 1_000, valid: of });
    return judgeSignal(main, own, [main], { rule: 'first' });
  };

  it('has an interval that holds for such a stop', () => {
    expect(judgedFirst(1, 7)).toMatchObject({ verdict: 'reproduced', interval: confidenceSequence(1, 7) });
  });

  it('has the exact limit where it saw nothing to stop at', () => {
    expect(judgedFirst(0, 1_000).atMost).toBe(atMost(0, 1_000));
    expect(judgedFirst(0, 1_000).verdict).toBe('not-reproduced');
    expect(judgedFirst(0, 20).verdict).toBe('inconclusive');
  });
});

it('a drift during the run is tested over the iterations that could be looked at', () => {
  const own = { ...tally(signal, 8, 16), course: 'x1111-11110000x0000' };
  const main = armCounts({ tallies: [own] });
  expect(judgeSignal(main, own, [main]).drift).toEqual(runsTest(outcomesOf(own.course)));
  expect(judgeSignal(main, own, [main]).drift?.p).toBeLessThan(0.001);
  expect(judged([5, 5]).drift).toBeNull();
});
