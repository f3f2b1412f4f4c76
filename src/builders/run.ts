import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { mendFor, systemReason } from '../errors.js';
import type { Command, Run, RunOptions, RunResult } from './builder.js';

/** Time limit of a command that is given none. */
export const runLimitMs = 10_000;
/** Bytes kept of each stream: what a version command prints is far below, and a wild program must not fill the memory. */
export const keptBytes = 1024 * 1024;
/** How long output may still arrive once the program has ended: a child of it can hold the pipe open for ever. */
const drainMs = 250;
/** How long a program that was killed is waited for. */
const killedWithinMs = 2_000;

/** Leaders of the groups that run now. They are sessions of their own, so they would outlive a harness that ends. */
const running = new Set<number | undefined>();
process.on('exit', () => running.forEach(killGroup));

/**
 * Runs commands on the side, without a shell, in the environment given (plus the command's own variables) and with
 * an empty standard input. Each is the leader of a process group, which is killed when the time limit runs out.
 */
export function createRun(env: Readonly<NodeJS.ProcessEnv>): Run {
  return (command, options = {}) => runOnce(command, { ...env, ...command.env }, options);
}

async function runOnce(command: Command, env: NodeJS.ProcessEnv, options: RunOptions): Promise<RunResult> {
  if (options.abort?.aborted === true) return { ...notStarted, notFound: false };
  const child = start(command, env, options.cwd);
  if (child === null) return notStarted;
  const stdout = keep(child.stdout);
  const stderr = keep(child.stderr);
  running.add(child.pid);
  let timedOut = false;
  const killed = new Killed();
  const kill = (): void => {
    killGroup(child.pid);
    killed.begin();
  };
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, options.timeoutMs ?? runLimitMs);
  options.abort?.addEventListener('abort', kill, { once: true });
  try {
    const ended = await Promise.race([child, exited(child), killed.givenUp]);
    return {
      exitCode: ended.exitCode ?? null,
      stdout: stdout(),
      stderr: stderr(),
      timedOut,
      notFound: child.pid === undefined,
      ...('cause' in ended ? refusal(ended.cause) : {}),
    };
  } finally {
    clearTimeout(timer);
    killed.end();
    options.abort?.removeEventListener('abort', kill);
    running.delete(child.pid);
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

/** What the machine lacked, where that is why nothing was started. */
function refusal(cause: unknown): Pick<RunResult, 'refused'> {
  const mend = mendFor(cause);
  return mend === null ? {} : { refused: `${systemReason(cause)}; ${mend}` };
}

const notStarted: RunResult = { exitCode: null, stdout: '', stderr: '', timedOut: false, notFound: true };

/** Null for what no program can be given: a NUL byte in an argument, say. */
function start(command: Command, env: NodeJS.ProcessEnv, cwd: string | undefined) {
  try {
    return execa(command.file, [...command.args], {
      env,
      extendEnv: false,
      ...(cwd === undefined ? {} : { cwd }),
      stdin: 'ignore',
      buffer: false,
      reject: false,
      detached: true,
    });
  } catch {
    return null;
  }
}

/** Settles a moment after the program itself ended, whoever still holds its streams. */
function exited(child: {
  once(event: 'exit', listener: (code: number | null) => void): unknown;
}): Promise<{ exitCode: number | undefined }> {
  return new Promise((resolve) => {
    child.once('exit', (code) => setTimeout(() => resolve({ exitCode: code ?? undefined }), drainMs));
  });
}

/** Waits a moment for a program that was killed: one that hangs in the kernel may never end. */
class Killed {
  readonly givenUp: Promise<{ exitCode: undefined }>;
  #resolve: (ended: { exitCode: undefined }) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.givenUp = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  begin(): void {
    this.#timer ??= setTimeout(() => this.#resolve({ exitCode: undefined }), killedWithinMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** Reads a stream to its end, keeps the first `keptBytes`, and returns what gives their text. */
function keep(stream: Readable | null): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, keptBytes - bytes);
    bytes += kept.length;
    if (kept.length > 0) chunks.push(kept);
  });
  // A stream that is cut off is no error here: what was read counts.
  stream?.on('error', () => {});
  return () => Buffer.concat(chunks).toString('utf8');
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
