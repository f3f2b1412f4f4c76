import path from 'node:path';

/** Where things lie in a run directory; every path is relative to it and has `/` between its parts. */
export const layout = {
  plan: 'plan.json',
  environment: 'environment.json',
  journal: 'journal.jsonl',
  log: 'harness.log',
  result: 'result.json',
  iteration: (arm: string, iteration: number): string =>
    path.posix.join('iterations', arm, String(iteration).padStart(4, '0')),
  stream: (arm: string, iteration: number, lane: string, stream: 'stdout' | 'stderr'): string =>
    path.posix.join(layout.iteration(arm, iteration), `${lane}.${stream}`),
  /** What the private daemon logged while the iteration ran. */
  daemonLog: (arm: string, iteration: number): string =>
    path.posix.join(layout.iteration(arm, iteration), 'daemon.log'),
  warmUp: (arm: string): string => path.posix.join('warm-up', arm),
} as const;

/** The file of arrival times beside a stream's file. */
export const arrivalsOf = (streamFile: string): string => `${streamFile}.times.jsonl`;
