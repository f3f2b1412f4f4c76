import { performance } from 'node:perf_hooks';
import { execa } from 'execa';
import type { Mark } from '../processes/mark.js';
import { beyondShell } from './beyond-shell.js';
import { gatedArguments } from './gate.js';
import type { LaneOptions } from './lane.js';

/**
 * Starts the gate's shell for a lane, with its end of descriptor 3 piped to the harness; descriptor 4 is its mark, which
 * all that comes of it inherits.
 */
export function spawnAtGate({ command, env, fifo, delayMs }: LaneOptions, mark: Mark | null) {
  const whole = { ...env, ...command.env };
  const called = [...beyondShell(whole), command.file, ...command.args];
  // A number is handed on as it is; execa's types know that of the first three descriptors only.
  const inherited = (mark === null ? 'ignore' : mark.descriptor) as 'ignore';
  return execa('sh', gatedArguments(fifo, delayMs, called), {
    env: whole,
    extendEnv: false,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', inherited],
    buffer: false,
    reject: false,
    detached: true,
    cleanup: false,
  });
}

export type GatedProcess = ReturnType<typeof spawnAtGate>;

export function exitOf(
  child: GatedProcess,
): Promise<{ code: number | null; signal: string | null; at: number }> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, at: performance.now() }));
  });
}
