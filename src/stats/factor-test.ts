import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { checkCount } from './counts.js';
import { tie } from './fisher.js';
import { conditional } from './hypergeometric.js';

const permutations = 10_000;

/** What one level of the factor showed where the other factors stood still: `count` of `of` iterations. */
export interface FactorCell {
  readonly level: string;
  /** The levels of all other factors, as one name. */
  readonly stratum: string;
  readonly count: number;
  readonly of: number;
}

/**
 * Whether a factor moves a rate: p of a permutation test within the strata that the other factors make. Outcomes are dealt out
 * anew among the iterations of each stratum, 10,000 times, and p is (1 + deals at least as extreme) / (1 + deals). Extreme is
 * the sum over the levels of (seen - expected)^2 / variance, both given what each stratum showed in total, so that a factor
 * is not blamed for what comes with another one. 1 where no deal could differ.
 * Sources: Mantel & Haenszel 1959, JNCI 22:719-748, for the strata; Phipson & Smyth 2010, SAGMB 9:39, for p.
 *
 * The same seed gives the same p. Cells of one level and stratum are added up; one of which nothing was run (0 of 0) says nothing.
 * Throws RangeError for counts that cannot be, and for a seed that is no whole number.
 */
export function factorTest(cells: readonly FactorCell[], seed: number): number {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`a seed is a whole number, not ${seed}`);
  }
  const { levels, strata } = tabulate(cells);
  const expected = new Float64Array(levels);
  const variance = new Float64Array(levels);
  const observed = new Float64Array(levels);
  for (const { sizes, counts, size, total } of strata) {
    const rate = total / size;
    sizes.forEach((n, level) => {
      const spread = size === 1 ? 0 : (size - n) / (size - 1);
      observed[level] = (observed[level] ?? 0) + (counts[level] ?? 0);
      expected[level] = (expected[level] ?? 0) + n * rate;
      variance[level] = (variance[level] ?? 0) + n * rate * (1 - rate) * spread;
    });
  }
  if (variance.every((one) => one === 0)) {
    return 1;
  }
  const extremity = (seen: Float64Array): number =>
    seen.reduce((sum, count, level) => {
      const scale = variance[level] ?? 0;
      return scale === 0 ? sum : sum + (count - (expected[level] ?? 0)) ** 2 / scale;
    }, 0);

  const limit = extremity(observed) * (1 - tie);
  const random = xoroshiro128plus(seed | 0);
  const deals = strata.map((stratum) => dealer(stratum, () => uniformFloat64(random)));
  const dealt = new Float64Array(levels);
  let hits = 0;
  for (let permutation = 0; permutation < permutations; permutation += 1) {
    dealt.fill(0);
    for (const deal of deals) deal(dealt);
    hits += extremity(dealt) >= limit ? 1 : 0;
  }
  return (1 + hits) / (1 + permutations);
}

/** Iterations and sights of each level, by the level's number. */
interface Stratum {
  readonly sizes: number[];
  readonly counts: number[];
  size: number;
  total: number;
}

function tabulate(cells: readonly FactorCell[]): { levels: number; strata: Stratum[] } {
  const ran = cells.filter(({ count, of }) => count !== 0 || of !== 0);
  const levels = [...new Set(ran.map(({ level }) => level))];
  const strata = new Map<string, Stratum>();
  for (const { level, stratum, count, of } of ran) {
    checkCount(count, of);
    const one = strata.get(stratum) ?? {
      sizes: levels.map(() => 0),
      counts: levels.map(() => 0),
      size: 0,
      total: 0,
    };
    const index = levels.indexOf(level);
    one.sizes[index] = (one.sizes[index] ?? 0) + of;
    one.counts[index] = (one.counts[index] ?? 0) + count;
    one.size += of;
    one.total += count;
    strata.set(stratum, one);
  }
  return { levels: levels.length, strata: [...strata.values()] };
}

/** Adds to each level what chance gives it of the stratum's sights: level by level, out of what is left. */
function dealer({ sizes, size, total }: Stratum, random: () => number): (dealt: Float64Array) => void {
  // How many sights a level gets hangs on how many are left for it; each table is made once.
  const tables = sizes.map(() => new Map<number, { first: number; cumulative: Float64Array }>());
  return (dealt) => {
    let iterationsLeft = size;
    let left = total;
    sizes.forEach((n, level) => {
      iterationsLeft -= n;
      const known = tables[level]?.get(left);
      const table = known ?? cumulated(n, iterationsLeft, left);
      if (known === undefined) {
        tables[level]?.set(left, table);
      }
      const share = table.first + drawn(table.cumulative, random());
      dealt[level] = (dealt[level] ?? 0) + share;
      left -= share;
    });
  };
}

function cumulated(n: number, others: number, total: number): { first: number; cumulative: Float64Array } {
  const { first, probabilities } = conditional(n, others, total);
  let sum = 0;
  return { first, cumulative: probabilities.map((probability) => (sum += probability)) };
}

/** The place at which the cumulative probabilities pass `chance`; the last one where rounding leaves a gap. */
function drawn(cumulative: Float64Array, chance: number): number {
  let place = 0;
  while (place < cumulative.length - 1 && chance >= (cumulative[place] ?? 1)) {
    place += 1;
  }
  return place;
}
