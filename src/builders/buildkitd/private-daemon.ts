import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { identityOf, pidWorld } from '../../processes/identity.js';
import { createBuildctl } from '../buildctl.js';
import {
  DaemonError,
  type DaemonPlace,
  type DaemonRequest,
  type PrivateDaemon,
  type Surroundings,
} from '../builder.js';
import { configuration } from './configuration.js';
import { type DaemonProcess, startDaemonProcess } from './daemon-process.js';
import { type DebugAddress, debugAddress, goroutineDump } from './debug-address.js';
import { type Home, homePaths, makeHome, removeTree } from './home.js';
import { logSize, logTail } from './log-tail.js';
import { daemonMark, endDaemon, killStrays } from './mark.js';
import { unmountBelow } from './mounts.js';
import { onProcessors } from './processors.js';
import { type DaemonPrograms, daemonEnvironment } from './programs.js';
import { untilAnswers } from './ready.js';
import { recordsFolder, removeRecord, writeRecord } from './records.js';

/** What of the builder a private daemon is started with. */
export interface DaemonKit {
  readonly instance: string | null;
  /** Where both programs are; null: on PATH. */
  readonly folder: string | null;
  readonly programs: DaemonPrograms;
  readonly daemonVersion: string | null;
  readonly surroundings: Surroundings;
  /** Times in milliseconds; tests have less of it. */
  readonly limits?: { readonly readyMs: number; readonly graceMs: number };
  /** Where the record goes; tests have their own. */
  readonly records?: string;
}

const usualLimits = { readyMs: 60_000, graceMs: 5_000 };
/** Starts that are tried where another process took the debug port in between. */
const portTries = 3;

/** Starts a daemon on an empty root. @throws {DaemonError} */
export async function startPrivateDaemon(
  kit: DaemonKit,
  request: DaemonRequest,
  place: DaemonPlace,
): Promise<PrivateDaemon> {
  const daemon = new RunningDaemon(kit, request, place, await prepare(request, place));
  try {
    await daemon.start();
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  return daemon;
}

async function prepare(request: DaemonRequest, place: DaemonPlace): Promise<Home> {
  try {
    await mkdir(place.scratch, { recursive: true });
    await mkdir(path.dirname(place.log), { recursive: true });
    const home = await makeHome(place.scratch);
    await writeFile(homePaths(home).configuration, configuration(request, home));
    return home;
  } catch (error) {
    throw new DaemonError(`no folder for a daemon can be made (${(error as Error).message})`, {
      cause: error,
    });
  }
}

class RunningDaemon implements PrivateDaemon {
  readonly builder: PrivateDaemon['builder'];
  readonly log: string;
  readonly #kit: DaemonKit;
  readonly #request: DaemonRequest;
  readonly #home: Home;
  readonly #abort: AbortSignal | undefined;
  readonly #records: string;
  readonly #limits: { readonly readyMs: number; readonly graceMs: number };
  #process: DaemonProcess | null = null;
  #debug: DebugAddress | null = null;
  #stopping: Promise<void> | null = null;
  /** The start or restart in flight, which an end has to wait for. */
  #starting: Promise<void> = Promise.resolve();

  constructor(kit: DaemonKit, request: DaemonRequest, place: DaemonPlace, home: Home) {
    this.#kit = kit;
    this.#request = request;
    this.#home = home;
    this.#records = kit.records ?? recordsFolder();
    this.#limits = kit.limits ?? usualLimits;
    this.log = place.log;
    this.#abort = place.abort;
    const { instance, programs, surroundings } = kit;
    this.builder = createBuildctl(
      { kind: 'buildkitd', instance, program: programs.buildctl, address: this.#address },
      surroundings,
    );
  }

  /** @throws {DaemonError} */
  start(): Promise<void> {
    return this.#alone(() => this.#start());
  }

  restart(): Promise<void> {
    return this.#alone(async () => {
      await this.#end();
      // What a daemon mounted that had to be killed would be in the next one's way.
      await unmountBelow(this.#home.folder);
      await this.#start();
    });
  }

  get pid(): number | null {
    return this.#process?.identity?.pid ?? null;
  }

  prune() {
    return this.#buildctl('prune', '--all');
  }

  async goroutines(): Promise<string | null> {
    return this.#debug === null ? null : goroutineDump(this.#debug);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#starting.then(() => this.#remove());
    return this.#stopping;
  }

  get #address(): string {
    return `unix://${homePaths(this.#home).socket}`;
  }

  #buildctl(...args: string[]) {
    return { file: this.#kit.programs.buildctl, args: ['--addr', this.#address, ...args] };
  }

  #alone(work: () => Promise<void>): Promise<void> {
    const done = this.#starting.then(work);
    this.#starting = done.catch(() => {});
    return done;
  }

  async #start(): Promise<void> {
    for (let tries = portTries; ; tries--) {
      const from = await logSize(this.log);
      const why = await this.#tryToStart();
      if (why === null) return;
      await this.#end();
      const tail = await logTail(this.log, from);
      if (tries > 1 && tail.includes('address already in use')) continue;
      throw new DaemonError(`buildkitd ${why}; its log ${tail === '' ? 'is empty' : `ends:\n${tail}`}`);
    }
  }

  /** Null when it answers, else why it does not. */
  async #tryToStart(): Promise<string | null> {
    const { folder, programs, surroundings } = this.#kit;
    const { configuration, temporary, ...paths } = homePaths(this.#home);
    try {
      // A daemon that was killed leaves its sockets, on which nobody would answer.
      const sockets = [paths.socket, paths.traceSocket, paths.debugSocket];
      await Promise.all(sockets.map((socket) => rm(socket, { force: true })));
      this.#debug = await debugAddress(this.#home, this.#kit.daemonVersion);
      await this.#record();
      const { flags, cpus } = this.#request;
      const { file, args } = onProcessors(cpus, programs.buildkitd, [
        ...['--config', configuration, '--debugaddr', this.#debug.flag],
        ...flags,
      ]);
      const child = await startDaemonProcess(
        file,
        args,
        {
          ...daemonEnvironment(surroundings.env, folder),
          TMPDIR: temporary,
          [daemonMark]: this.#home.id,
        },
        this.#home.folder,
        this.log,
      );
      this.#process = child;
      await this.#record();
      const over = () => child.ended() ?? (this.#isUnwanted ? 'was stopped as it started' : null);
      return child.ended() ?? (await this.#untilAnswers(over));
    } catch (error) {
      return `could not be started (${(error as Error).message})`;
    }
  }

  get #isUnwanted(): boolean {
    return this.#stopping !== null || this.#abort?.aborted === true;
  }

  #untilAnswers(over: () => string | null): Promise<string | null> {
    const { surroundings } = this.#kit;
    return untilAnswers(surroundings.run, this.#buildctl('debug', 'workers'), over, this.#limits.readyMs);
  }

  async #record(): Promise<void> {
    const owner = identityOf(process.pid);
    if (owner === null) return;
    const { id, folder } = this.#home;
    const daemon = this.#process?.identity ?? null;
    await writeRecord({ schemaVersion: 1, id, daemon, owner, ...pidWorld(), home: folder }, this.#records);
  }

  async #end(): Promise<void> {
    const identity = this.#process?.identity ?? null;
    this.#process = null;
    this.#debug = null;
    if (identity !== null) await endDaemon(identity, this.#limits.graceMs);
    await killStrays(this.#home.id, this.#home.folder);
  }

  /** A record stays where something could not be removed, for the next run to try again. */
  async #remove(): Promise<void> {
    try {
      await this.#end();
      if (await removeTree(this.#home.folder)) await removeRecord(this.#home.id, this.#records);
    } catch {
      // Nothing more can be done here, and the results of a run do not hang on it.
    }
  }
}
