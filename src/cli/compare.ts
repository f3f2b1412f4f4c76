import type { CliCommand } from './command.js';
import { comparisonExitCode } from './exit-code.js';
import { tellGithub } from './github.js';
import { jsonOption, outOption } from './options.js';
import { answer, answerJson } from './output.js';
import { marginOf, marginOption } from './run/baseline.js';

interface Values {
  readonly base: string;
  readonly run: string;
  readonly margin: string | undefined;
  readonly 'fail-on': string;
  readonly out: string;
  readonly json: boolean;
}

const side = {
  type: 'string',
  describe: 'A run directory, a run’s name, latest, or a baseline',
  demandOption: true,
} as const;

export const compareCommand: CliCommand<Values> = {
  usage: 'compare <base> <run>',
  summary: 'Hold a run against another, or against a baseline: more often, less often, or the same?',
  options: (yargs) =>
    yargs
      .positional('base', side)
      .positional('run', side)
      .option('margin', marginOption)
      .option('fail-on', {
        type: 'string',
        default: 'never',
        choices: ['never', 'regression'],
        requiresArg: true,
        describe: 'The verdict that ends with exit code 1',
      })
      .option('out', outOption)
      .option('json', jsonOption),
  async run({ base, run, margin, 'fail-on': failOn, out, json }) {
    const fraction = marginOf(margin);
    const { readComparable } = await import('./comparables.js');
    const { compare } = await import('../judgement/comparison/compare.js');
    const comparison = compare(await readComparable(base, out), await readComparable(run, out), fraction);
    if (json) await answerJson(comparison);
    else answer((await import('./comparison-table.js')).comparisonTable(comparison));
    await tellGithub([], [comparison]);
    return comparisonExitCode(comparison, failOn);
  },
};
