import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DaemonRequest, PrivateDaemon } from '../../../src/builders/builder.js';
import type { Machine } from '../../../src/builders/buildkitd/probe.js';
import { createBuildkitd } from '../../../src/builders/buildkitd.js';
import { createRun } from '../../../src/builders/run.js';
import type { Place } from '../place.js';

/** The folder of the stand-ins for buildkitd and buildctl. */
export const standIns = fileURLToPath(new URL('../../stand-ins/buildkit', import.meta.url));

/** A machine on which a daemon may be started, without emulation. */
export const machine: Machine = { uid: 0, emulated: async () => [], architecture: 'x64' };

export const request = (changes: Partial<DaemonRequest> = {}): DaemonRequest => ({
  snapshotter: null,
  flags: [],
  keepMegabytes: null,
  cpus: null,
  mirrors: [],
  ...changes,
});

export const recordsOf = (place: Place) => path.join(place.folder, 'records');
export const scratchOf = (place: Place) => path.join(place.folder, 'scratch');
export const logOf = (place: Place) => path.join(place.folder, 'daemon.log');

/** Starts the stand-in with these flags; its records and its scratch folder are the place's. */
export async function startStandIn(
  place: Place,
  flags: readonly string[] = [],
  options: {
    readonly scratch?: string;
    readonly readyMs?: number;
    readonly folder?: string;
    readonly cpus?: number;
  } = {},
): Promise<PrivateDaemon> {
  const { scratch = scratchOf(place), readyMs = 20_000, folder = standIns, cpus = null } = options;
  await mkdir(scratch, { recursive: true });
  // Scripts of Node: it has to be on PATH.
  const env = { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin` };
  const surroundings = { env, platform: 'linux' as const, run: createRun(env) };
  const limits = { readyMs, graceMs: 300 };
  const builder = createBuildkitd(folder, surroundings, machine, { limits, records: recordsOf(place) });
  const daemon = await builder.startDaemon?.(request({ flags, cpus }), {
    name: 'one',
    scratch,
    log: logOf(place),
  });
  if (daemon === undefined) throw new Error('it starts no daemon');
  return daemon;
}

/** The folder that the one daemon in a scratch folder lives in, from the log of the stand-in. */
export async function homeOf(daemon: PrivateDaemon): Promise<string> {
  const [, socket = ''] = /running server on (.*)/.exec(await readFile(daemon.log, 'utf8')) ?? [];
  return path.dirname(socket);
}
