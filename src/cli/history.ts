import type { CliCommand } from './command.js';
import { countOption, jsonOption, outOption } from './options.js';
import { answer, answerJson, answerWidth } from './output.js';

interface Values {
  readonly out: string;
  readonly limit: string | undefined;
  readonly scenario: string | undefined;
  readonly builder: string | undefined;
  readonly json: boolean;
}

export const historyCommand: CliCommand<Values> = {
  usage: 'history',
  summary: 'The runs of a results folder, and how often each fault showed over time',
  options: (yargs) =>
    yargs
      .option('limit', { type: 'string', requiresArg: true, describe: 'The newest so many runs' })
      .option('scenario', { type: 'string', requiresArg: true, describe: 'Only runs of that scenario' })
      .option('builder', { type: 'string', requiresArg: true, describe: 'Only runs on that kind of builder' })
      .option('out', outOption)
      .option('json', jsonOption),
  async run({ out, limit, scenario = null, builder = null, json }) {
    const most = countOption('limit', limit, Number.MAX_SAFE_INTEGER);
    const { readHistory } = await import('../results/history.js');
    const history = await readHistory(out, { scenario, builder, limit: most });
    if (json) await answerJson(history);
    else if (history.runs.length === 0) {
      const { wrapWhole } = await import('../reports/width.js');
      answer(wrapWhole(nothing(out, scenario, builder), answerWidth()).join('\n'));
    } else answer((await import('../reports/history-table.js')).historyTable(history, answerWidth()));
    return 0;
  },
};

function nothing(out: string, scenario: string | null, builder: string | null): string {
  const what = `${scenario === null ? '' : ` of ${scenario}`}${builder === null ? '' : ` on ${builder}`}`;
  return `there is no run${what} in ${out} yet; make one with buildrace run`;
}
