import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { mainFile } from '../e2e/paths.js';

/** How a start of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The folders of one case. */
export interface Place {
  readonly folder: string;
  readonly temporary: string;
  /** State of the simulated builder. */
  readonly state: string;
  readonly results: string;
}

/** When the program is killed: so long after its start, or after a fact. */
export interface Instant {
  readonly delayMs: number;
  /** Asked again and again; the delay counts from when it is so. */
  readonly after: (() => boolean) | null;
}

/** Starts the built program in surroundings of the case's own, and kills it at that instant (null: never). */
export async function start(place: Place, args: readonly string[], kill: Instant | null): Promise<Ended> {
  const child = spawn(process.execPath, [mainFile, ...args, '--out', place.results], {
    cwd: place.folder,
    env: {
      PATH: process.env.PATH,
      CI: '1',
      TMPDIR: place.temporary,
      BUILDRACE_SIMULATOR_STATE: place.state,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = endOf(child);
  if (kill !== null) await killAt(child, kill, ended);
  return ended;
}

function endOf(child: ChildProcess): Promise<Ended> {
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.on('data', (piece: Buffer) => {
      text[stream] += piece.toString();
    });
  // Not `close`: what a killed program leaves may hold its pipes.
  return new Promise((resolve) =>
    child.once('exit', (code, signal) =>
      setImmediate(() => resolve({ code, signal, stdout: text.stdout, stderr: text.stderr })),
    ),
  );
}

async function killAt(child: ChildProcess, { delayMs, after }: Instant, ended: Promise<Ended>) {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (after !== null && !isOver && !after()) await sleep(5);
  await Promise.race([sleep(delayMs), ended]);
  if (!isOver) child.kill('SIGKILL');
}
