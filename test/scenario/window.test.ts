import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bestOffset,
  byOffset,
  coarseOffsets,
  finerOffsets,
  type OffsetRange,
  type SearchedOffset,
  searchStage,
  searchStages,
} from '../../src/scenario/window.js';

const second: OffsetRange = { fromMs: 0, toMs: 1_000 };

const ranges: fc.Arbitrary<OffsetRange> = fc
  .tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 5_000 }))
  .map(([fromMs, width]) => ({ fromMs, toMs: fromMs + width }));

/** Which part of the iterations at an offset shows the fault. */
type Truth = (offsetMs: number) => number;

/** Numbers from 0 to 1 that follow from a seed. */
function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A whole search on a builder that behaves as `truth` says. */
function search(range: OffsetRange, budget: number, truth: Truth, chance: () => number) {
  let searched: SearchedOffset[] = [];
  let left = budget;
  for (let index = 0; index < searchStages; index++) {
    const { offsetsMs, iterations } = searchStage(index, range, searched, left);
    left -= offsetsMs.length * iterations;
    const seen = offsetsMs.map((offsetMs) => ({
      offsetMs,
      of: iterations,
      count: Array.from({ length: iterations }, () => chance() < truth(offsetMs)).filter(Boolean).length,
    }));
    searched = byOffset([...searched, ...seen]);
  }
  return { searched, left };
}

/** `rate` within the window, nothing outside. */
const windowAt =
  (fromMs: number, toMs: number, rate = 1): Truth =>
  (offsetMs) =>
    offsetMs >= fromMs && offsetMs <= toMs ? rate : 0;

describe('the coarse grid', () => {
  it('is dense where lanes are nearly together, with three iterations a point of the usual budget', () => {
    expect(coarseOffsets(second, 50)).toEqual({
      offsetsMs: [0, 10, 25, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1_000],
      iterations: 3,
    });
  });

  it('scales with the range', () => {
    const { offsetsMs } = coarseOffsets({ fromMs: 200, toMs: 400 }, 50);
    expect(offsetsMs).toEqual([200, 202, 205, 210, 215, 220, 230, 240, 260, 280, 320, 360, 400]);
  });

  it('names no offset twice where the range is short', () => {
    expect(coarseOffsets({ fromMs: 0, toMs: 4 }, 50).offsetsMs).toEqual([0, 1, 2, 3, 4]);
  });

  it('is thinned by a small budget, both ends kept', () => {
    expect(coarseOffsets(second, 5)).toEqual({ offsetsMs: [0, 50, 150, 400, 1_000], iterations: 1 });
    expect(coarseOffsets(second, 1)).toEqual({ offsetsMs: [150], iterations: 1 });
  });
});

describe('the finer points', () => {
  const seen = (offsetMs: number, count: number, of = 3) => ({ offsetMs, count, of });

  it('lie beside those that showed it, each gap halved before any is quartered', () => {
    const searched = [seen(0, 0), seen(25, 0), seen(50, 3), seen(75, 3), seen(100, 0), seen(200, 0)];
    expect(finerOffsets(searched, 15)).toEqual({ offsetsMs: [38, 63, 88], iterations: 5 });
    expect(finerOffsets(searched, 25).offsetsMs).toEqual([38, 57, 63, 69, 88]);
  });

  it('lie in the widest gaps where nothing was seen, and not where nobody could look', () => {
    const searched = [seen(0, 0), seen(100, 0), seen(400, 0), seen(600, 0, 0), seen(1_000, 0, 0)];
    expect(finerOffsets(searched, 6)).toEqual({ offsetsMs: [250, 500], iterations: 3 });
  });

  it('are none where gaps are too narrow, or nothing is left', () => {
    expect(finerOffsets([seen(0, 1), seen(3, 3)], 100).offsetsMs).toEqual([]);
    expect(finerOffsets([seen(0, 1), seen(300, 3)], 0)).toEqual({ offsetsMs: [], iterations: 0 });
  });

  it('are no new place that was looked at before', () => {
    const arbitrary = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 5 }), fc.nat(5)),
    );
    fc.assert(
      fc.property(arbitrary, fc.nat(200), (points, budget) => {
        const searched = points.map(([offsetMs, of, count]) => seen(offsetMs, Math.min(count, of), of));
        const { offsetsMs } = finerOffsets(searched, budget);
        expect(new Set(offsetsMs).size).toBe(offsetsMs.length);
        for (const { offsetMs } of searched) expect(offsetsMs).not.toContain(offsetMs);
      }),
    );
  });
});

describe('the best offset', () => {
  const at = (...points: readonly (readonly [number, number, number])[]) =>
    bestOffset(points.map(([offsetMs, count, of]) => ({ offsetMs, count, of })));

  it('is none where nothing was seen, and none of those that nobody could look at', () => {
    expect(at()).toBeNull();
    expect(at([0, 0, 3], [50, 0, 3], [100, 0, 0])).toBeNull();
    expect(at([0, 0, 0], [50, 2, 3], [100, 0, 0])).toBe(50);
  });

  it('is the middle of a window', () => {
    expect(at([0, 0, 3], [40, 3, 3], [50, 3, 3], [60, 3, 3], [70, 3, 3], [80, 3, 3], [90, 0, 3])).toBe(60);
  });

  it('is in the broad window rather than at one lucky point', () => {
    expect(at([0, 3, 3], [20, 0, 3], [40, 2, 3], [60, 2, 3], [80, 3, 3], [100, 2, 3], [120, 0, 3])).toBe(80);
  });

  it('is where it shows often, though it shows rarely over a wider stretch', () => {
    const rare = [300, 400, 500, 600].map((offsetMs) => [offsetMs, 1, 5] as const);
    expect(at([0, 0, 5], [40, 5, 5], [50, 5, 5], [60, 5, 5], [100, 0, 5], ...rare)).toBe(50);
  });

  it('is in the wider of two windows that show it about as often', () => {
    const often = [300, 400, 500, 600].map((offsetMs) => [offsetMs, 4, 5] as const);
    expect(at([0, 0, 5], [40, 5, 5], [50, 5, 5], [60, 5, 5], [100, 0, 5], ...often)).toBe(500);
  });

  it('adds up what was seen of one offset in several runs', () => {
    expect(
      byOffset([
        { offsetMs: 50, count: 1, of: 3 },
        { offsetMs: 0, count: 0, of: 3 },
        { offsetMs: 50, count: 2, of: 5 },
      ]),
    ).toEqual([
      { offsetMs: 0, count: 0, of: 3 },
      { offsetMs: 50, count: 3, of: 8 },
    ]);
  });
});

describe('a whole search', () => {
  const budgets = fc.integer({ min: 1, max: 400 });

  it('never leaves its range nor its budget, and does the same again', () => {
    fc.assert(
      fc.property(
        ranges,
        budgets,
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (range, budget, seed, rate) => {
          const once = search(range, budget, () => rate, chances(seed));
          expect(once.left).toBeGreaterThanOrEqual(0);
          expect(once.searched.reduce((sum, { of }) => sum + of, 0)).toBe(budget - once.left);
          for (const { offsetMs } of once.searched) {
            expect(offsetMs).toBeGreaterThanOrEqual(range.fromMs);
            expect(offsetMs).toBeLessThanOrEqual(range.toMs);
          }
          expect(search(range, budget, () => rate, chances(seed))).toEqual(once);
        },
      ),
    );
  });

  it('finds every window that is sure to show and as wide as a part of the grid, and ends up inside of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 800 }), fc.integer({ min: 0, max: 400 }), (fromMs, more) => {
        // The grid's widest gap at that place, halved once by the blank refinement.
        const width = fromMs < 100 ? 25 : fromMs < 200 ? 50 : 100;
        const toMs = Math.min(1_000, fromMs + width + more);
        const best = bestOffset(search(second, 100, windowAt(fromMs, toMs), chances(1)).searched);
        expect(best).toBeGreaterThanOrEqual(fromMs);
        expect(best).toBeLessThanOrEqual(toMs);
      }),
    );
  });

  it('ends up nearer to a window’s middle than to its edges', () => {
    for (const [fromMs, toMs] of [
      [40, 80],
      [100, 300],
      [130, 270],
      [350, 700],
    ] as const) {
      const best = bestOffset(search(second, 100, windowAt(fromMs, toMs), chances(1)).searched) ?? 0;
      expect(Math.abs(best - (fromMs + toMs) / 2), `${fromMs} to ${toMs}`).toBeLessThan((toMs - fromMs) / 4);
    }
  });

  it('finds most windows of 40 ms in which every second iteration shows it', () => {
    const found = Array.from({ length: 200 }, (_, i) => {
      const best = bestOffset(search(second, 100, windowAt(40, 80, 0.5), chances(i * 7_919)).searched);
      return best !== null && best >= 40 && best <= 80;
    });
    expect(found.filter(Boolean).length).toBeGreaterThan(170);
  });
});
