import type { Argv } from 'yargs';
import { UserError } from '../../errors.js';
import type { Plan } from '../../scenario/plan.js';
import { usageError } from '../ending.js';

/** The options of `run` that hold it against a baseline. */
export interface BaselineValues {
  readonly baseline: string | undefined;
  readonly margin: string | undefined;
  readonly 'fail-on': Plan['failOn'];
  readonly until: string | undefined;
  readonly shard: string | undefined;
}

export interface BaselineChoice {
  /** A baseline's file or name, or a run; `auto`: the one that fits. */
  readonly named: string;
  /** A fraction. */
  readonly margin: number;
}

const defaultMargin = 0.2;

/** Why another option makes no sense beside a baseline. */
const conflicts = {
  until: 'counts that end because of what showed are no fair sample; say --iterations',
  shard: 'a part is compared once it is merged with the others',
} as const;

export const marginOption = {
  type: 'string',
  requiresArg: true,
  describe: 'Percentage points below which a change is none (default 20)',
} as const;

export function baselineOptions(yargs: Argv): Argv {
  return yargs
    .option('baseline', {
      type: 'string',
      requiresArg: true,
      describe: 'Hold it against a baseline: its file or name, or auto for the one that fits',
    })
    .option('margin', marginOption);
}

/** Null: it is held against nothing. @throws {UserError} for what does not go together, or is no margin. */
export function baselineChoice(values: BaselineValues): BaselineChoice | null {
  const { baseline, margin } = values;
  if (baseline !== undefined) {
    for (const [name, why] of Object.entries(conflicts) as [keyof typeof conflicts, string][])
      if (values[name] !== undefined) throw usageError(`--baseline does not go with --${name}: ${why}`);
    return { named: baseline, margin: marginOf(margin) };
  }
  if (margin !== undefined) throw usageError('--margin goes with --baseline');
  if (values['fail-on'] === 'regression') {
    throw usageError('--fail-on regression needs something to hold the run against: --baseline');
  }
  return null;
}

/** Percentage points given on the command line, as a fraction. @throws {UserError} */
export function marginOf(value: string | undefined): number {
  if (value === undefined) return defaultMargin;
  const points = value.trim() === '' ? Number.NaN : Number(value);
  if (points > 0 && points <= 100) return points / 100;
  throw new UserError(`--margin ${value}: expected percentage points above 0 and up to 100, such as 20`);
}
