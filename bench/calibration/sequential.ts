import { iterationsToTell } from '../../src/stats/sample-size.js';
import type { SequentialPlan } from '../../src/stats/sequential.js';
import { expectedIterations, sequentialCourse, sequentialTest } from '../../src/stats/sequential.js';
import type { Place, Promised } from './promises.js';
import { atLeast, atMost, percent, told } from './promises.js';
import { runs, shows, simulated } from './simulation.js';

/** How often the sequential test errs at the two rates that it tells apart. */
export function calibrateErrors(plans: readonly SequentialPlan[]): Promised[] {
  const errors = [...new Set(plans.map(({ error }) => error))];
  return errors.map((error) => {
    const places = plans
      .filter((plan) => plan.error === error)
      .flatMap((plan) => [...wrongAnswers(plan, 'at-least'), ...wrongAnswers(plan, 'at-most')]);
    return atMost('the sequential test errs at p0 or at p1', places, error);
  });
}

function wrongAnswers(plan: SequentialPlan, wrong: 'at-least' | 'at-most'): Place[] {
  const p = wrong === 'at-least' ? plan.p0 : plan.p1;
  const course = sequentialCourse(p, plan);
  const exact = wrong === 'at-least' ? course.atLeast : course.atMost;
  let hits = 0;
  for (let run = 0; run < runs; run += 1) {
    hits += sequentialTest(outcomes(p), plan).answer === wrong ? 1 : 0;
  }
  const where = `p = ${p} of ${named(plan)}`;
  return [{ value: exact, where }, simulated(hits, where, plan.error, exact)];
}

function* outcomes(p: number): Generator<boolean> {
  for (;;) yield shows(p);
}

/** What it saves of the iterations that the best fixed number takes at the same errors. */
export function calibrateSavings(plan: SequentialPlan): Promised[] {
  const fixed = iterationsToTell(plan.p0, plan.p1, plan.error);
  const saved = (p: number): Place => {
    const mean = expectedIterations(p, plan);
    return { value: 1 - mean / fixed, where: `p = ${p}: ${mean.toFixed(1)} of ${fixed}` };
  };
  const what = `the sequential test of ${named(plan)} saves`;
  return [
    ...[plan.p1, 0.01, 0.6].map((p) => atLeast(`${what} at ${p}`, [saved(p)], 0.5)),
    {
      ...told(`${what} at ${plan.p0}`, [saved(plan.p0)]),
      aim: `no test can save more than ${percent(1 - leastPossible(plan) / fixed)}`,
    },
  ];
}

/** Wald's lower bound of the mean number of iterations at p0, for any test whatsoever with these errors. */
function leastPossible({ p0, p1, error }: SequentialPlan): number {
  const evidence = (1 - 2 * error) * Math.log((1 - error) / error);
  return evidence / (p0 * Math.log(p0 / p1) + (1 - p0) * Math.log((1 - p0) / (1 - p1)));
}

/** The same, as a table, for several plans. */
export function savingsTable(plans: readonly SequentialPlan[]): string {
  const rows = plans.map((plan) => {
    const means = [plan.p0, plan.p1, 0.01, 0.6].map((p) => expectedIterations(p, plan).toFixed(1));
    return `| ${named(plan)} | ${iterationsToTell(plan.p0, plan.p1, plan.error)} | ${means.join(' | ')} |`;
  });
  return [
    '| p0 from p1 at error | fixed n | mean at p0 | at p1 | at 0.01 | at 0.6 |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function named({ p0, p1, error }: SequentialPlan): string {
  return `${p0} from ${p1} at ${error * 100} %`;
}
