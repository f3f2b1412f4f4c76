import path from 'node:path';
import { systemReason } from '../errors.js';
import type { CliCommand } from './command.js';
import { runExitCode } from './exit-code.js';
import { tellGithub } from './github.js';
import { jsonOption, outOption, runPositional } from './options.js';
import { answer, answerJson, tell } from './output.js';

interface Values {
  readonly run: string;
  readonly out: string;
  readonly json: boolean;
}

export const analyzeCommand: CliCommand<Values> = {
  usage: 'analyze <run>',
  summary: 'Judge a run again, from its directory alone',
  options: (yargs) =>
    yargs.positional('run', runPositional).option('out', outOption).option('json', jsonOption),
  async run({ run, out, json }) {
    const { analyze } = await import('../analysis.js');
    const { findRun, writeJson } = await import('../results/directory.js');
    const { layout } = await import('../results/layout.js');
    const { isLocked } = await import('../results/lock.js');
    const { resultTable } = await import('./result-table.js');
    const directory = await findRun(run, out);
    const result = await analyze(directory);
    // The result of a run that is still written is its own to keep.
    if (await isLocked(directory))
      tell('the run is still being written: this is what it has finished so far, and is kept nowhere');
    else
      await writeJson(path.join(directory, layout.result), result).catch((error: NodeJS.ErrnoException) =>
        tell(`${layout.result} in the run directory was left as it is (${systemReason(error)})`),
      );
    if (json) await answerJson({ schemaVersion: 1, runs: [{ ...result, comparison: null }] });
    else answer(resultTable(result));
    await tellGithub([result]);
    return runExitCode(result, 'never');
  },
};
