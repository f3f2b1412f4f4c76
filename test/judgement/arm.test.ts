import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ArmAccount, median } from '../../src/judgement/arm.js';
import { groupFailures } from '../../src/judgement/failures.js';
import type { Judgement } from '../../src/judgement/judge.js';
import { iterationNumbers } from '../../src/results/iteration-numbers.js';
import type { LaneRecord } from '../../src/results/journal.js';
import { step, timeline } from '../detectors/timelines.js';
import { plannedArm, plannedLane } from '../results/sample-run.js';
import { failedWith, judgement, readIteration, readLane, sight } from './sample-judgement.js';

const started = (a: Partial<LaneRecord>, b: Partial<LaneRecord>): Judgement =>
  judgement([], { read: readIteration([readLane('a', undefined, a), readLane('b', undefined, b)]) });

function account(arm = plannedArm(), ...judgements: readonly Judgement[]): ArmAccount {
  const made = new ArmAccount(arm, arm.expects);
  for (const one of judgements) made.add(one);
  return made;
}

describe('the account of an arm', () => {
  it('that did not run is there, with the signals that it expects', () => {
    const made = account(plannedArm({ skipped: 'no emulation for linux/arm64', iterations: 4 }));
    expect(made.result).toMatchObject({
      name: 'main',
      role: 'reproduce',
      skipped: 'no emulation for linux/arm64',
      lanes: { count: 2, startSpreadMs: null, delaysMs: [0, 0] },
      iterations: { planned: 4, valid: 0, invalid: 0 },
      steps: ['build a, b'],
      builds: { total: 0, failed: 0 },
      command: null,
      spellings: [],
    });
    expect(made.tallies).toMatchObject([
      { signal: 'platform-drift', iterations: { count: 0, of: 0, blind: 0 } },
    ]);
  });

  it('counts valid iterations, their builds and those that failed', () => {
    const failed = judgement([sight('build-failed', ['b'])], {
      read: readIteration([readLane('a'), readLane('b', failedWith('exit code: 1'))], { iteration: 2 }),
    });
    const made = account(plannedArm(), judgement([sight('platform-drift', ['a'])]), failed);
    expect(made.result).toMatchObject({
      iterations: { planned: 2, valid: 2, invalid: 0 },
      builds: { total: 4, failed: 1 },
    });
    expect(groupFailures([made.failures])).toMatchObject([
      { builds: 1, arms: ['main'], example: { arm: 'main', iteration: 2, lane: 'b', line: 9 } },
    ]);
    expect(made.counts).toMatchObject({ planned: 2, valid: 2, expects: ['platform-drift'] });
    expect(made.tallies.map(({ signal, iterations }) => [signal, iterations.count, iterations.of])).toEqual([
      ['platform-drift', 1, 1],
      ['build-failed', 1, 1],
    ]);
  });

  it('notes the number of each iteration, of those too that do not count', () => {
    const of = (iteration: number, invalid: string | null = null) =>
      judgement([], { invalid, read: readIteration([readLane('a')], { iteration }) });
    const { result, tallies } = account(plannedArm(), of(2), of(4, 'no network'), of(6), of(7));
    expect(result.carriedOut).toEqual([
      { first: 2, last: 6, step: 2 },
      { first: 7, last: 7, step: 1 },
    ]);
    expect(iterationNumbers({ shard: null }, result, tallies[0]?.course.length ?? 0)).toEqual([2, 4, 6, 7]);
  });

  it('notes the course of every signal over all iterations, also of one that is looked for late', () => {
    const invalid = judgement([], { invalid: 'no network' });
    const drift = judgement([sight('platform-drift', ['a'])]);
    const both = judgement([sight('platform-drift', []), sight('build-failed', ['b'])]);
    const courses = account(plannedArm(), drift, invalid, both, drift).tallies.map(({ signal, course }) => [
      signal,
      course,
    ]);
    expect(courses).toEqual([
      ['platform-drift', '1x01'],
      ['build-failed', '-x1-'],
    ]);
  });

  it('of a shard plans its part', () => {
    const planned = (iterations: number, index: number): number =>
      new ArmAccount(plannedArm({ iterations }), [], { index, of: 3 }).result.iterations.planned;
    expect([planned(5, 1), planned(5, 2), planned(5, 3)]).toEqual([2, 2, 1]);
    expect([planned(2, 1), planned(2, 2), planned(2, 3)]).toEqual([1, 1, 0]);
  });

  it('leaves invalid iterations out of everything but their reasons', () => {
    const invalid = (reason: string): Judgement =>
      judgement([sight('platform-drift', ['a'])], {
        invalid: reason,
        read: readIteration([readLane('a', failedWith('x')), readLane('b')]),
      });
    const made = account(
      plannedArm(),
      invalid('no network'),
      invalid('no space'),
      invalid('no network'),
      judgement([]),
    );
    expect(made.result).toMatchObject({
      iterations: { valid: 1, invalid: 3 },
      invalidReasons: [
        { reason: 'no network', count: 2 },
        { reason: 'no space', count: 1 },
      ],
      builds: { total: 2, failed: 0 },
    });
    expect(groupFailures([made.failures])).toEqual([]);
    expect(made.tallies).toMatchObject([{ iterations: { count: 0, of: 0 } }]);
  });

  it('keeps no timeline of what it counted: one can be as long as its log', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const made = account();
    const timelines = [failedWith('exit code: 1'), timeline([step(1, 'RUN make')])].map((one) => {
      const own = structuredClone(one);
      made.add(judgement([sight('build-failed', ['a'])], { read: readIteration([readLane('a', own)]) }));
      return new WeakRef(own);
    });
    // What was held weakly in a turn of the loop is held strongly until its end.
    await new Promise(setImmediate);
    collect();
    expect(timelines.map((one) => one.deref())).toEqual([undefined, undefined]);
    expect(made.result.builds).toEqual({ total: 2, failed: 1 });
  });

  it('has the command of the first lane that was called, of an invalid iteration too', () => {
    const called = (file: string, invalid: string | null): Judgement =>
      judgement([], {
        invalid,
        read: readIteration([readLane('a', undefined, { command: [file] }), readLane('b')]),
      });
    const spoilt = judgement([], { invalid: 'spoilt', read: readIteration([]) });
    expect(
      account(plannedArm(), spoilt, called('first', 'no network'), called('second', null)).result.command,
    ).toEqual(['first']);
  });

  it('tells how far apart the lanes started, in the middle of its iterations, delays taken off', () => {
    const made = account(
      plannedArm(),
      started({ startMs: 1 }, { startMs: 3 }),
      started({ startMs: 2 }, { startMs: 109, delayMs: 100 }),
      started({ startMs: 1 }, { startMs: 500 }),
    );
    expect(made.result.lanes.startSpreadMs).toBe(9);
  });

  it('tells no such thing of lanes that were not meant to start together', () => {
    const steps = (together: boolean, ...lanes: readonly string[]) => [
      { step: 'build' as const, together, lanes: lanes.map((name) => plannedLane(name)) },
    ];
    const alone = plannedArm({ role: 'alone', of: 'x', expects: [], steps: steps(false, 'a', 'b') });
    expect(account(alone, started({ startMs: 1 }, { startMs: 3 })).result.lanes.startSpreadMs).toBeNull();
    const single = plannedArm({ steps: steps(true, 'a') });
    const one = judgement([], { read: readIteration([readLane('a')]) });
    expect(account(single, one).result.lanes).toMatchObject({ count: 1, startSpreadMs: null });
  });

  it('counts the spellings of its valid builds', () => {
    const spelt = timeline([step(1, 'RUN make', { stage: 'builder', platform: 'linux/arm64' })]);
    const read = readIteration([readLane('a', spelt), readLane('b', spelt)]);
    const made = account(
      plannedArm(),
      judgement([], { read }),
      judgement([], { read, invalid: 'no network' }),
    );
    expect(made.result.spellings).toEqual([
      { stage: 'builder', instruction: 'RUN', platform: 'linux/arm64', builds: 2 },
    ]);
  });
});

describe('the median', () => {
  it('is the middle value, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([10, 1, 2, 3])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNull();
    // Sorted as numbers, not as text.
    expect(median([9, 10, 100])).toBe(10);
  });

  it('is rounded to microseconds, and changes nothing that it is given', () => {
    const values = [0.00049, 1.23456];
    expect(median([1.23456])).toBe(1.235);
    expect(median(values)).toBe(0.618);
    expect(values).toEqual([0.00049, 1.23456]);
  });
});
