import { toolVersion } from '../version.js';
import { analyzeCommand } from './analyze.js';
import { baselineCommand } from './baseline.js';
import { bundleCommand } from './bundle.js';
import { compareCommand } from './compare.js';
import { doctorCommand } from './doctor.js';
import { endWith, endWithError, usageError } from './ending.js';
import { historyCommand } from './history.js';
import { listCommand } from './list.js';
import { mergeCommand } from './merge.js';
import { missingValueText, withMissingValue } from './missing-value.js';
import { planCommand } from './plan.js';
import { reportCommand } from './report.js';
import { resultsCommand } from './results.js';
import { resumeCommand } from './resume.js';
import { runCommand } from './run.js';
import { scanCommand } from './scan.js';
import { showCommand } from './show.js';

// yargs loses a lone `-`; no argument of a process can hold a NUL, so this one stands for it.
const dash = '\0-';

/** Every command: what it takes, and which code it ends with. */
const commands = [
  runCommand,
  resumeCommand,
  listCommand,
  doctorCommand,
  scanCommand,
  analyzeCommand,
  showCommand,
  reportCommand,
  bundleCommand,
  compareCommand,
  baselineCommand,
  mergeCommand,
  planCommand,
  historyCommand,
  resultsCommand,
];

/** Parses the command line, carries one command out and ends the process with its exit code. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  // What came first is why the program ends: three programs that are asked at once all find no file handle.
  let isEnding = false;
  const endOnce = async (error: unknown): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    await endWithError(error);
  };
  // Whatever escapes from a timer or a stream would end the process with 1, which means something else.
  process.on('uncaughtException', (error) => void endOnce(error));
  // By default the system ends a process that writes beyond `ulimit -f`; heard, it is an error of that one write.
  process.on('SIGXFSZ', () => undefined);
  try {
    const carryOut = await parse(argv);
    await endWith(await carryOut());
  } catch (error) {
    await endOnce(error);
  }
}

/** What the command line asks for, still to be carried out: for a handler that takes its time, yargs draws its help first. */
async function parse(argv: readonly string[]): Promise<() => number | Promise<number>> {
  const { default: yargs } = await import('yargs');
  let carryOut = (): number | Promise<number> => 0;
  const parser = yargs(argv.map((word) => (word === '-' ? dash : word)))
    .scriptName('buildrace')
    .usage('$0 COMMAND\n\nReproduces races of container image builders, and says how often they show.')
    .version(toolVersion)
    .strict()
    .updateLocale({
      'Not enough non-option arguments: got %s, need at least %s': {
        one: 'an argument is missing: %s given, %s needed',
        other: 'arguments are missing: %s given, %s needed',
      },
      'Invalid values:': 'not one of the choices:',
      'Not enough arguments following: %s': missingValueText('%s'),
      'Argument: %s, Given: %s, Choices: %s': '--%s %s; choose one of %s',
      'Did you mean %s?': 'there is no such command; did you mean %s?',
    } as never)
    .demandCommand(1, 'name a command')
    .recommendCommands()
    .wrap(Math.min(process.stdout.columns ?? 80, 100))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? usageError(message.replace(/\s*\n\s*/g, ' '));
    });
  for (const command of commands) {
    parser.command(command.usage, command.summary, command.options, (values) => {
      refuseRepeated(values);
      carryOut = () => command.run(withDashes(values) as never);
    });
  }
  await withMissingValue(argv, () => parser.parseAsync());
  return carryOut;
}

/** What may stand more than once; of anything else yargs makes a list that nobody expects. */
const repeatable = new Set(['_', 'builder', 'arm', 'sweep', 'scenarios', 'files', 'runs', 'redact', 'keep']);

function refuseRepeated(values: object): void {
  const twice = Object.entries(values).find(([key, value]) => Array.isArray(value) && !repeatable.has(key));
  if (twice !== undefined) throw usageError(`--${twice[0]} is given twice`);
}

function withDashes(values: object): object {
  const back = (value: unknown): unknown => (value === dash ? '-' : value);
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? value.map(back) : back(value)]),
  );
}
