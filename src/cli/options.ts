import { UserError } from '../errors.js';
import { maxLanes } from '../scenario/build.js';
import { parseDuration } from '../scenario/duration.js';
import { maxIterations } from '../scenario/schema.js';
import { usageError } from './ending.js';

/** The option that says where runs are kept. */
export const outOption = {
  type: 'string',
  default: 'results',
  describe: 'The folder that holds the runs',
  requiresArg: true,
} as const;

export const jsonOption = {
  type: 'boolean',
  default: false,
  describe: 'One JSON document on stdout',
} as const;

/** What ends a run with exit code 1; `default` is whoever's takes it. */
export const failOnOption = {
  type: 'string',
  choices: ['never', 'reproduced', 'not-reproduced', 'regression'],
  requiresArg: true,
} as const;

export const runPositional = {
  type: 'string',
  describe: 'A run directory, a run’s name, or latest',
  demandOption: true,
} as const;

/** What a report that shows single iterations is about. */
export const aboutOption = {
  type: 'string',
  requiresArg: true,
  describe: 'The arm whose fault it is about, where a run shows several',
} as const;

/** @throws {UserError} where a command that takes one arm is given several. */
export function oneArm(arm: string | readonly string[] | undefined): string | null {
  if (arm !== undefined && typeof arm !== 'string') throw usageError('--arm is given twice');
  return arm ?? null;
}

/** What a run is made with; `run` and `plan` take the same. */
export const choices = {
  builder: {
    type: 'string',
    array: true,
    requiresArg: true,
    nargs: 1,
    describe:
      'KIND[:INSTANCE]; a comma list is an order of preference, repeated it runs on each (default auto)',
  },
  arm: { type: 'string', array: true, requiresArg: true, nargs: 1, describe: 'Run only these arms' },
  lanes: { type: 'string', requiresArg: true, describe: 'Builds at one instant' },
  delay: { type: 'string', requiresArg: true, describe: 'Delay of each lane after the gate: 0ms,50ms' },
  registry: {
    type: 'string',
    requiresArg: true,
    describe: 'HOST:PORT of a plain-http registry for scenarios that push (default $BUILDRACE_REGISTRY)',
  },
  destructive: {
    type: 'boolean',
    default: false,
    describe: 'Allow steps that take from others, such as emptying the builder’s cache',
  },
} as const;

/** Values of an option that may be repeated and may hold comma lists. */
export function listed(values: readonly string[] | undefined): string[] | null {
  if (values === undefined) return null;
  return values.flatMap((value) => value.split(',')).map((value) => value.trim());
}

/** A count given on the command line, or null. @throws {UserError} outside of 1 to `most`. */
export function countOption(name: string, value: string | undefined, most: number): number | null {
  if (value === undefined) return null;
  const count = Number(value);
  if (/^\d+$/.test(value) && count >= 1 && count <= most) return count;
  throw new UserError(`--${name} ${value}: expected a whole number from 1 to ${most}`);
}

export const lanesOption = (value: string | undefined): number | null =>
  countOption('lanes', value, maxLanes);
export const iterationsOption = (value: string | undefined): number | null =>
  countOption('iterations', value, maxIterations);
export const iterationOption = (value: string | undefined): number | null =>
  countOption('iteration', value, maxIterations);

/** A duration given on the command line, in ms, or null. @throws {UserError} */
export function durationOption(name: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const ms = parseDuration(value);
  if (ms === null)
    throw new UserError(`--${name} ${value}: expected a duration such as 50ms, 90s or 10m, at most 480h`);
  return ms;
}

/** Delays of the lanes given on the command line, in ms, or null. @throws {UserError} */
export function delaysOption(value: string | undefined): number[] | null {
  const values = listed(value === undefined ? undefined : [value]);
  return values?.map((one) => durationOption('delay', one) ?? 0) ?? null;
}
