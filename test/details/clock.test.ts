import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builderOffset, laneZero, stepTimes } from '../../src/details/clock.js';
import { parseArrivals, readLineTimes } from '../../src/results/line-times.js';
import { laneRecord } from '../results/sample-run.js';
import { step } from './sample-steps.js';

const header = '{"schemaVersion":1,"columns":["line","ms"]}\n';
const at = (text: string, ...lines: number[]) => lines.map((line) => parseArrivals(text).at(line));

describe('arrival times', () => {
  test('a line came with the row at or above it', () => {
    expect(at(`${header}[1,10.5]\n[3,20]\n`, 1, 2, 3, 99)).toEqual([10.5, 10.5, 20, 20]);
  });

  test('a line above the first row has no time, and nor has any without rows', () => {
    expect(at(`${header}[2,10]\n`, 1)).toEqual([null]);
    expect(at(header, 1)).toEqual([null]);
    expect(at('', 1)).toEqual([null]);
  });

  test('a last row that was cut is left out', () => {
    expect(at(`${header}[1,10]\n[3,2`, 5)).toEqual([10]);
  });

  test.each([
    ['other text', '[1,10]\nwhat\n[3,20]\n'],
    ['lines that go back', '[5,10]\n[3,20]\n'],
    ['times that go back', '[1,20]\n[3,10]\n'],
    ['numbers beyond all measure', `[1,10]\n[${'9'.repeat(400)},20]\n`],
    ['no numbers', '[1,NaN]\n'],
  ])('damage tells nothing: %s', (_, rows) => {
    expect(at(header + rows, 1, 3, 5)).toEqual([null, null, null]);
  });

  const folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-clock-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('a file that is missing, or a link that leads out, tells nothing', async () => {
    writeFileSync(path.join(folder, 'a.times.jsonl'), `${header}[1,10]\n`);
    expect((await readLineTimes(folder, 'a')).at(1)).toBe(10);
    expect((await readLineTimes(folder, 'b')).at(1)).toBeNull();
    const outside = mkdtempSync(path.join(os.tmpdir(), 'buildrace-clock-'));
    writeFileSync(path.join(outside, 'times'), `${header}[1,10]\n`);
    symlinkSync(path.join(outside, 'times'), path.join(folder, 'c.times.jsonl'));
    expect((await readLineTimes(folder, 'c')).at(1)).toBeNull();
    rmSync(outside, { recursive: true });
  });
});

test('the zero of a lane is what its start counts from', () => {
  const startedAt = '2026-01-02T03:04:06.250Z';
  expect(laneZero(laneRecord('a', { startedAt, startMs: 250 }))).toBe(Date.parse('2026-01-02T03:04:06Z'));
  expect(laneZero(laneRecord('a', { startedAt: null }))).toBeNull();
  expect(laneZero(laneRecord('a', { startMs: null }))).toBeNull();
  expect(laneZero(laneRecord('a', { startedAt: 'yesterday' }))).toBeNull();
});

const second = Date.parse('2026-01-02T03:04:00Z');
const timed = (from: string, to: string | null) =>
  step(1, '[a 1/1] RUN x', {
    startedAt: `2026-01-02T03:04:${from}Z`,
    completedAt: to === null ? null : `2026-01-02T03:04:${to}Z`,
  });

describe('the times of a step', () => {
  const arrivals = (times: Record<number, number>) => (line: number) => times[line] ?? null;

  test('are the builder’s, to the nanosecond that a date keeps', () => {
    expect(stepTimes(timed('01.123456789', '02.5'), arrivals({ 10: 7 }))).toEqual({
      start: second + 1_123,
      end: second + 2_500,
      clock: 'builder',
    });
  });

  test('no end of the builder’s is in front of its start, and one that is missing is null', () => {
    expect(stepTimes(timed('02', '01'), arrivals({}))).toMatchObject({
      start: second + 2_000,
      end: second + 2_000,
    });
    expect(stepTimes(timed('02', null), arrivals({}))).toMatchObject({ end: null });
  });

  test('go back from the end by the printed duration where the header came late', () => {
    const late = step(1, '[a 1/1] RUN x', { durationMs: 300 });
    expect(stepTimes(late, arrivals({ 10: 1_000, 15: 1_010 }))).toEqual({
      start: 710,
      end: 1_010,
      clock: 'arrival',
    });
  });

  test('begin with the header where that came sooner than the duration tells', () => {
    const soon = step(1, '[a 1/1] RUN x', { durationMs: 300 });
    expect(stepTimes(soon, arrivals({ 10: 100, 15: 1_000 }))).toEqual({
      start: 100,
      end: 1_000,
      clock: 'arrival',
    });
  });

  test('have no end where the log has none, and are not known where no line has a time', () => {
    expect(stepTimes(step(1, 'x', { endLine: null }), arrivals({ 10: 5 }))).toEqual({
      start: 5,
      end: null,
      clock: 'arrival',
    });
    expect(stepTimes(step(1, 'x'), arrivals({}))).toEqual({ start: null, end: null, clock: null });
  });
});

describe('a builder with a clock of its own', () => {
  const steps = [timed('01', '02'), { ...timed('02', '03'), endLine: 25 }];
  const offset = (first: number, later: number) =>
    builderOffset(steps, (line) => second + (line === 15 ? first : later));

  test('none: lines come shortly after the ends that they tell of', () => {
    expect(offset(2_003, 3_100)).toBe(0);
    expect(offset(2_900, 3_001)).toBe(0);
    expect(offset(1_999, 3_100)).toBe(0);
  });

  test('behind or ahead: the fastest line takes no time', () => {
    expect(offset(62_003, 63_100)).toBe(60_003);
    expect(offset(-57_990, -56_900)).toBe(-59_990);
    expect(stepTimes(steps[0] as never, () => null, 60_003)).toMatchObject({
      start: second + 61_003,
      end: second + 62_003,
    });
  });

  test('without arrival times nothing is moved', () => {
    expect(builderOffset(steps, () => null)).toBe(0);
    expect(builderOffset([], () => 1)).toBe(0);
  });
});
