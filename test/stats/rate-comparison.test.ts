import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newcombe } from '../../src/stats/newcombe.js';
import {
  type Change,
  changeVerdict,
  compareRates,
  iterationsToSettle,
} from '../../src/stats/rate-comparison.js';
import { count } from './arbitrary.js';

describe('compareRates', () => {
  it('gives run minus base with the published interval, and the published p', () => {
    // Newcombe 1998, table II, method 10: 9 of 10 less 3 of 10. Boschloo: 5 of 20 against 0 of 20.
    const more = compareRates({ count: 3, of: 10 }, { count: 9, of: 10 });
    expect(more.difference.estimate).toBeCloseTo(0.6, 12);
    expect(more.difference.low).toBeCloseTo(0.1705, 4);
    expect(more.difference.high).toBeCloseTo(0.809, 4);
    expect(compareRates({ count: 0, of: 20 }, { count: 5, of: 20 }).p).toBeCloseTo(0.02253, 5);
  });

  it('is the same the other way round, but for the sign', () => {
    const there = compareRates({ count: 1, of: 12 }, { count: 6, of: 9 });
    const back = compareRates({ count: 6, of: 9 }, { count: 1, of: 12 });
    expect(there.p).toBeCloseTo(back.p, 10);
    expect(there.difference.estimate).toBeCloseTo(-back.difference.estimate, 12);
  });

  it('refuses a side in which nothing was run', () => {
    expect(() => compareRates({ count: 0, of: 0 }, { count: 1, of: 2 })).toThrow(RangeError);
  });
});

describe('changeVerdict', () => {
  const verdict = (k1: number, n1: number, k2: number, n2: number, margin: number): Change => {
    const { difference, p } = compareRates({ count: k1, of: n1 }, { count: k2, of: n2 });
    return changeVerdict(difference, p, margin);
  };

  it('goes by the direction where p is small', () => {
    expect(verdict(0, 20, 10, 20, 0.2)).toBe('regression');
    expect(verdict(10, 20, 0, 20, 0.2)).toBe('improvement');
  });

  it('goes by the adjusted p, not by the interval', () => {
    const { difference } = compareRates({ count: 0, of: 20 }, { count: 5, of: 20 });
    expect(difference.low).toBeGreaterThan(0);
    expect(changeVerdict(difference, 0.0499, 0.2)).toBe('regression');
    expect(changeVerdict(difference, 0.05, 0.2)).toBe('undetermined');
  });

  it('calls unchanged only what lies within the margin on both sides', () => {
    expect(verdict(0, 100, 0, 100, 0.2)).toBe('unchanged');
    expect(verdict(0, 5, 0, 5, 0.2)).toBe('undetermined');
    const lopsided = { estimate: 0.1, low: -0.05, high: 0.25, level: 0.95, method: 'newcombe' } as const;
    expect(changeVerdict(lopsided, 1, 0.2)).toBe('undetermined');
    expect(changeVerdict({ ...lopsided, low: -0.25, high: 0.05 }, 1, 0.2)).toBe('undetermined');
    expect(changeVerdict({ ...lopsided, low: -0.2, high: 0.2 }, 1, 0.2)).toBe('unchanged');
  });
});

describe('iterationsToSettle', () => {
  it('settles two clean sides where Newcombe’s interval has shrunk to the margin', () => {
    // 0 of n less 0 of n has the limits of Wilson, z²/(n + z²): 0.2 is passed between n = 15 and 16.
    expect(iterationsToSettle({ count: 0, of: 5 }, { count: 0, of: 5 }, 0.2)).toBe(16);
  });

  it('settles a difference where its interval leaves 0 out', () => {
    const n = iterationsToSettle({ count: 2, of: 20 }, { count: 5, of: 20 }, 0.05);
    expect(n).not.toBeNull();
    const at = Number(n);
    expect(newcombe(Math.round(0.25 * at), at, Math.round(0.1 * at), at).low).toBeGreaterThan(0);
    expect(at).toBeGreaterThan(30);
    expect(at).toBeLessThan(70);
  });

  it('asks for more where several rows are adjusted together', () => {
    const [base, run] = [
      { count: 2, of: 20 },
      { count: 5, of: 20 },
    ];
    const one = Number(iterationsToSettle(base, run, 0.05));
    expect(Number(iterationsToSettle(base, run, 0.05, 10))).toBeGreaterThan(one);
  });

  it('gives none where no number within reason would do, and where a side has no rate', () => {
    expect(iterationsToSettle({ count: 5, of: 10 }, { count: 5, of: 10 }, 0.01)).toBeNull();
    expect(iterationsToSettle({ count: 0, of: 0 }, { count: 5, of: 10 }, 0.2)).toBeNull();
  });

  it('asks for more than there is, and for a number at which the interval settles it', () => {
    fc.assert(
      fc.property(count(60), count(60), ([k1, n1], [k2, n2]) => {
        const n = iterationsToSettle({ count: k1, of: n1 }, { count: k2, of: n2 }, 0.2);
        if (n === null) throw new Error('a margin of 20 points is settled by some 200 iterations');
        expect(n).toBeGreaterThan(Math.min(n1, n2));
        const { low, high } = newcombe(Math.round((k2 / n2) * n), n, Math.round((k1 / n1) * n), n);
        expect(low > 0 || high < 0 || (low >= -0.2 && high <= 0.2)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
