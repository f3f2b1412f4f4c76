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

/** What can be done about what a machine lacks; the words follow a semicolon. */
const mends: Readonly<Record<string, string>> = {
  ENOSPC: 'make space there',
  EDQUOT: 'make space there, or have the quota raised',
  EROFS: 'mount it so that it can be written',
  EFBIG: 'raise the limit on the size of a file (ulimit -f)',
  EMFILE: 'raise the limit on open files (ulimit -n)',
  ENFILE: 'close other programs, or raise the limit of this system',
  ENOMEM: 'free some memory',
  EIO: 'look at that disk',
};

/** What to do about an error of the system, as a clause; null where it is none that the machine is to blame for. */
export function mendFor(error: unknown): string | null {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  // Elsewhere it means to come again later.
  if (code === 'EAGAIN' && syscall?.startsWith('spawn') === true)
    return 'raise the limit on processes (ulimit -u)';
  return mends[code ?? ''] ?? null;
}

/** One sentence for what could not be written, with what to do about it where that is known. */
export function unwritten(what: string, error: unknown, more = ''): UserError {
  const clauses = [mendFor(error), more === '' ? null : more].filter((clause) => clause !== null);
  const end = clauses.length === 0 ? '' : `; ${clauses.join('; ')}`;
  return new UserError(`${what} cannot be written (${systemReason(error)})${end}`);
}

/**
 * An error of the system that only the machine is to blame for (its disk is full, it is out of file handles), wherever it
 * came up, as one that the user can mend; null for all others.
 */
export function asMachineFault(error: unknown): UserError | null {
  const mend = mendFor(error);
  if (mend === null) return null;
  // Errors of programs that could not be started hold the system's own.
  const { path, cause } = error as NodeJS.ErrnoException & { readonly cause?: unknown };
  const where = typeof path === 'string' ? `, at ${path}` : '';
  return new UserError(`buildrace cannot go on (${systemReason(cause ?? error)}${where}); ${mend}`);
}
