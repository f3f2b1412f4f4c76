import { asMachineFault, exitCodes, UserError } from '../errors.js';
import { terminalLines } from '../reports/escape.js';
import { withoutCommands } from './workflow-commands.js';

/** Nobody is left to tell (`2>&1 | head -1`): what the program does goes on, and its exit code stays what it means. */
process.stderr.on('error', () => undefined);

export function usageError(message: string): UserError {
  return new UserError(`${message}; buildrace --help tells more`);
}

/** What could not be written of an answer while the program had something else to do; null: nothing. */
let lostAnswer: string | null = null;

/** Has the program end with exit code 2, whatever comes, as its answer did not reach anybody; `sentence` is told then. */
export function answerIsLost(sentence: string): void {
  lostAnswer = sentence;
}

/** Ends the process once all output is written. */
export async function endWith(exitCode: number): Promise<void> {
  process.exitCode = exitCode;
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  if (lostAnswer === null) return process.exit(exitCode);
  process.stderr.write(`${lostAnswer}\n`);
  await drained(process.stderr);
  process.exit(isGraver(exitCode) ? exitCode : exitCodes.usage);
}

/** A signal and a fault of the tool itself go before output that was lost (DESIGN, "Exit codes"). */
const isGraver = (exitCode: number): boolean => exitCode >= exitCodes.fault;

/** An error that the user can mend is one sentence; a fault of the tool shows its stack. */
export async function endWithError(error: unknown): Promise<void> {
  const mendable = error instanceof UserError ? error : asMachineFault(error);
  if (mendable !== null) {
    show(mendable.message);
    return endWith(mendable.exitCode);
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const told = await import('./source-places.js').then(
    ({ withSourcePlaces }) => withSourcePlaces(stack),
    () => stack,
  );
  show(`A fault of buildrace itself, please report it:\n${told}`);
  return endWith(exitCodes.fault);
}

/** It can quote a file or a program: nothing in it is for the terminal to obey. */
function show(text: string): void {
  process.stderr.write(withoutCommands(`${terminalLines(text).join('\n')}\n`));
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
