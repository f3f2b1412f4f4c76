import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from '../../src/stats/holm.js';

const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe('holm', () => {
  it("gives Holm's sequentially rejective steps, in the order given", () => {
    // By hand: 4 * 0.01, 3 * 0.015, 2 * 0.03, 1 * 0.04, of which the last may not be below the one before.
    const adjusted = holm([0.04, 0.01, 0.03, 0.015]);
    [0.06, 0.04, 0.06, 0.045].forEach((p, i) => {
      expect(adjusted[i]).toBeCloseTo(p, 12);
    });
  });

  it('leaves one p alone, keeps to 1, and takes none', () => {
    expect(holm([0.03])).toEqual([0.03]);
    expect(holm([0.6, 0.9])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('rejects what stepping down by the definition rejects', () => {
    fc.assert(
      fc.property(probabilities, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (ps, level) => {
        const sorted = [...ps].sort((a, b) => a - b);
        const kept = sorted.findIndex((p, i) => (sorted.length - i) * p > level);
        const rejected = kept === -1 ? sorted.length : kept;
        expect(holm(ps).filter((p) => p <= level)).toHaveLength(rejected);
      }),
    );
  });

  it('is never below p nor above Bonferroni, and keeps their order', () => {
    fc.assert(
      fc.property(probabilities, (ps) => {
        const adjusted = holm(ps);
        ps.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, ps.length * p));
          ps.forEach((other, j) => {
            expect(p < other && (adjusted[i] ?? 0) > (adjusted[j] ?? 0)).toBe(false);
          });
        });
      }),
    );
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses %d', (p) => {
    expect(() => holm([0.5, p])).toThrow(RangeError);
  });
});
