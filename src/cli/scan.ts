import { exitCodes, UserError } from '../errors.js';
import type { CliCommand } from './command.js';
import { usageError } from './ending.js';
import { jsonOption } from './options.js';
import { answer, answerJson, tell } from './output.js';

interface Values {
  readonly files: string[] | undefined;
  readonly json: boolean;
}

export const scanCommand: CliCommand<Values> = {
  usage: 'scan [files..]',
  summary: 'Read logs that you have, from any builder; - is standard input',
  options: (yargs) =>
    yargs
      .positional('files', { type: 'string', array: true, describe: 'Log files, or -' })
      .option('json', jsonOption),
  async run({ files = [], json }) {
    if (files.length === 0) throw usageError('scan: name the logs to read, or - for standard input');
    const { scanFile } = await import('../scan.js');
    const { scanText } = await import('../reports/scan-text.js');
    const logs = [];
    let worst: number = exitCodes.done;
    for (const file of files) {
      try {
        const log = await scanFile(file);
        if (log.warning !== null) tell(log.warning);
        if (log.unreadable) worst = exitCodes.usage;
        logs.push(log.scan);
      } catch (error) {
        // One log that cannot be read keeps nobody from the others.
        if (!(error instanceof UserError)) throw error;
        tell(error.message);
        worst = error.exitCode;
      }
    }
    if (json) await answerJson({ schemaVersion: 1, logs });
    else if (logs.length > 0) answer(logs.map(scanText).join('\n'));
    return worst;
  },
};
