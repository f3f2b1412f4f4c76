import { expect, test } from 'vitest';
import { weighing } from '../../src/details/weigh.js';
import type { SignalResult } from '../../src/results/result.js';
import { arm, signal } from '../reports/sample-result.js';

const fault = (
  controlDirty: boolean | null,
  answer: SignalResult['needsConcurrency']['answer'],
  name: SignalResult['signal'] = 'copy-from-failed',
) =>
  signal(name, 1, 8, {
    expected: true,
    controlDirty,
    needsConcurrency: { answer, p: null, alone: { count: 0, of: 8 } },
  });

test('a fault with a clean control comes before one without, a race before what shows alone, a dirty control last', () => {
  const arms = [
    arm('dirty', { signals: [fault(true, 'yes')] }),
    arm('uncontrolled', { signals: [fault(null, 'not-tested')] }),
    arm('uncontrolled-race', { signals: [fault(null, 'yes')] }),
    arm('shows-alone', { signals: [fault(false, 'no')] }),
    arm('undetermined', { signals: [fault(false, 'undetermined')] }),
    arm('race', { signals: [fault(false, 'yes')] }),
  ];
  const weigh = weighing(arms);
  const inOrder = [...arms].sort(
    (a, b) => weigh(a.name, 'copy-from-failed') - weigh(b.name, 'copy-from-failed'),
  );
  expect(inOrder.map(({ name }) => name)).toEqual([...arms].reverse().map(({ name }) => name));
});

test('what is alike keeps the order of the plan; what is not in the result comes at the very end', () => {
  const two = [fault(false, 'yes'), fault(false, 'yes', 'content-mismatch')];
  const weigh = weighing([arm('first', { signals: two }), arm('second', { signals: two })]);
  expect(weigh('first', 'copy-from-failed')).toBeLessThan(weigh('first', 'content-mismatch'));
  expect(weigh('first', 'content-mismatch')).toBeLessThan(weigh('second', 'copy-from-failed'));
  expect(weigh('second', 'hang')).toBe(weigh('gone', 'copy-from-failed'));
  expect(weigh('gone', 'hang')).toBeGreaterThan(weigh('second', 'content-mismatch'));
});
