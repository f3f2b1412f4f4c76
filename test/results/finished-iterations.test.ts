import { describe, expect, test } from 'vitest';
import { finishedIterations } from '../../src/results/finished-iterations.js';
import { iterationFinished, plannedArm, samplePlan } from './sample-run.js';

const plan = samplePlan({
  arms: [plannedArm({ iterations: 3 }), plannedArm({ name: 'left-out', skipped: 'no emulation' })],
});
const journalOf = (...events: Parameters<typeof iterationFinished>[0][]) => ({
  events: events.map(iterationFinished),
  unreadable: [],
});

describe('the iterations of a journal that count', () => {
  test('each once, the first time that it stands there', () => {
    const journal = journalOf({ iteration: 2, load: 1 }, { iteration: 1 }, { iteration: 2, load: 9 });
    const { events, warnings } = finishedIterations(plan, journal);
    expect(events.map(({ iteration, load }) => [iteration, load])).toEqual([
      [2, 1],
      [1, 0.5],
    ]);
    expect(warnings).toEqual(['1 iteration of the journal stood there already, and did not count again']);
  });

  test.each([
    { what: 'of an arm that nobody planned', event: { arm: 'stranger' } },
    { what: 'of an arm that is skipped', event: { arm: 'left-out' } },
    { what: 'beyond the planned number', event: { iteration: 4 } },
  ])('none $what', ({ event }) => {
    const { events, warnings } = finishedIterations(plan, journalOf(event, { iteration: 3 }));
    expect(events).toHaveLength(1);
    expect(warnings).toEqual(['1 iteration of the journal did not belong to the plan, and did not count']);
  });

  test('of a part of the plan, those of the part', () => {
    const part = { ...plan, shard: { index: 2, of: 2 } };
    const { events } = finishedIterations(part, journalOf({ iteration: 1 }, { iteration: 2 }));
    expect(events.map(({ iteration }) => iteration)).toEqual([2]);
  });
});
