import type { ArmResult, SweepResult } from '../results/result.js';
import type { Plan } from '../scenario/plan.js';
import { type FactorCell, factorTest } from '../stats/factor-test.js';
import { holm } from '../stats/holm.js';

type Factors = SweepResult['factors'];
type Test = SweepResult['tests'][number];

/**
 * What a sweep says of its factors; null where no arm is a point of one. One permutation test for each reproduce arm that was
 * swept, signal that it expects, and factor that could be looked at on several levels.
 * The test's deals follow from the seed, so that the same run gives the same p. Where the number of iterations hung on what
 * was seen, it holds no more, and there is none.
 */
export function sweepResult(
  arms: readonly ArmResult[],
  { seed, stopping }: Pick<Plan, 'seed' | 'stopping'>,
): SweepResult | null {
  const factors = factorsOf(arms);
  if (factors.length === 0) return null;
  if (stopping.rule !== 'fixed') return { factors, tests: [] };
  const swept = arms.filter(({ role, point }) => role === 'reproduce' && point !== null);
  const tests = [...new Set(swept.map(({ point }) => point?.arm ?? ''))].flatMap((arm) =>
    testsOf(
      arm,
      swept.filter(({ point }) => point?.arm === arm),
      factors,
      seed ?? 0,
    ),
  );
  const adjusted = holm(tests.map(({ p }) => p));
  return { factors, tests: tests.map((test, i) => ({ ...test, pAdjusted: adjusted[i] ?? 1 })) };
}

/** Factors and levels in the order in which the points name them, which is the sweep's. */
function factorsOf(arms: readonly ArmResult[]): Factors {
  const levels = new Map<string, Set<string>>();
  for (const { point } of arms)
    for (const [name, level] of Object.entries(point?.factors ?? {}))
      levels.set(name, (levels.get(name) ?? new Set()).add(level));
  return [...levels].map(([name, of]) => ({ name, levels: [...of] }));
}

function testsOf(
  arm: string,
  points: readonly ArmResult[],
  factors: Factors,
  seed: number,
): Omit<Test, 'pAdjusted'>[] {
  const expected = points.flatMap(({ signals }) => signals.filter((one) => one.expected));
  return [...new Set(expected.map(({ signal }) => signal))].flatMap((signal) =>
    factors.flatMap(({ name: factor }) => {
      const cells = points.flatMap((point) => cellOf(point, signal, factor));
      const looked = new Set(cells.filter(({ of }) => of > 0).map(({ level }) => level));
      return looked.size < 2 ? [] : [{ arm, signal, factor, p: factorTest(cells, seed) }];
    }),
  );
}

function cellOf({ point, signals }: ArmResult, signal: Test['signal'], factor: string): FactorCell[] {
  const { [factor]: level, ...others } = point?.factors ?? {};
  const iterations = signals.find((one) => one.signal === signal)?.iterations;
  if (level === undefined || iterations === undefined) return [];
  return [{ level, stratum: JSON.stringify(others), count: iterations.count, of: iterations.of }];
}
