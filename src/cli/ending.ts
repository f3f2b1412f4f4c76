import { exitCodes, UserError } from '../errors.js';
import { withoutCommands } from './workflow-commands.js';

/** Nobody is left to tell (`2>&1 | head -1`): what the program does goes on, and its exit code stays what it means. */
process.stderr.on('error', () => undefined);

export function usageError(message: string): UserError {
  return new UserError(`${message}; buildrace --help tells more`);
}

/** Ends the process once all output is written. */
export async function endWith(exitCode: number): Promise<void> {
  process.exitCode = exitCode;
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  process.exit(exitCode);
}

/** An error that the user can mend is one sentence; a fault of the tool shows its stack. */
export async function endWithError(error: unknown): Promise<void> {
  if (error instanceof UserError) {
    // It can quote a file or a program: nothing in it is for the terminal to obey.
    const { terminalLines } = await import('../reports/escape.js');
    process.stderr.write(withoutCommands(`${terminalLines(error.message).join('\n')}\n`));
    return endWith(error.exitCode);
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const told = await import('./source-places.js').then(
    ({ withSourcePlaces }) => withSourcePlaces(stack),
    () => stack,
  );
  process.stderr.write(`A fault of buildrace itself, please report it:\n${told}\n`);
  return endWith(exitCodes.fault);
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
