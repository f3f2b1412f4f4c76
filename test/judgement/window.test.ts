import { describe, expect, it } from 'vitest';
import { searchVerdict, windowResult } from '../../src/judgement/window.js';
import { arm, signal } from '../reports/sample-result.js';
import { plannedArm, plannedLane, samplePlan } from '../results/sample-run.js';

const before = [
  { offsetMs: 50, count: 1, of: 3 },
  { offsetMs: 0, count: 0, of: 3 },
];

describe('what a run tells of the search that it is part of', () => {
  it('nothing, where it is part of none', () => {
    expect(windowResult(samplePlan(), [])).toBeNull();
  });

  it('while it searches: what the runs before it saw and what it saw itself, and where it would measure', () => {
    const plan = samplePlan({ window: { phase: 'search', searched: before, runs: ['first'] } });
    expect(windowResult(plan, [{ offsetMs: 25, count: 5, of: 5 }])).toEqual({
      phase: 'search',
      searched: [
        { offsetMs: 0, count: 0, of: 3 },
        { offsetMs: 25, count: 5, of: 5 },
        { offsetMs: 50, count: 1, of: 3 },
      ],
      bestMs: 25,
      runs: ['first', plan.run],
    });
  });

  it('as a confirmation: what was searched, none of its own, and the offset that its lanes had', () => {
    const lanes = [plannedLane('a'), plannedLane('b', { delayMs: 63 }), plannedLane('c', { delayMs: 126 })];
    const first = { step: 'build' as const, together: true, lanes: [plannedLane('first')] };
    const plan = samplePlan({
      window: { phase: 'confirm', searched: before, runs: ['first', 'second'] },
      arms: [plannedArm({ steps: [first, { step: 'build', together: true, lanes }] })],
    });
    expect(windowResult(plan, [{ offsetMs: 63, count: 20, of: 20 }])).toEqual({
      phase: 'confirm',
      searched: [before[1], before[0]],
      bestMs: 63,
      runs: ['first', 'second'],
    });
  });
});

describe('the verdict of a run that searched', () => {
  const point = (delay: string, count: number, valid: number, of = valid) =>
    arm(`main-${delay}`, {
      point: { arm: 'main', factors: { delay } },
      iterations: { planned: 3, valid, invalid: 3 - valid },
      signals: [
        signal('hang', count, of, { expected: true, verdict: 'not-reproduced' }),
        signal('build-failed', 3, 3),
      ],
    });

  it('is reproduced where one point showed it', () => {
    expect(searchVerdict([point('0ms', 0, 3), point('50ms', 1, 3)])).toBe('reproduced');
  });

  it('stays clean though lanes did not overlap at some offsets', () => {
    expect(searchVerdict([point('0ms', 0, 3), point('50ms', 0, 3), point('1s', 0, 0)])).toBe(
      'not-reproduced',
    );
  });

  it('is inconclusive where fewer than half of all are valid, or nobody could look', () => {
    expect(searchVerdict([point('0ms', 0, 3), point('500ms', 0, 1), point('1s', 0, 0)])).toBe('inconclusive');
    expect(searchVerdict([point('0ms', 0, 3, 0), point('50ms', 0, 3, 0)])).toBe('inconclusive');
  });

  it('is none where nothing is expected', () => {
    expect(searchVerdict([arm('plain', { role: 'control', signals: [signal('hang', 0, 3)] })])).toBeNull();
  });

  it('does not let one arm’s points speak for another arm', () => {
    const other = arm('other-0ms', {
      point: { arm: 'other', factors: { delay: '0ms' } },
      iterations: { planned: 3, valid: 0, invalid: 3 },
      signals: [signal('hang', 0, 0, { expected: true, verdict: 'inconclusive' })],
    });
    expect(searchVerdict([point('0ms', 0, 3), point('50ms', 0, 3), other])).toBe('inconclusive');
  });
});
