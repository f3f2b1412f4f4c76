import { closeSync, constants, openSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { UserError } from '../errors.js';
import { blockedProcesses } from './blocked.js';
import { whyNoProcess } from './machine-fault.js';

/**
 * What each lane runs first. It tells on descriptor 3 that it is ready, waits on the FIFO, waits its delay, and
 * becomes the builder's client; descriptor 3 is closed by that, which tells the harness the instant.
 * $1: FIFO, $2: delay in seconds (0: none), then the command. Everything comes as arguments, nothing as text.
 */
const script = `printf r >&3; : <"$1"; [ "$2" = 0 ] || sleep "$2" 3>&-; shift 2; exec "$@" 3>&-`;

/** `$0` of the gate's shell: messages of its own (`exec: not found`) start with it. */
export const gateName = 'buildrace-gate';

/** The arguments for `sh` that make a program wait at the gate. */
export function gatedArguments(fifo: string, delayMs: number, command: readonly string[]): string[] {
  return ['-c', script, gateName, fifo, delayMs === 0 ? '0' : (delayMs / 1000).toFixed(3), ...command];
}

/** Makes the FIFO; one serves all iterations, as nothing stays in it. @throws {UserError} */
export async function makeFifo(path: string): Promise<void> {
  const made = await execa('mkfifo', ['-m', '600', path], { stdin: 'ignore', reject: false });
  if (!made.failed) return;
  const why = made.stderr?.trim() || whyNoProcess(made.cause);
  throw new UserError(
    `the start gate ${path} cannot be made (${why}); set TMPDIR to a folder with space that can be written`,
  );
}

/** The part of a waiting child that the gate needs. */
export interface Waiting {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the child said that it is ready; rejects with a GateError when it died before. */
  readonly ready: Promise<void>;
  /** It became its command, or died: before the gate opens it can only have died. */
  hasLeft(): boolean;
}

export interface OpenGate {
  /** `performance.now()` right before the gate opened. */
  readonly openedAt: number;
  /** To be called once every lane went through: closing earlier could shut out a late one. */
  close(): void;
}

/** A child that could not be brought to the gate: the iteration is invalid, and says nothing of the builder. */
export class GateError extends Error {
  override readonly name = 'GateError';

  static died(lane: string): GateError {
    return new GateError(`lane ${lane} died before the gate opened`);
  }
}

/** Looks that are taken until every child sleeps; then the gate opens for those that do, and the rest come later. */
const mostLooks = 200;
/** Tries to open the gate, 1 ms apart; it cannot be opened while nobody waits at it. */
const mostTries = 10_000;

/**
 * Opens the gate once every child is known to wait at it.
 * @throws {GateError} when a child dies before, or none comes.
 */
export async function openGate(fifo: string, children: readonly Waiting[]): Promise<OpenGate> {
  await Promise.all(children.map((child) => child.ready));
  for (let attempt = 0; attempt < mostTries; attempt++) {
    const dead = children.find((child) => child.hasLeft());
    if (dead) throw GateError.died(dead.name);
    if (attempt >= mostLooks || (await allBlocked(children))) {
      const open = tryToOpen(fifo);
      if (open) {
        leaveProcessorTo(children.length);
        return open;
      }
    }
    await sleep(1);
  }
  throw new GateError('no lane came to the gate');
}

/** "Ready" is said one instruction before the wait begins, so the system is asked who already sleeps. */
async function allBlocked(children: readonly Waiting[]): Promise<boolean> {
  const pids = children.map((child) => child.pid);
  const blocked = await blockedProcesses(pids);
  return blocked === null || pids.every((pid) => blocked.has(pid));
}

/** With a reader there, opening does not block, and it lets all readers go at once; null without one. */
function tryToOpen(fifo: string): OpenGate | null {
  const openedAt = performance.now();
  try {
    const descriptor = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
    return { openedAt, close: () => closeSync(descriptor) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return null;
    throw error;
  }
}

const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Sleeps while the lanes start: each start would wake this process, and on a small machine that takes the processor
 * from the lanes that have still to start. Start times are therefore known as "by then", not to the microsecond.
 */
function leaveProcessorTo(lanes: number): void {
  Atomics.wait(never, 0, 0, Math.min(10, 1 + lanes / 2));
}
