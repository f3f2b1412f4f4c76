import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Standstill } from '../../src/runner/standstill.js';
import { TimeLimit } from '../../src/runner/time-limit.js';

/** What the clocks say beyond the timers: a process that stood still hears of its timers late. */
let asleepMs = 0;
beforeEach(() => {
  asleepMs = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  const faked = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => faked() + asleepMs);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('the time limit of a lane', () => {
  it('ends it when its time is over', () => {
    const [limit, onEnd] = [new TimeLimit(), vi.fn()];
    limit.start(4_000, onEnd);
    vi.advanceTimersByTime(3_999);
    expect([limit.ranOut, onEnd.mock.calls.length]).toEqual([false, 0]);
    vi.advanceTimersByTime(1);
    expect([limit.ranOut, onEnd.mock.calls.length]).toEqual([true, 1]);
  });

  it('hears first of what happened while this process stood still', () => {
    const [over, running] = [new TimeLimit(), new TimeLimit()];
    const [onEndOver, onEndRunning] = [vi.fn(), vi.fn()];
    over.start(4_000, onEndOver);
    running.start(4_000, onEndRunning);
    vi.advanceTimersByTime(3_000);
    asleepMs = 7_000;
    vi.advanceTimersByTime(1_000);
    // The end of the one lane comes with the next turn.
    over.cancel();
    vi.advanceTimersByTime(1_000);
    expect([over.ranOut, onEndOver.mock.calls.length]).toEqual([false, 0]);
    expect([running.ranOut, onEndRunning.mock.calls.length]).toEqual([true, 1]);
  });
});

describe('a standstill', () => {
  it('is the longest time without a look', () => {
    const standstill = new Standstill();
    vi.advanceTimersByTime(10_000);
    asleepMs += 7_000;
    vi.advanceTimersByTime(1_000);
    asleepMs += 2_000;
    vi.advanceTimersByTime(1_000);
    standstill.end();
    expect(standstill.longestMs).toBeGreaterThanOrEqual(6_700);
    expect(standstill.longestMs).toBeLessThanOrEqual(7_250);
  });

  it('is none where nothing stood still, and ends with the watch', () => {
    const standstill = new Standstill();
    vi.advanceTimersByTime(10_000);
    standstill.end();
    asleepMs += 7_000;
    vi.advanceTimersByTime(1_000);
    expect(standstill.longestMs).toBeLessThanOrEqual(250);
  });
});
