import { getSystemErrorMap } from 'node:util';

/** Exit codes of the program (DESIGN, "Exit codes"); 129/130/143 come from signals. */
export const exitCodes = {
  done: 0,
  failOn: 1,
  usage: 2,
  noBuilder: 3,
  inconclusive: 4,
  fault: 70,
} as const;

/**
 * An error that the user can mend: one sentence that says what is wrong and what to do. It is shown without
 * a stack. Anything else that is thrown is a bug of the tool and is shown with one.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.usage, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** What the system said, in its own words: `permission denied` for EACCES. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { errno, code } = error as NodeJS.ErrnoException;
  const [, words] = (errno === undefined ? undefined : getSystemErrorMap().get(errno)) ?? [];
  return words ?? code ?? error.message;
}
