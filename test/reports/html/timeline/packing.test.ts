import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packRows } from '../../../../src/reports/html/timeline/packing.js';

describe('packRows', () => {
  test('what overlaps stands in different rows, what follows in the first that is free', () => {
    const extents = [
      { from: 0, to: 10 },
      { from: 5, to: 8 },
      { from: 9, to: 20 },
      { from: 12, to: 14 },
    ];
    expect(packRows(extents, 1)).toEqual([0, 1, 1, 0]);
  });

  test('the gap is kept', () => {
    const extents = [
      { from: 0, to: 10 },
      { from: 12, to: 14 },
    ];
    expect(packRows(extents, 2)).toEqual([0, 0]);
    expect(packRows(extents, 3)).toEqual([0, 1]);
  });

  test('no two of one row overlap, whatever their order, and no row is empty', () => {
    const extent = fc
      .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 200 }))
      .map(([from, length]) => ({ from, to: from + length }));
    fc.assert(
      fc.property(fc.array(extent, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (extents, gap) => {
        const rows = packRows(extents, gap);
        for (const [i, a] of extents.entries()) {
          for (const [j, b] of extents.entries()) {
            if (i >= j || rows[i] !== rows[j]) continue;
            expect(a.from >= b.to + gap || b.from >= a.to + gap).toBe(true);
          }
        }
        expect(new Set(rows).size).toBe(Math.max(-1, ...rows) + 1);
      }),
    );
  });
});
