import { rm } from 'node:fs/promises';
import path from 'node:path';
import { unwritten } from '../errors.js';
import type { CliCommand } from './command.js';
import { runExitCode } from './exit-code.js';
import { tellGithub } from './github.js';
import { jsonOption, outOption } from './options.js';
import { answer, answerJson, tell } from './output.js';

interface Values {
  readonly runs: string[];
  readonly out: string;
  readonly json: boolean;
}

export const mergeCommand: CliCommand<Values> = {
  usage: 'merge <runs..>',
  summary: 'Join the parts of a plan (run --shard) to one run, and judge that',
  options: (yargs) =>
    yargs
      .positional('runs', {
        type: 'string',
        array: true,
        describe: 'Run directories, or names of runs',
        demandOption: true,
      })
      .option('out', outOption)
      .option('json', jsonOption),
  async run({ runs, out, json }) {
    const { analyze } = await import('../analysis.js');
    const { findRun, writeJson } = await import('../results/directory.js');
    const { layout } = await import('../results/layout.js');
    const { mergeRuns } = await import('../results/merge/merge.js');
    const { refuseUnfinished } = await import('../results/lock.js');
    const { clearUnfinished } = await import('../results/unfinished.js');
    const { resultTable } = await import('./result-table.js');
    for (const sentence of await clearUnfinished(out)) tell(sentence);
    const parts = await Promise.all(runs.map((run) => findRun(run, out)));
    for (const part of parts) await refuseUnfinished(part, 'merge it with the others then');
    const directory = await mergeRuns(parts, out);
    try {
      const result = await analyze(directory);
      await writeJson(path.join(directory, layout.result), result);
      if (json) await answerJson({ schemaVersion: 1, runs: [{ ...result, comparison: null }] });
      else answer(resultTable(result));
      await tellGithub([result]);
      return runExitCode(result, 'never');
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      throw unwritten(`${layout.result} in ${directory}`, error, 'the parts are as they were');
    }
  },
};
