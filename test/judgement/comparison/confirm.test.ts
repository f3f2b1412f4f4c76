import { describe, expect, it } from 'vitest';
import { compare } from '../../../src/judgement/comparison/compare.js';
import { confirmed } from '../../../src/judgement/comparison/confirm.js';
import type { Comparison } from '../../../src/results/comparison.js';
import { comparable, comparableArm, drift, seen } from '../sample-comparable.js';

/** Sights of two arms against a base in which both are clean. */
function against(name: string, one: number, two: number): Comparison {
  const arms = (first: number, second: number) => [
    comparableArm('one', { signals: [seen('platform-drift', first)] }),
    comparableArm('two', { signals: [seen('platform-drift', second)] }),
  ];
  return compare(comparable('base', arms(0, 0)), comparable(name, arms(one, two)), 0.2);
}

const whole = (comparison: Comparison) => ({ comparison, ended: null });
const verdicts = ({ rows }: Comparison) => rows.map(({ verdict }) => verdict);

describe('a regression that was run again', () => {
  it('stands where the second run says so too, and names it', () => {
    const comparison = confirmed(against('first', 20, 0), whole(against('second', 18, 0)));
    expect(comparison).toMatchObject({ verdict: 'regression', reason: null });
    expect(comparison.notes).toEqual(['another run, second, says so too']);
    expect(verdicts(comparison)).toEqual(['regression', 'unchanged']);
  });

  it('is undetermined where it does not, and both are named', () => {
    const reason = 'first shows a regression, and second, which ran the same, does not';
    const comparison = confirmed(against('first', 20, 0), whole(against('second', 0, 0)));
    expect(comparison).toMatchObject({ verdict: 'undetermined', reason, notes: [] });
    expect(comparison.rows[0]).toMatchObject({ verdict: 'undetermined', reason });
    expect(comparison.rows[1]).toMatchObject({ verdict: 'unchanged', reason: null });
  });

  it('is undetermined where the second run cannot tell, and is not said to be denied by it', () => {
    const comparison = confirmed(against('first', 20, 20), whole(against('second', 3, 0)));
    expect(comparison).toMatchObject({
      verdict: 'undetermined',
      reason: 'first shows a regression, and second does not confirm it',
    });
    expect(comparison.rows.map(({ reason }) => reason)).toEqual([
      'first shows a regression, and second does not confirm it',
      'first shows a regression, and second, which ran the same, does not',
    ]);
  });

  it('tells of a second run that ended early, whatever that one says', () => {
    const ended = 'it ended early (stopped by SIGINT) after 3 of 40 iterations';
    const cut = (one: number) => ({ comparison: against('second', one, 0), ended });
    expect(confirmed(against('first', 20, 0), cut(0))).toMatchObject({
      verdict: 'undetermined',
      reason: `first shows a regression, and second does not confirm it: ${ended}`,
    });
    expect(confirmed(against('first', 20, 0), cut(18))).toMatchObject({
      verdict: 'regression',
      notes: [`another run, second, says so too, although ${ended}`],
    });
  });

  it('is undetermined where the second run shows it elsewhere', () => {
    const comparison = confirmed(against('first', 20, 0), whole(against('second', 0, 20)));
    expect(comparison.verdict).toBe('undetermined');
    expect(verdicts(comparison)).toEqual(['undetermined', 'unchanged']);
  });

  it('stands in the rows that showed it twice alone', () => {
    const comparison = confirmed(against('first', 20, 20), whole(against('second', 0, 20)));
    expect(comparison.verdict).toBe('regression');
    expect(verdicts(comparison)).toEqual(['undetermined', 'regression']);
  });

  it('is undetermined where there is no second run, and it says why', () => {
    const comparison = confirmed(against('first', 20, 0), 'it was stopped before that');
    expect(comparison.verdict).toBe('undetermined');
    expect(comparison.reason).toBe(
      'first shows a regression, and no other run confirms it: it was stopped before that',
    );
  });
});

it('another verdict stays as it is', () => {
  const first = compare(drift('base', 20), drift('first', 0), 0.2);
  expect(confirmed(first, 'nothing was run again')).toBe(first);
});
