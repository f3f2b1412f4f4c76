import { holm } from '../../src/stats/holm.js';
import type { Change, RateComparison } from '../../src/stats/rate-comparison.js';
import { changeVerdict, compareRates } from '../../src/stats/rate-comparison.js';
import { binomial } from '../../test/stats/binomial.js';
import type { Place, Promised } from './promises.js';
import { atLeast, atMost } from './promises.js';
import { runs, shows, simulated } from './simulation.js';

const margin = 0.2;
const level = 0.05;
const rows = 6;

/** What comparing two runs says where it is known what it should say. */
export function calibrateComparing(): Promised[] {
  const small = comparisons(20);
  const large = comparisons(60);
  const oneRow: Place[] = [];
  const sixRows: Place[] = [];
  for (const all of [small, large]) {
    for (const p of [0.05, 0.3, 0.5, 0.9]) {
      const where = `p = ${p}, n = ${all.n}`;
      const cry = chance(all, p, p, 'regression');
      oneRow.push({ value: cry, where }, simulated(cries(all, p, 1), where, level, cry));
      const value = cries(all, p, rows) / runs;
      sixRows.push({
        value,
        where: `${where}, simulated`,
        slack: 3 * Math.sqrt((level * (1 - level)) / runs),
      });
    }
  }
  return [
    atMost('no difference, one row: cries regression', oneRow, level),
    atMost(`no difference, ${rows} rows, Holm: cries regression in any`, sixRows, level),
    atLeast(
      'both 0.05: told as unchanged',
      [{ value: chance(large, 0.05, 0.05, 'unchanged'), where: 'n = 60' }],
      0.8,
    ),
    atLeast(
      '0.1 became 0.9: told as regression',
      [{ value: chance(small, 0.1, 0.9, 'regression'), where: 'n = 20' }],
      0.95,
    ),
  ];
}

/** All pairs of counts of two runs of n iterations each. */
interface Comparisons {
  readonly n: number;
  readonly of: (base: number, run: number) => RateComparison;
}

function comparisons(n: number): Comparisons {
  const counts = Array.from({ length: n + 1 }, (_, k) => k);
  const table = counts.map((base) =>
    counts.map((run) => compareRates({ count: base, of: n }, { count: run, of: n })),
  );
  return {
    n,
    of: (base, run) => table[base]?.[run] ?? compareRates({ count: base, of: n }, { count: run, of: n }),
  };
}

/** Probability of that verdict for one row, summed over all pairs of counts. */
function chance({ n, of }: Comparisons, baseRate: number, runRate: number, verdict: Change): number {
  let sum = 0;
  for (let base = 0; base <= n; base += 1) {
    for (let run = 0; run <= n; run += 1) {
      const { difference, p } = of(base, run);
      if (changeVerdict(difference, p, margin) === verdict) {
        sum += binomial(base, n, baseRate) * binomial(run, n, runRate);
      }
    }
  }
  return sum;
}

/** Simulated pairs of runs, with nothing between them in any row, that end in a regression of at least one. */
function cries({ n, of }: Comparisons, p: number, rows: number): number {
  let hits = 0;
  for (let run = 0; run < runs; run += 1) {
    const compared = Array.from({ length: rows }, () => of(seen(n, p), seen(n, p)));
    const adjusted = holm(compared.map(({ p }) => p));
    const verdicts = compared.map(({ difference }, i) => changeVerdict(difference, adjusted[i] ?? 1, margin));
    hits += verdicts.includes('regression') ? 1 : 0;
  }
  return hits;
}

function seen(n: number, p: number): number {
  let count = 0;
  for (let i = 0; i < n; i += 1) count += shows(p) ? 1 : 0;
  return count;
}
