import type { SequentialPlan } from '../src/stats/sequential.js';
import { calibrateComparing } from './calibration/comparing.js';
import { calibrateFixed, calibrateStopped } from './calibration/intervals.js';
import { asTable } from './calibration/promises.js';
import { calibrateErrors, calibrateSavings, savingsTable } from './calibration/sequential.js';
import { furthestFromExact, runs } from './calibration/simulation.js';

// What the statistics promise, held against exact sums and simulated runs. Exit code 1: a promise is not kept.

const usual: SequentialPlan = { p0: 0.05, p1: 0.3, error: 0.05 };
const plans: readonly SequentialPlan[] = [
  usual,
  { p0: 0.05, p1: 0.3, error: 0.01 },
  { p0: 0.01, p1: 0.1, error: 0.05 },
  { p0: 0.1, p1: 0.5, error: 0.05 },
];

const promises = [
  ...calibrateFixed(),
  ...calibrateStopped(usual),
  ...calibrateErrors(plans),
  ...calibrateSavings(usual),
  ...calibrateComparing(),
];
console.log(`${asTable(promises)}\n\n${savingsTable(plans)}\n`);

// Some 250 shares are simulated: by chance alone one is 4 standard errors off in one calibration of sixty.
const furthest = furthestFromExact();
const agrees = furthest <= 4.5;
console.log(
  `${runs} simulated runs for each value; none is further than ${furthest.toFixed(1)} standard errors from its exact sum${agrees ? '' : ', which is too far'}.`,
);
process.exitCode = agrees && promises.every(({ kept }) => kept !== false) ? 0 : 1;
