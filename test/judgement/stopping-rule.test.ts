import { describe, expect, test } from 'vitest';
import { StoppingJudge } from '../../src/judgement/stopping-rule.js';
import type { PlannedArm, Stopping } from '../../src/scenario/plan.js';
import { plannedArm } from '../results/sample-run.js';
import { judgement, readIteration, readLane, sight } from './sample-judgement.js';

const signal = 'platform-drift';
const verdict: Stopping = { rule: 'verdict', p0: 0.05, p1: 0.3, error: 0.05 };
const main = plannedArm({ name: 'main', iterations: 1_000 });
const control = plannedArm({ name: 'control', role: 'control', of: 'main', expects: [], iterations: 1_000 });
const other = plannedArm({ name: 'other', iterations: 1_000 });

/** Tells of iterations, each `ARM MARK` with a mark of `course`; what is answered after the last one. */
function answeredAfter(
  stopping: Stopping,
  arms: readonly PlannedArm[],
  iterations: readonly (readonly [string, string])[],
): string[] {
  const judge = new StoppingJudge({ arms: [...arms], stopping });
  let answered: ReadonlySet<string> = new Set();
  for (const [arm, marks] of iterations) {
    for (const mark of marks) answered = judge.take(judged(arm, mark));
  }
  return [...answered];
}

function judged(arm: string, mark: string) {
  const read = readIteration([readLane('a'), readLane('b')], { arm });
  const sights = {
    '1': [sight(signal, ['a'])],
    '0': [sight(signal, [])],
    '-': [sight(signal, [], { a: 'cut' })],
    x: [],
  }[mark];
  return judgement(sights ?? [], { read, invalid: mark === 'x' ? 'no network' : null });
}

describe('a fixed number of iterations', () => {
  test('ends nothing early, whatever is seen', () => {
    expect(answeredAfter({ rule: 'fixed' }, [main], [['main', '1'.repeat(50)]])).toEqual([]);
  });
});

describe('until the first sight', () => {
  test('all arms end with it', () => {
    expect(answeredAfter({ rule: 'first' }, [main, control, other], [['main', '00']])).toEqual([]);
    expect(answeredAfter({ rule: 'first' }, [main, control, other], [['main', '001']])).toEqual([
      'main',
      'control',
      'other',
    ]);
  });

  test('what a control shows, and what nobody expects, is none', () => {
    expect(answeredAfter({ rule: 'first' }, [main, control], [['control', '111']])).toEqual([]);
    expect(answeredAfter({ rule: 'first' }, [plannedArm({ expects: ['hang'] })], [['main', '1']])).toEqual(
      [],
    );
  });
});

describe('until the verdict', () => {
  test('an arm ends once the sequential test has its answer, either way', () => {
    expect(answeredAfter(verdict, [main], [['main', '1']])).toEqual([]);
    expect(answeredAfter(verdict, [main], [['main', '11']])).toEqual(['main']);
    expect(answeredAfter(verdict, [main], [['main', '0'.repeat(12)]])).toEqual(['main']);
    expect(answeredAfter(verdict, [main], [['main', '01000']])).toEqual([]);
  });

  test('a reproduce arm, its control and its builds alone end together', () => {
    const alone = plannedArm({ name: 'alone', role: 'alone', of: 'main', expects: [], iterations: 1_000 });
    const arms = [main, control, alone, other];
    const known = [
      ['main', '111'],
      ['alone', '111'],
    ] as const;
    expect(answeredAfter(verdict, arms, known)).toEqual([]);
    expect(answeredAfter(verdict, arms, [...known, ['control', '0'.repeat(12)]])).toEqual([
      'main',
      'control',
      'alone',
    ]);
  });

  test('every signal that is expected has to be answered', () => {
    const two = plannedArm({ expects: [signal, 'hang'], iterations: 1_000 });
    expect(answeredAfter(verdict, [two], [['main', '111']])).toEqual([]);
  });

  test('what stays blind or invalid is not asked for ever', () => {
    expect(answeredAfter(verdict, [main], [['main', '----']])).toEqual([]);
    expect(answeredAfter(verdict, [main], [['main', '-----']])).toEqual(['main']);
    expect(answeredAfter(verdict, [main], [['main', 'x'.repeat(9)]])).toEqual([]);
    expect(answeredAfter(verdict, [main], [['main', 'x'.repeat(10)]])).toEqual(['main']);
    // One that can be looked at begins it anew.
    expect(answeredAfter(verdict, [main], [['main', '----0----']])).toEqual([]);
  });

  test('an arm that is skipped holds nobody up', () => {
    const skipped = { ...control, skipped: 'no emulation' };
    expect(answeredAfter(verdict, [main, skipped], [['main', '111']])).toEqual(['main']);
  });
});
