import { exitCodes, UserError } from '../errors.js';
import type { CliCommand } from './command.js';
import { jsonOption, outOption } from './options.js';
import { answer, answerJson, answerWidth, tell } from './output.js';

interface Values {
  readonly action: string;
  readonly keep: string;
  readonly 'dry-run': boolean;
  readonly out: string;
  readonly json: boolean;
}

export const resultsCommand: CliCommand<Values> = {
  usage: 'results <action>',
  summary: 'results prune --keep N: remove all but the newest runs',
  options: (yargs) =>
    yargs
      .positional('action', { type: 'string', choices: ['prune'], describe: 'prune', demandOption: true })
      .option('keep', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'How many of the newest runs stay',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Only say what would go' })
      .option('out', outOption)
      .option('json', jsonOption) as never,
  async run({ keep, 'dry-run': dryRun, out, json }) {
    if (!/^\d{1,9}$/.test(keep))
      throw new UserError(`--keep ${keep}: expected a whole number such as 20 (0 removes every run)`);
    const { pruneRuns } = await import('../results/prune.js');
    const pruned = await pruneRuns(out, { keep: Number(keep), dryRun, now: new Date() });
    for (const { run, reason } of pruned.failed) tell(`${run} cannot be removed (${reason})`);
    if (json) await answerJson(pruned);
    else answer((await import('../reports/prune-text.js')).pruneText(pruned, answerWidth()));
    return pruned.failed.length > 0 ? exitCodes.usage : exitCodes.done;
  },
};
