import { constants } from 'node:os';
import { UserError } from '../errors.js';
import { tell } from './output.js';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a user's wish to stop does: the first ends the run in order, the second at once. */
export interface Interrupt {
  readonly abort: AbortSignal;
  /** 130 for SIGINT and so on; null while nobody wants to stop. */
  exitCode(): number | null;
  /** From here on there is something to end in order. */
  begin(): void;
  release(): void;
}

/** `atOnce`: until `begin`, nothing is there to be ended in order, and the first signal ends the process. */
export function listenForStop({ atOnce = false }: { readonly atOnce?: boolean } = {}): Interrupt {
  const controller = new AbortController();
  let code: number | null = null;
  let isBegun = !atOnce;
  const onSignal = (signal: NodeJS.Signals): void => {
    const isFirst = code === null;
    code ??= 128 + constants.signals[signal];
    // What is written to a terminal that is gone must not decide the exit code.
    process.exitCode = code;
    // Whatever still runs has groups of its own; leaving ends it (see processes/group.ts).
    if (!isFirst || !isBegun) process.exit(code);
    tell(`${signal}: ending the builds and cleaning up; once more ends at once`);
    controller.abort(`stopped by ${signal}`);
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  return {
    abort: controller.signal,
    exitCode: () => code,
    begin: () => {
      isBegun = true;
    },
    release: () => {
      for (const signal of stopSignals) process.off(signal, onSignal);
    },
  };
}

/**
 * The exit code of what ended with an error after the user wanted an end: what was ended on the way may have been needed
 * for what came next, or have looked like another builder.
 * @throws the error, where nobody wanted an end or it is none that a user can mend
 */
export function stoppedWith(error: unknown, interrupt: Interrupt): number {
  const code = interrupt.exitCode();
  if (code === null || !(error instanceof UserError)) throw error;
  tell(error.message);
  return code;
}
