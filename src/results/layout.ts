import path from 'node:path';

/** What a private daemon logged while an iteration ran, in the iteration's folder. */
export const daemonLogName = 'daemon.log';

/** Where things lie in a run directory; every path is relative to it and has `/` between its parts. */
export const layout = {
  plan: 'plan.json',
  environment: 'environment.json',
  journal: 'journal.jsonl',
  log: 'harness.log',
  result: 'result.json',
  comparison: 'comparison.json',
  /** Who writes the run now (see `lock.ts`). */
  locks: 'locks',
  iteration: (arm: string, iteration: number): string =>
    path.posix.join('iterations', arm, String(iteration).padStart(4, '0')),
  stream: (arm: string, iteration: number, lane: string, stream: 'stdout' | 'stderr'): string =>
    path.posix.join(layout.iteration(arm, iteration), `${lane}.${stream}`),
  /** What the private daemon logged while the iteration ran. */
  daemonLog: (arm: string, iteration: number): string =>
    path.posix.join(layout.iteration(arm, iteration), daemonLogName),
  /** The whole log of a private daemon. */
  daemon: (name: string): string => path.posix.join('daemons', `${name}.log`),
  warmUp: (arm: string): string => path.posix.join('warm-up', arm),
} as const;

/** The file with a lane's inline cache record, beside its logs. */
export const inlineCacheOf = (lane: string): string => `${lane}.inline-cache.json`;

/** The processes of a lane that hung, and of its private daemon, at its time limit, beside the lane's logs. */
export const processesOf = (lane: string): string => `${lane}.processes.txt`;

/** The goroutines of a private daemon under which a lane hung, beside the lane's logs. */
export const goroutinesOf = (lane: string): string => `${lane}.goroutines.txt`;

/** The file of arrival times beside a stream's file. */
export const arrivalsOf = (streamFile: string): string => `${streamFile}.times.jsonl`;
