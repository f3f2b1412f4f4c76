import { confidenceSequence } from '../../src/stats/confidence-sequence.js';
import type { Interval } from '../../src/stats/interval.js';
import { clopperPearson, wilson } from '../../src/stats/interval.js';
import type { SequentialPlan } from '../../src/stats/sequential.js';
import { sequentialRule, sequentialTest } from '../../src/stats/sequential.js';
import { coverage, coverageAtAllLooks, covers, summedOverEnds } from '../../test/stats/exact-sums.js';
import type { Place, Promised } from './promises.js';
import { atLeast, percent, told } from './promises.js';
import { runs, shows, simulated } from './simulation.js';

const level = 0.95;
const rates = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99];
const sizes = [5, 10, 20, 40, 60, 100];
/** Every thousandth between 0 and 1. */
const grid = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
/** No simulated run goes on for longer. */
const cap = 200;

type IntervalOf = (k: number, n: number) => Interval;

const exact = tabulated((k, n) => clopperPearson(k, n, level));
const limit = tabulated((k, n) => clopperPearson(k, n, level, 'upper'));
const score = tabulated((k, n) => wilson(k, n, level));
const sequence = tabulated((k, n) => confidenceSequence(k, n, level));

/** A way to come to an interval: what it covers exactly at rate p, and whether it did for a run's outcomes. */
interface Way {
  readonly name: string;
  readonly exactly: (p: number) => number;
  readonly covered: (seen: Run, p: number) => boolean;
}

/** A run up to `cap`: so many of its first n iterations showed it, at index n. */
type Run = Uint8Array;

/** Intervals whose n was fixed beforehand: the exact ones cover everywhere, Wilson's on average. */
export function calibrateFixed(): Promised[] {
  const everywhere = (intervalOf: IntervalOf): Place[] =>
    sizes.flatMap((n) =>
      grid.map((p) => ({ value: fixed(intervalOf, n).exactly(p), where: `p = ${p}, n = ${n}` })),
    );
  const tried = (intervalOf: IntervalOf): Place[] => sizes.flatMap((n) => simulate(fixed(intervalOf, n)));
  const means = sizes.map((n) => {
    const sum = grid.reduce((total, p) => total + fixed(score, n).exactly(p), 0);
    return { value: sum / grid.length, where: `n = ${n}` };
  });
  const off = ({ value }: Place): number => Math.abs(value - level);
  const furthest = means.reduce((a, b) => (off(b) > off(a) ? b : a));
  return [
    atLeast('Clopper–Pearson covers, n fixed', [...everywhere(exact), ...tried(exact)], level),
    atLeast('one-sided "at most" covers, n fixed', [...everywhere(limit), ...tried(limit)], level),
    {
      what: 'Wilson covers on average over p, n fixed',
      aim: '94–96 %',
      found: `${percent(furthest.value)} (${furthest.where})`,
      kept: off(furthest) <= 0.01,
    },
    told('Wilson covers at its worst p', everywhere(score)),
  ];
}

/** Intervals of runs that stop because of what they saw: the confidence sequence covers; those made for a fixed n do not. */
export function calibrateStopped(plan: SequentialPlan): Promised[] {
  const sequential = [looked, untilAnswer(plan), untilSight].map((way) => way(sequence));
  const naive = [looked, untilAnswer(plan), untilSight].map((way) => way(score));
  return [
    ...sequential.map((way) =>
      atLeast(`confidence sequence covers, ${way.name}`, [...exactPlaces(way), ...simulate(way)], level),
    ),
    ...naive.map((way) => told(`Wilson covers, ${way.name}`, exactPlaces(way))),
  ];
}

function fixed(intervalOf: IntervalOf, n: number): Way {
  const intervals = Array.from({ length: n + 1 }, (_, k) => intervalOf(k, n));
  return {
    name: `n = ${n}`,
    exactly: (p) => coverage(intervals, p),
    covered: (seen, p) => covers(intervalOf(seen[n] ?? 0, n), p),
  };
}

function looked(intervalOf: IntervalOf): Way {
  return {
    name: `at all of ${cap} looks`,
    exactly: (p) => coverageAtAllLooks(p, cap, intervalOf),
    covered: (seen, p) => seen.every((k, n) => n === 0 || covers(intervalOf(k, n), p)),
  };
}

function untilAnswer(plan: SequentialPlan): (intervalOf: IntervalOf) => Way {
  const answerAt = sequentialRule(plan);
  return (intervalOf) => ({
    name: 'stopped by the sequential test',
    exactly: (p) => coverageAtEnd(intervalOf, p, (k, n) => answerAt(k, n) !== 'open'),
    covered: (seen, p) => {
      const n = sequentialTest(outcomes(seen), plan).at ?? cap;
      return covers(intervalOf(seen[n] ?? 0, n), p);
    },
  });
}

function untilSight(intervalOf: IntervalOf): Way {
  return {
    name: 'stopped at the first sight',
    exactly: (p) => coverageAtEnd(intervalOf, p, (k) => k > 0),
    covered: (seen, p) => {
      const first = seen.indexOf(1);
      const n = first === -1 ? cap : first;
      return covers(intervalOf(seen[n] ?? 0, n), p);
    },
  };
}

function coverageAtEnd(intervalOf: IntervalOf, p: number, stops: (k: number, n: number) => boolean): number {
  return summedOverEnds(p, cap, stops, (k, n) => (covers(intervalOf(k, n), p) ? 1 : 0));
}

function exactPlaces({ exactly }: Way): Place[] {
  return rates.map((p) => ({ value: exactly(p), where: `p = ${p}` }));
}

function simulate({ name, exactly, covered }: Way): Place[] {
  return rates.map((p) => {
    let hits = 0;
    for (const run of simulatedRuns(p)) hits += covered(run, p) ? 1 : 0;
    return simulated(hits, `p = ${p}, ${name}`, level, exactly(p));
  });
}

const runsAtRate = new Map<number, Run[]>();

/** The same runs for all ways, as they differ in when they look at them only. */
function simulatedRuns(p: number): Run[] {
  const known = runsAtRate.get(p);
  if (known !== undefined) return known;
  const made = Array.from({ length: runs }, () => {
    const seen = new Uint8Array(cap + 1);
    for (let n = 1; n <= cap; n += 1) seen[n] = (seen[n - 1] ?? 0) + (shows(p) ? 1 : 0);
    return seen;
  });
  runsAtRate.set(p, made);
  return made;
}

function* outcomes(seen: Run): Generator<boolean> {
  for (let n = 1; n <= cap; n += 1) yield seen[n] !== seen[n - 1];
}

/** Intervals of all k of n for n up to `cap`, made once. */
function tabulated(make: IntervalOf): IntervalOf {
  const table = Array.from({ length: cap }, (_, i) =>
    Array.from({ length: i + 2 }, (_, k) => make(k, i + 1)),
  );
  return (k, n) => table[n - 1]?.[k] ?? make(k, n);
}
