import { expect, it } from 'vitest';
import { OffsetCounter } from '../../src/judgement/offsets.js';
import type { PlannedArm } from '../../src/scenario/plan.js';
import { plannedArm } from '../results/sample-run.js';
import { judgement, sight } from './sample-judgement.js';

const point = (delay: string, more: Partial<PlannedArm> = {}): PlannedArm =>
  plannedArm({
    name: `main-${delay}`,
    expects: ['platform-drift', 'build-failed'],
    point: { arm: 'main', factors: { delay } },
    ...more,
  });

const drift = judgement([sight('platform-drift', ['a']), sight('build-failed', [])]);
const clean = judgement([sight('platform-drift', []), sight('build-failed', [])]);

it('counts an iteration once, whichever of its expected signals showed', () => {
  const arm = point('50ms');
  const counter = new OffsetCounter([arm]);
  counter.add(arm, judgement([sight('platform-drift', ['a']), sight('build-failed', ['a', 'b'])]));
  counter.add(arm, clean);
  counter.add(arm, judgement([sight('platform-drift', []), sight('hang', ['a'])]));
  expect(counter.points).toEqual([{ offsetMs: 50, count: 1, of: 3 }]);
});

it('adds up the arms that were looked at at one offset', () => {
  const other = point('50ms', { name: 'other-50ms', point: { arm: 'other', factors: { delay: '50ms' } } });
  const counter = new OffsetCounter([point('1s'), point('50ms'), other]);
  counter.add(point('50ms'), clean);
  counter.add(other, drift);
  expect(counter.points).toEqual([
    { offsetMs: 50, count: 1, of: 2 },
    { offsetMs: 1_000, count: 0, of: 0 },
  ]);
});

it('leaves out what does not count and what could not be looked at, but for what was seen all the same', () => {
  const arm = point('50ms');
  const counter = new OffsetCounter([arm]);
  counter.add(arm, { ...drift, invalid: 'no space left on the device', sights: [] });
  counter.add(
    arm,
    judgement([sight('platform-drift', [], { a: 'cut' }), sight('build-failed', [], { a: 'cut' })]),
  );
  counter.add(arm, judgement([]));
  expect(counter.points).toEqual([{ offsetMs: 50, count: 0, of: 0 }]);
  counter.add(arm, judgement([sight('platform-drift', [], { a: 'no platform' }), sight('build-failed', [])]));
  counter.add(arm, judgement([sight('platform-drift', ['b'], { a: 'cut' })]));
  expect(counter.points).toEqual([{ offsetMs: 50, count: 1, of: 2 }]);
});

it('knows no offset of controls, of skipped arms, and of arms that are no point', () => {
  const control = point('50ms', { role: 'control', of: 'main' });
  const skipped = point('50ms', { skipped: 'not here' });
  const elsewhere = point('50ms', { point: { arm: 'main', factors: { lanes: '2' } } });
  const counter = new OffsetCounter([control, skipped, elsewhere, plannedArm()]);
  counter.add(control, drift);
  counter.add(plannedArm(), drift);
  expect(counter.points).toEqual([]);
});
