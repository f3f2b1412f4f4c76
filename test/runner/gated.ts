import { mkdir } from 'node:fs/promises';
import { afterEach } from 'vitest';
import type { Command } from '../../src/builders/builder.js';
import { makeFifo } from '../../src/runner/gate.js';
import { type Lane, type LaneOptions, startLane } from '../../src/runner/lane.js';
import { kill } from '../processes/alive.js';
import { test as base, type Folder } from '../scenario/folder.js';

/** A gate of its own for one test, and lanes that wait at it; what is left of them is killed afterwards. */
export interface Gated extends Folder {
  readonly fifo: string;
  /** Where the lanes' logs go. */
  readonly logs: string;
  start(name: string, command: Command | string, more?: Partial<LaneOptions>): Lane;
}

/** A shell command as a lane's command; `args` are its `$1`, `$2`, …. */
export const sh = (script: string, ...args: readonly string[]): Command => ({
  file: 'sh',
  args: ['-c', script, 'sh', ...args],
});

export const patience = { graceMs: 200, drainMs: 100 };

const started: Lane[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((lane) => lane.stop()));
});

export const test = base.extend<{ gated: Gated }>({
  gated: async ({ folder, onTestFailed }, use) => {
    const fifo = folder.at('gate');
    const logs = folder.at('logs');
    await makeFifo(fifo);
    await mkdir(logs);
    const leaders: number[] = [];
    // What is broken may be the very thing that ends lanes, and a lane of a test can run for ever.
    onTestFailed(() => {
      for (const leader of leaders) kill(-leader);
    });
    await use({
      ...folder,
      fifo,
      logs,
      start(name, command, more = {}) {
        const lane = startLane({
          name,
          command: typeof command === 'string' ? sh(command) : command,
          env: process.env,
          fifo,
          delayMs: 0,
          folder: logs,
          timeoutMs: 600_000,
          maxLogBytes: null,
          patience,
          ...more,
        });
        started.push(lane);
        if (lane.pid > 0) leaders.push(lane.pid);
        return lane;
      },
    });
  },
});
