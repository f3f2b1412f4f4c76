import { describe, expect, it } from 'vitest';
import type { SequentialPlan } from '../../src/stats/sequential.js';
import { expectedIterations, sequentialCourse, sequentialTest } from '../../src/stats/sequential.js';

const plans: SequentialPlan[] = [
  { p0: 0.01, p1: 0.1, error: 0.05 },
  { p0: 0.02, p1: 0.2, error: 0.05 },
  { p0: 0.05, p1: 0.3, error: 0.05 },
  { p0: 0.05, p1: 0.3, error: 0.01 },
  { p0: 0.01, p1: 0.6, error: 0.05 },
  { p0: 0.2, p1: 0.8, error: 0.1 },
  { p0: 0.4, p1: 0.5, error: 0.05 },
  { p0: 0.05, p1: 0.95, error: 0.3 },
];
const usual = { p0: 0.05, p1: 0.3, error: 0.05 };

function repeated(outcome: boolean, times: number): boolean[] {
  return new Array<boolean>(times).fill(outcome);
}

describe('sequentialTest', () => {
  it('decides where the likelihood ratio first passes 1/error or error, worked out by hand', () => {
    // A sight multiplies the ratio by 0.3/0.05 = 6, a miss by 0.7/0.95 = 0.7368: 6^2 = 36 >= 20, 0.7368^9 = 0.064, ^10 = 0.047.
    expect(sequentialTest([true], usual)).toEqual({ answer: 'open', at: null });
    expect(sequentialTest([true, true], usual)).toEqual({ answer: 'at-least', at: 2 });
    expect(sequentialTest(repeated(false, 9), usual)).toEqual({ answer: 'open', at: null });
    expect(sequentialTest(repeated(false, 10), usual)).toEqual({ answer: 'at-most', at: 10 });
    // 6^2 * 0.7368 = 26.5, ^2 = 19.5: one miss between two sights does no harm, two make it wait.
    expect(sequentialTest([true, false, true], usual)).toEqual({ answer: 'at-least', at: 3 });
    expect(sequentialTest([true, false, false, true], usual)).toEqual({ answer: 'open', at: null });
    expect(sequentialTest([], usual)).toEqual({ answer: 'open', at: null });
  });

  it('lets a ratio that meets the boundary exactly decide', () => {
    // 0.6/0.03 = 20 = 1/0.05.
    expect(sequentialTest([true], { p0: 0.03, p1: 0.6, error: 0.05 })).toEqual({ answer: 'at-least', at: 1 });
    expect(sequentialTest([false], { p0: 0.4, p1: 0.97, error: 0.05 })).toEqual({ answer: 'at-most', at: 1 });
  });

  it('keeps to its first answer, and asks for no outcome after it', () => {
    expect(sequentialTest([true, true, ...repeated(false, 100)], usual)).toEqual({
      answer: 'at-least',
      at: 2,
    });
    let asked = 0;
    function* misses(): Generator<boolean> {
      for (;;) {
        asked += 1;
        yield false;
      }
    }
    expect(sequentialTest(misses(), usual)).toEqual({ answer: 'at-most', at: 10 });
    expect(asked).toBe(10);
  });

  it.each([
    { p0: 0.3, p1: 0.3, error: 0.05 },
    { p0: 0.4, p1: 0.3, error: 0.05 },
    { p0: 0, p1: 0.3, error: 0.05 },
    { p0: 0.1, p1: 1, error: 0.05 },
    { p0: Number.NaN, p1: 0.3, error: 0.05 },
    { p0: 0.1, p1: 0.3, error: 0 },
    { p0: 0.1, p1: 0.3, error: 0.5 },
    { p0: 0.1, p1: 0.3, error: Number.NaN },
  ])('refuses %j, also where there is nothing to judge yet', (plan) => {
    expect(() => sequentialTest([], plan)).toThrow(RangeError);
    expect(() => expectedIterations(0.1, plan)).toThrow(RangeError);
  });
});

describe('sequentialCourse', () => {
  it('equals carrying the test out on every sequence of outcomes there is', () => {
    const cap = 12;
    for (const plan of plans) {
      for (const p of [0.05, 0.3, 0.7]) {
        const sums = { 'at-least': 0, 'at-most': 0, open: 0 };
        let iterations = 0;
        for (let bits = 0; bits < 2 ** cap; bits += 1) {
          const outcomes = Array.from({ length: cap }, (_, i) => (bits & (1 << i)) !== 0);
          const probability = outcomes.reduce((product, seen) => product * (seen ? p : 1 - p), 1);
          const { answer, at } = sequentialTest(outcomes, plan);
          sums[answer] += probability;
          iterations += probability * (at ?? cap);
        }
        const course = sequentialCourse(p, plan, cap);
        expect(course.atLeast).toBeCloseTo(sums['at-least'], 10);
        expect(course.atMost).toBeCloseTo(sums['at-most'], 10);
        expect(course.open).toBeCloseTo(sums.open, 10);
        expect(course.iterations).toBeCloseTo(iterations, 10);
      }
    }
  });

  it.each(plans)('answers wrongly with probability `error` at most: $p0 or $p1 at $error', (plan) => {
    for (const share of [1, 0.9, 0.5, 0.1, 0]) {
      const clean = sequentialCourse(plan.p0 * share, plan);
      const faulty = sequentialCourse(1 - (1 - plan.p1) * share, plan);
      expect(clean.atLeast).toBeLessThanOrEqual(plan.error);
      expect(faulty.atMost).toBeLessThanOrEqual(plan.error);
      expect(clean.open + faulty.open).toBeLessThan(1e-12);
    }
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses the rate %d', (p) => {
    expect(() => sequentialCourse(p, usual)).toThrow(RangeError);
  });

  it.each([0, 1.5, Number.POSITIVE_INFINITY])('refuses the cap %d', (cap) => {
    expect(() => sequentialCourse(0.1, usual, cap)).toThrow(RangeError);
  });
});

describe('expectedIterations', () => {
  it('agrees with what can be worked out by hand', () => {
    expect(expectedIterations(0, usual)).toBe(10);
    expect(expectedIterations(1, usual)).toBe(2);
    expect(expectedIterations(0.2, usual, 1)).toBe(1);
    // One sight is enough (600 * 0.4^3 = 38 >= 20), so are four misses ((0.4/0.999)^3 = 0.064, ^4 = 0.026).
    expect(expectedIterations(0.3, { p0: 0.001, p1: 0.6, error: 0.05 })).toBeCloseTo(
      1 + 0.7 + 0.7 ** 2 + 0.7 ** 3,
      12,
    );
  });

  it("is Wald's identity: the mean ratio at the end is the mean step times the mean number of steps", () => {
    for (const plan of plans) {
      const up = Math.log(plan.p1 / plan.p0);
      const down = Math.log((1 - plan.p1) / (1 - plan.p0));
      for (const p of [plan.p0, plan.p1]) {
        const step = p * up + (1 - p) * down;
        const { atLeast, atMost, iterations } = sequentialCourse(p, plan);
        const least = atLeast * -Math.log(plan.error) + atMost * (Math.log(plan.error) + down);
        const most = atLeast * (-Math.log(plan.error) + up) + atMost * Math.log(plan.error);
        expect(step * iterations).toBeGreaterThanOrEqual(least - 1e-6);
        expect(step * iterations).toBeLessThanOrEqual(most + 1e-6);
      }
    }
  });

  it('takes longest between the two rates', () => {
    expect(expectedIterations(0.15, usual)).toBeGreaterThan(expectedIterations(0.05, usual));
    expect(expectedIterations(0.15, usual)).toBeGreaterThan(expectedIterations(0.3, usual));
  });
});
