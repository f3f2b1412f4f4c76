import type { Argv } from 'yargs';
import { UserError } from '../../errors.js';
import { parseDuration } from '../../scenario/duration.js';
import { maxIterations } from '../../scenario/schema.js';
import { defaultRange, type OffsetRange } from '../../scenario/window.js';
import { countOption } from '../options.js';

/** The options of `run` that have to do with the search for an offset. */
export interface WindowValues {
  readonly 'find-window': boolean;
  readonly window: string | undefined;
  readonly until: string | undefined;
  readonly delay: string | undefined;
  readonly shard: string | undefined;
  readonly sweep: string[] | undefined;
  readonly baseline: string | undefined;
  readonly 'max-iterations': string | undefined;
}

export interface WindowChoice {
  readonly range: OffsetRange;
  /** Of the search alone, over all arms. */
  readonly maxIterations: number;
}

const defaultMaxIterations = 100;
/** A lane that begins later than that has nobody left to race with. */
const latestMs = 3_600_000;

/** Why another option makes no sense beside the search. */
const conflicts = {
  until: 'what it finds is measured on a fixed number of iterations (--iterations)',
  sweep: 'it varies the delay, and nothing else',
  shard: 'a part cannot know what the others saw',
  baseline: 'a rate at an offset that was searched for matches no other; hold one at a --delay against it',
  delay: 'the delay is what it looks for; --window says where',
} as const;

export function windowOptions(yargs: Argv): Argv {
  return yargs
    .option('find-window', {
      type: 'boolean',
      default: false,
      describe: 'Look for the delay between lanes at which the fault shows, then measure there afresh',
    })
    .option('window', {
      type: 'string',
      requiresArg: true,
      describe: 'With --find-window: delays to look at, FROM..TO (default 0ms..1s)',
    });
}

/** Null: no offset is looked for. @throws {UserError} for what is no range, or does not go together. */
export function windowChoice(values: WindowValues): WindowChoice | null {
  if (!values['find-window']) {
    if (values.window === undefined) return null;
    throw new UserError('--window goes with --find-window: a delay of your own is --delay');
  }
  for (const [name, why] of Object.entries(conflicts) as [keyof typeof conflicts, string][])
    if (values[name] !== undefined) throw new UserError(`--find-window does not go with --${name}: ${why}`);
  const limit = countOption('max-iterations', values['max-iterations'], maxIterations);
  return { range: rangeOption(values.window), maxIterations: limit ?? defaultMaxIterations };
}

function rangeOption(value: string | undefined): OffsetRange {
  if (value === undefined) return defaultRange;
  const [fromMs = null, toMs = null, ...more] = value.split('..').map(parseDuration);
  if (fromMs === null || toMs === null || more.length > 0)
    throw new UserError(`--window ${value}: expected two delays such as 0ms..300ms`);
  if (fromMs >= toMs) throw new UserError(`--window ${value}: the first delay has to be below the second`);
  if (toMs > latestMs) throw new UserError(`--window ${value}: expected delays of at most 1h`);
  return { fromMs, toMs };
}
