import { describe, expect, it } from 'vitest';
import { runsTest } from '../../src/stats/runs-test.js';

/** Outcomes of a course as reports print it: `1` seen, `0` not. */
function course(text: string): boolean[] {
  return [...text].map((outcome) => outcome === '1');
}

function runsOf(outcomes: readonly boolean[]): number {
  let runs = 0;
  let last: boolean | null = null;
  for (const outcome of outcomes) {
    runs += outcome === last ? 0 : 1;
    last = outcome;
  }
  return runs;
}

/** `n` of each kind in `runs` runs: all of one kind but the last, as evenly as needed. */
function inRuns(n: number, runs: number): boolean[] {
  const pieces = [Math.ceil(runs / 2), Math.floor(runs / 2)].map((count) =>
    Array.from({ length: count }, (_, i) => (i === 0 ? n - count + 1 : 1)),
  );
  return Array.from({ length: runs }, (_, i) => i).flatMap((i) =>
    new Array<boolean>(pieces[i % 2]?.[Math.floor(i / 2)] ?? 0).fill(i % 2 === 0),
  );
}

describe('runsTest', () => {
  it('equals counting all orders of the outcomes', () => {
    for (const [seen, notSeen] of [
      [1, 1],
      [1, 6],
      [3, 4],
      [5, 5],
      [2, 9],
      [7, 5],
    ] as const) {
      const n = seen + notSeen;
      const orders = Array.from({ length: 2 ** n }, (_, bits) =>
        Array.from({ length: n }, (_, i) => (bits & (1 << i)) !== 0),
      ).filter((order) => order.filter((outcome) => outcome).length === seen);
      const counts = orders.map(runsOf);
      orders.forEach((order, i) => {
        const test = runsTest(order);
        const few = counts.filter((count) => count <= (counts[i] ?? 0)).length;
        expect(test?.runs).toBe(counts[i]);
        expect(test?.p).toBeCloseTo(few / orders.length, 12);
      });
    }
  });

  // Swed & Eisenhart 1943, Annals of Mathematical Statistics 14:66-87: the largest number of runs with p <= 0.025, n of each kind.
  it.each([
    [5, 2],
    [6, 3],
    [8, 4],
    [10, 6],
    [12, 7],
    [15, 10],
    [20, 14],
  ])('has the published critical value for %i of each kind: %i runs', (n, critical) => {
    expect(runsTest(inRuns(n, critical))).toMatchObject({ runs: critical });
    expect(runsTest(inRuns(n, critical))?.p).toBeLessThanOrEqual(0.025);
    expect(runsTest(inRuns(n, critical + 1))?.p).toBeGreaterThan(0.025);
  });

  it('tells clumps from turns: clumped is improbable, alternating is not', () => {
    expect(runsTest(course('0000000000111111'))).toMatchObject({ runs: 2 });
    expect(runsTest(course('0000000000111111'))?.p).toBeCloseTo(2 / 8008, 12);
    expect(runsTest(course('0101010101010101'))?.p).toBe(1);
  });

  it('stays finite for long runs', () => {
    const long = runsTest([...new Array(5000).fill(false), ...new Array(5000).fill(true)]);
    expect(long?.p).toBeGreaterThanOrEqual(0);
    expect(long?.p).toBeLessThan(1e-300);
  });

  it.each(['', '0', '1', '0000', '111'])('says nothing of %j', (text) => {
    expect(runsTest(course(text))).toBeNull();
  });
});
