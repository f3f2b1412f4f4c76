import { UserError } from '../errors.js';
import type { CliCommand } from './command.js';
import { outOption, runPositional } from './options.js';
import { answer, answerToFile } from './output.js';

interface Values {
  readonly run: string;
  readonly format: string;
  readonly output: string | undefined;
  readonly out: string;
}

export const reportCommand: CliCommand<Values> = {
  usage: 'report <run>',
  summary: 'A run as a report to read or attach',
  options: (yargs) =>
    yargs
      .positional('run', runPositional)
      .option('format', { type: 'string', default: 'md', requiresArg: true, describe: 'md, json or junit' })
      .option('output', { type: 'string', requiresArg: true, describe: 'Write to FILE instead of stdout' })
      .option('out', outOption),
  async run({ run, format, output, out }) {
    const { reports } = await import('../reports/index.js');
    const report = reports.find(({ name }) => name === format);
    if (report === undefined) {
      throw new UserError(
        `--format ${format}: expected one of ${reports.map(({ name }) => name).join(', ')}`,
      );
    }
    const { analyze } = await import('../analysis.js');
    const { findRun } = await import('../results/directory.js');
    const text = report.render(await analyze(await findRun(run, out)));
    if (output === undefined) answer(text);
    else await answerToFile(output, text);
    return 0;
  },
};
