import type { Argv } from 'yargs';
import { parseSweep, type Sweep } from '../../scenario/sweep.js';

/** The option of `run` that says what is varied. */
export interface SweepValues {
  readonly sweep: string[] | undefined;
}

export function sweepOptions(yargs: Argv): Argv {
  return yargs.option('sweep', {
    type: 'string',
    array: true,
    requiresArg: true,
    nargs: 1,
    describe:
      'Vary a factor: delay=0ms,50ms; also lanes, files, bytes, cpus, arg.NAME; repeated, every combination',
  });
}

/** Null where nothing is varied but what a scenario says. @throws {UserError} for what `parseSweep` refuses. */
export function sweepChoice({ sweep }: SweepValues): Sweep | null {
  return sweep === undefined ? null : parseSweep(sweep);
}

/** The words that say the same sweep again, for a command line. */
export function sweepWords(sweep: Sweep | null): [string, string][] {
  return [...(sweep ?? [])].map(([factor, levels]) => ['sweep', `${factor}=${levels.join(',')}`]);
}
