import { constants } from 'node:os';
import { tell } from './output.js';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a user's wish to stop does: the first ends the run in order, the second at once. */
export interface Interrupt {
  readonly abort: AbortSignal;
  /** 130 for SIGINT and so on; null while nobody wants to stop. */
  exitCode(): number | null;
  release(): void;
}

export function listenForStop(): Interrupt {
  const controller = new AbortController();
  let code: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    // Lanes have process groups of their own; leaving ends them (see processes/group.ts).
    if (code !== null) process.exit(code);
    code = 128 + constants.signals[signal];
    tell(`${signal}: ending the builds and cleaning up; once more ends at once`);
    controller.abort(`stopped by ${signal}`);
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  return {
    abort: controller.signal,
    exitCode: () => code,
    release: () => {
      for (const signal of stopSignals) process.off(signal, onSignal);
    },
  };
}
