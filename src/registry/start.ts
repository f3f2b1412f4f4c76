import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRun } from '../builders/run.js';
import { exitCodes, systemReason, UserError } from '../errors.js';
import { forgetGroup, guardGroup, terminateGroup } from '../processes/group.js';
import { closeMark, makeMark } from '../processes/mark.js';
import { problemOf } from './find.js';
import { programOnPath } from './program.js';
import { environmentOf, listening, settingsOf } from './settings.js';

/** How long the registry may take until `/v2/` answers. */
const startMs = 30_000;
/** How long one of the questions whether it does may take. */
const answerMs = 2_000;
const pauseMs = 25;
/** How long it may take to end by itself. */
const graceMs = 5_000;
/** Lines of its log that are shown when it does not start. */
const shownLines = 5;

export interface RegistryPlace {
  /** A folder of the run that is gone afterwards: configuration and images go there. */
  readonly scratch: string;
  /** The file that gets the registry's log. */
  readonly log: string;
  readonly env?: Readonly<NodeJS.ProcessEnv>;
}

/** A registry that this run started, and that ends with it. */
export interface PrivateRegistry {
  /** `127.0.0.1:PORT`, plain http, open to all on this machine. */
  readonly address: string;
  /** Of the registry, which leads a process group of its own. */
  readonly pid: number;
  /** The file that it logs to. */
  readonly log: string;
  /** Ends it; its files stay for who removes the scratch folder. Never throws. */
  stop(): Promise<void>;
}

/**
 * Starts the registry program of this machine on a free port of 127.0.0.1. It is ended as well when this process ends
 * without `stop`, unless that is killed.
 * @throws {UserError} exit code 3 where there is no such program, or it does not start.
 */
export async function startRegistry({
  scratch,
  log,
  env = process.env,
}: RegistryPlace): Promise<PrivateRegistry> {
  const program = await programOf(env);
  const settings = path.join(scratch, 'registry.yml');
  await mkdir(scratch, { recursive: true });
  await writeFile(settings, settingsOf(path.join(scratch, 'registry'), randomBytes(16).toString('hex')), {
    mode: 0o600,
  });
  // A log that is there already would name the address of another start.
  await writeFile(log, '');
  const child = launch(program, settings, { scratch, log, env });
  const pid = await started(child, program);
  guardGroup(pid);
  const stop = async () => {
    await terminateGroup(pid, graceMs);
    forgetGroup(pid);
  };
  try {
    return { address: await addressOf(child, log), pid, log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function programOf(env: Readonly<NodeJS.ProcessEnv>): Promise<string> {
  const { program, missing } = await programOnPath({ env, platform: process.platform, run: createRun(env) });
  if (program !== null) return program;
  const lacking = missing.map(({ what, mend }) => `${what}; mend: ${mend}`).join('; ');
  throw new UserError(`No registry can be started here: ${lacking}.`, exitCodes.noBuilder);
}

/** Straight into the file, so that nothing of it is lost however this process ends; marked, in case that is at once. */
function launch(
  program: string,
  settings: string,
  { scratch, log, env }: Required<RegistryPlace>,
): ChildProcess {
  const output = openSync(log, 'a');
  const mark = makeMark(scratch);
  try {
    return spawn(program, ['serve', settings], {
      env: environmentOf(env),
      stdio: ['ignore', output, output, mark?.descriptor ?? 'ignore'],
      detached: true,
    });
  } finally {
    closeMark(mark);
    closeSync(output);
  }
}

function started(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid as number));
    child.once('error', (error) =>
      reject(
        new UserError(
          `The registry ${program} cannot be started (${systemReason(error)}).`,
          exitCodes.noBuilder,
        ),
      ),
    );
  });
}

async function addressOf(child: ChildProcess, log: string): Promise<string> {
  const end = performance.now() + startMs;
  while (performance.now() < end) {
    // Asked before the log is read: what it wrote last is in there then.
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    const text = await readFile(log, 'utf8');
    if (hasEnded) throw notStarted('ended at once', text, log);
    const address = listening(text);
    if (address !== null && (await problemOf(address, answerMs)) === null) return address;
    await sleep(pauseMs);
  }
  throw notStarted(`did not answer within ${startMs / 1000} s`, await readFile(log, 'utf8'), log);
}

function notStarted(how: string, text: string, log: string): UserError {
  const lines = text.trim().split('\n').slice(-shownLines).join('\n');
  return new UserError(
    `The registry that buildrace started ${how}; name one that runs with --registry HOST:PORT, or mend what its log ${log} says:\n${lines}`,
    exitCodes.noBuilder,
  );
}
