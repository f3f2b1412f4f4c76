import { describe, expect, test } from 'vitest';
import { hang } from '../../src/detectors/hang.js';
import type { Step, Timeline } from '../../src/progress/timeline.js';
import { iteration, lane, line, step, timeline, verdictOn } from './timelines.js';

const open = (at: number, name: string, more: Partial<Step> = {}) =>
  step(at, name, { status: 'unfinished', endLine: null, ...more });
const ended = (of: Timeline) =>
  hang.detect(iteration([lane(of, { outcome: 'failed', timedOut: true })])).findings[0];

describe('hang', () => {
  test('a build that ended by itself is none, one of which nobody knows is a blindness', () => {
    expect(verdictOn(hang, timeline([open(1, 'RUN x')], { outcome: 'failed' }))).toBe('clean');
    expect(verdictOn(hang, timeline([], { outcome: 'succeeded' }))).toBe('clean');
    expect(verdictOn(hang, timeline([open(1, 'RUN x')], { outcome: 'unknown' }))).toBe(
      'blind: the log does not say whether the build ended',
    );
  });

  test('names what had not ended, also what was cancelled when the build was ended', () => {
    const log = timeline([step(1, 'RUN done'), open(3, 'RUN a'), step(5, 'RUN b', { status: 'cancelled' })]);
    expect(ended(log)).toEqual({
      signal: 'hang',
      lane: 'a',
      message: 'the time limit was reached before RUN a, RUN b had ended',
      evidence: [line(3, '#3 RUN a'), line(5, '#5 RUN b')],
    });
  });

  test('steps that rawjson only announces had not begun', () => {
    const log = timeline([open(3, 'RUN a', { startedAt: '2026-11-20T20:00:00Z' }), open(5, 'RUN b')], {
      format: 'rawjson',
    });
    expect(ended(log)?.message).toBe('the time limit was reached before RUN a had ended');
  });

  test.each([
    ['before any step had begun', timeline([]), []],
    ['although every step that had begun was over', timeline([step(1, 'RUN a'), step(3, 'RUN b')]), [3]],
  ])('%s', (when, log, lines) => {
    expect(ended(log)?.message).toBe(`the time limit was reached ${when}`);
    expect(ended(log)?.evidence.map((one) => one.line)).toEqual(lines);
  });

  test('says that a build came to its end after all', () => {
    const log = timeline([step(1, 'RUN a')], { outcome: 'succeeded' });
    const [found] = hang.detect(iteration([lane(log, { outcome: 'succeeded', timedOut: true })])).findings;
    expect(found?.message).toBe(
      'the time limit was reached although every step that had begun was over; the build ended with exit code 0 after that',
    );
  });

  test('ends with the last lines that were printed, each line once and in order', () => {
    const log = timeline([step(1, 'RUN done'), open(3, 'RUN a'), open(5, 'RUN b')]);
    const last = [line(5, '#5 RUN b'), line(8, '#3 1.0 compiling'), line(9, '#5 waits for a lock')];
    const [found] = hang.detect(
      iteration([lane(log, { outcome: 'failed', timedOut: true, lastLines: last })]),
    ).findings;
    expect(found?.evidence).toEqual([line(3, '#3 RUN a'), ...last]);
  });

  test('keeps room for the last lines where many steps are open', () => {
    const log = timeline(Array.from({ length: 9 }, (_, i) => open(i + 1, `RUN ${i}`)));
    const last = [20, 21, 22].map((at) => line(at, 'x'));
    const [found] = hang.detect(iteration([lane(log, { timedOut: true, lastLines: last })])).findings;
    expect(found?.evidence.map((one) => one.line)).toEqual([1, 2, 3, 20, 21, 22]);
  });

  test('says that the builder did not answer afterwards', () => {
    const log = timeline([open(3, 'RUN a')]);
    const [found] = hang.detect(iteration([lane(log, { timedOut: true })], 'no daemon answers')).findings;
    expect(found?.message).toMatch(/; afterwards the builder did not answer \(no daemon answers\)$/);
  });

  test('stays short', () => {
    const finding = ended(
      timeline(Array.from({ length: 50 }, (_, i) => open(i + 1, `RUN ${'x'.repeat(500)}`))),
    );
    expect(finding?.message).toMatch(/ and 47 more had ended$/);
    expect(finding?.message.length).toBeLessThan(400);
    expect(finding?.evidence).toHaveLength(6);
  });
});
