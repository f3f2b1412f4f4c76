import path from 'node:path';
import type { Comparable } from '../results/comparable.js';
import type { CliCommand } from './command.js';
import { usageError } from './ending.js';
import { jsonOption, outOption } from './options.js';
import { answer, answerJson, answerWidth, tell } from './output.js';

interface Values {
  readonly action: string;
  readonly run: string | undefined;
  readonly replace: boolean;
  readonly 'if-none': boolean;
  readonly out: string;
  readonly json: boolean;
}

export const baselineCommand: CliCommand<Values> = {
  usage: 'baseline <action> [run]',
  summary: 'save RUN keeps the counts of a run to hold others against; list shows what is kept',
  options: (yargs) =>
    yargs
      .positional('action', { type: 'string', describe: 'save or list', demandOption: true })
      .positional('run', {
        type: 'string',
        describe: 'With save: a run directory, a run’s name, or latest',
      })
      .option('replace', { type: 'boolean', default: false, describe: 'Overwrite the one that is there' })
      .option('if-none', {
        type: 'boolean',
        default: false,
        describe: 'Leave the one that is there, and end with 0',
      })
      .option('out', outOption)
      .option('json', jsonOption),
  async run(values) {
    const { action, run, replace, 'if-none': ifNone } = values;
    if (action === 'save') {
      if (run === undefined) throw usageError('baseline save: name the run to keep');
      if (replace && ifNone) throw usageError('--replace and --if-none exclude each other');
      return save(run, replace ? 'replace' : ifNone ? 'keep' : 'refuse', values);
    }
    if (action !== 'list') throw usageError(`baseline ${action}: expected save or list`);
    if (run !== undefined) throw usageError('baseline list: it takes no run');
    if (replace || ifNone) throw usageError('--replace and --if-none go with baseline save');
    return list(values);
  },
};

async function save(
  run: string,
  ifThere: 'refuse' | 'keep' | 'replace',
  { out, json }: Values,
): Promise<number> {
  const { analyze } = await import('../analysis.js');
  const { findRun } = await import('../results/directory.js');
  const { comparableOf } = await import('../results/comparable.js');
  const { refuseUnfinished } = await import('../results/lock.js');
  const { saveBaseline } = await import('../results/baselines.js');
  const directory = await findRun(run, out);
  await refuseUnfinished(directory, 'a baseline is made of a run that came to its end');
  const result = await analyze(directory);
  const { file, saved } = await saveBaseline(comparableOf(result), out, ifThere);
  if (!saved) tell(`the baseline that is there was kept: ${file}`);
  if (json) await answerJson({ schemaVersion: 1, file, saved });
  else answer(file);
  return 0;
}

async function list({ out, json }: Values): Promise<number> {
  const { baselinesFolder, listBaselines } = await import('../results/baselines.js');
  const { baselines, problems } = await listBaselines(out);
  const { terminalText } = await import('../reports/escape.js');
  for (const { sentence } of problems) tell(terminalText(sentence));
  if (json) await answerJson({ schemaVersion: 1, baselines: baselines.map(summary) });
  else if (baselines.length > 0) {
    const { baselineTable } = await import('../reports/baseline-table.js');
    answer(baselineTable(baselines.map(rowOf), answerWidth()));
  } else
    tell(`there is no baseline in ${baselinesFolder(out)} yet; make one with: buildrace baseline save RUN`);
  return 0;
}

function summary({ name, file, scenario, contentSha256, builder, machine, startedAt, arms }: Comparable) {
  return {
    ...{ name: nameOf(file), file, run: name, scenario, contentSha256, builder, machine, startedAt },
    iterations: arms.reduce((sum, { valid }) => sum + valid, 0),
  };
}

const nameOf = (file: string): string => path.basename(file, '.json');

function rowOf(baseline: Comparable) {
  const { name, startedAt, iterations, builder } = summary(baseline);
  return { name, startedAt, iterations, simulated: builder.simulated };
}
