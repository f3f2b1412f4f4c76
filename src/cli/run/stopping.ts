import type { Argv } from 'yargs';
import { UserError } from '../../errors.js';
import { maxSeed, type Shard, type Stopping } from '../../scenario/plan.js';
import { maxIterations } from '../../scenario/schema.js';
import { countOption, durationOption } from '../options.js';

/** The options of `run` that say in which order, how long and which part. */
export interface StoppingValues {
  readonly 'find-window': boolean;
  readonly seed: string | undefined;
  readonly until: string | undefined;
  readonly p0: string | undefined;
  readonly p1: string | undefined;
  readonly iterations: string | undefined;
  readonly 'max-iterations': string | undefined;
  readonly 'max-time': string | undefined;
  readonly shard: string | undefined;
}

export interface StoppingChoice {
  readonly seed: number | null;
  readonly stopping: Stopping;
  readonly maxTimeMs: number | null;
  readonly shard: Shard | null;
  /** Upper limit of the iterations of each arm where the number hangs on what is seen, else null. */
  readonly maxIterations: number | null;
}

/** A run that goes on until it knows has to end some day. */
const defaultMaxTimeMs = 30 * 60_000;
/** Far beyond what the sequential test needs between its two rates (some 40 on average in the middle). */
const defaultMaxIterations = 1_000;
const usual = { p0: 0.05, p1: 0.3, error: 0.05 };

export function stoppingOptions(yargs: Argv): Argv {
  return yargs
    .option('seed', {
      type: 'string',
      requiresArg: true,
      describe: 'What the order of the iterations follows from (default: a new one, which is printed)',
    })
    .option('until', {
      type: 'string',
      requiresArg: true,
      choices: ['verdict', 'first'],
      describe: 'Go on until it is settled (at least p1 or at most p0), or to the first sight',
    })
    .option('p0', {
      type: 'string',
      requiresArg: true,
      describe: 'Rate that is as good as none (default 0.05)',
    })
    .option('p1', { type: 'string', requiresArg: true, describe: 'Rate that must be found (default 0.3)' })
    .option('max-iterations', {
      type: 'string',
      requiresArg: true,
      describe: `With --until: iterations of each arm at most (default ${defaultMaxIterations}); with --find-window: of the whole search (default 100)`,
    })
    .option('max-time', {
      type: 'string',
      requiresArg: true,
      describe: 'No iteration begins later than that (default 30m with --until and --find-window, else none)',
    })
    .option('shard', {
      type: 'string',
      requiresArg: true,
      describe: 'Part of the plan: 2/8; merge joins the parts',
    });
}

/** @throws {UserError} for what is no number, no part, or does not go together. */
export function stoppingChoice(values: StoppingValues): StoppingChoice {
  const { until, iterations, 'max-iterations': most, 'find-window': isSearch } = values;
  if (until === undefined) {
    const strays = isSearch ? (['p0', 'p1'] as const) : (['p0', 'p1', 'max-iterations'] as const);
    const stray = strays.find((name) => values[name] !== undefined);
    if (stray !== undefined)
      throw new UserError(`--${stray} goes with --until; a fixed number is --iterations`);
  } else if (iterations !== undefined) {
    throw new UserError('--iterations is a fixed number; with --until, say --max-iterations');
  } else if (values.shard !== undefined) {
    throw new UserError('--shard takes a fixed number of iterations: a part cannot know what the others saw');
  }
  const timeMs = durationOption('max-time', values['max-time']);
  if (timeMs === 0) throw new UserError('--max-time 0: expected more than nothing');
  const limit = countOption('max-iterations', most, maxIterations);
  return {
    seed: seedOption(values.seed),
    stopping: rule(values),
    maxTimeMs: timeMs ?? (until === undefined && !isSearch ? null : defaultMaxTimeMs),
    shard: shardOption(values.shard),
    maxIterations: until === undefined ? null : (limit ?? defaultMaxIterations),
  };
}

function rule({ until, p0, p1 }: StoppingValues): Stopping {
  if (until === undefined) return { rule: 'fixed' };
  if (until === 'first') {
    const stray = p0 === undefined ? (p1 === undefined ? null : 'p1') : 'p0';
    if (stray !== null) throw new UserError(`--${stray} goes with --until verdict`);
    return { rule: 'first' };
  }
  return { rule: 'verdict', ...ratesToTell({ p0, p1 }) };
}

/** Two rates that are told apart, and the error of each answer. @throws {UserError} */
export function ratesToTell({ p0, p1 }: Pick<StoppingValues, 'p0' | 'p1'>): typeof usual {
  const low = rateOption('p0', p0) ?? usual.p0;
  const high = rateOption('p1', p1) ?? usual.p1;
  if (low >= high)
    throw new UserError(`p0 has to be below p1: nothing can be told apart at --p0 ${low} and --p1 ${high}`);
  return { p0: low, p1: high, error: usual.error };
}

/** A rate between 0 and 1 given on the command line, or null. @throws {UserError} */
export function rateOption(
  name: string,
  value: string | undefined,
  expected = 'a rate between 0 and 1, such as 0.3',
): number | null {
  if (value === undefined) return null;
  const rate = value.trim() === '' ? Number.NaN : Number(value);
  if (rate > 0 && rate < 1) return rate;
  throw new UserError(`--${name} ${value}: expected ${expected}`);
}

function seedOption(value: string | undefined): number | null {
  if (value === undefined) return null;
  const seed = Number(value);
  if (/^\d+$/.test(value) && seed <= maxSeed) return seed;
  throw new UserError(`--seed ${value}: expected a whole number from 0 to ${maxSeed}`);
}

function shardOption(value: string | undefined): Shard | null {
  if (value === undefined) return null;
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(value) ?? []).map(Number);
  const isPart = index !== undefined && of !== undefined && index >= 1 && index <= of && of <= maxIterations;
  if (isPart) return { index, of };
  throw new UserError(`--shard ${value}: expected a part such as 2/8, from 1/8 to 8/8`);
}
