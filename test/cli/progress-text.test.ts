import { expect, it } from 'vitest';
import { iterationText } from '../../src/cli/live/progress-text.js';
import type { Judgement } from '../../src/judgement/judge.js';
import { plannedArm } from '../results/sample-run.js';

it('an iteration without lanes says why, and nothing of lanes', () => {
  const judgement = {
    read: { event: { iteration: 2 }, lanes: [] },
    invalid: 'the builder did not answer',
    sights: [],
  } as unknown as Judgement;
  expect(iterationText(plannedArm({ name: 'one', iterations: 5 }), judgement)).toBe(
    'one 2/5: does not count: the builder did not answer',
  );
  expect(iterationText(plannedArm({ name: 'one', iterations: 1_000 }), judgement, { rule: 'first' })).toBe(
    'one 2: does not count: the builder did not answer',
  );
});
