import { randomBytes } from 'node:crypto';
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { textOf } from '../../processes/identity.js';
import { mayHoldMounts, unmountBelow } from './mounts.js';

/** The folder that is all of a private daemon: root, sockets, configuration, temporary files. */
export interface Home {
  /** 16 hexadecimal digits that no other daemon has. */
  readonly id: string;
  /** Absolute, without links. */
  readonly folder: string;
}

/** Paths in a home. */
export const homePaths = ({ folder }: Home) => ({
  root: path.join(folder, 'root'),
  socket: path.join(folder, 'bk.sock'),
  traceSocket: path.join(folder, 'otel.sock'),
  debugSocket: path.join(folder, 'debug.sock'),
  configuration: path.join(folder, 'buildkitd.toml'),
  temporary: path.join(folder, 'tmp'),
});

/** Longest path of a socket, in bytes: `sun_path` holds 108 with its end (unix(7)), other systems have 104. */
const socketLimitBytes = 103;
/** The longest one there is: v0.10.4 puts its trace socket into the root. */
const longestSocket = '/bk-XXXXXX/root/otel-grpc.sock';
/** The file by which a home is known again, holding its id. */
const markerName = 'buildrace-daemon';

/** Makes an empty home below the scratch folder, or, where sockets could not be made there, in a short folder. */
export async function makeHome(scratch: string): Promise<Home> {
  const base = [await realpath(scratch), os.tmpdir(), '/tmp'].find(holdsSockets) ?? '/tmp';
  const folder = await realpath(await mkdtemp(path.join(base, 'bk-')));
  const home = { id: randomBytes(8).toString('hex'), folder };
  await writeFile(path.join(folder, markerName), home.id);
  await mkdir(homePaths(home).temporary);
  return home;
}

function holdsSockets(base: string): boolean {
  return Buffer.byteLength(base + longestSocket) <= socketLimitBytes;
}

/** Whether the folder still is that home and nothing else: this user's, reached without links, with its marker. */
export function isHome({ id, folder }: Home): boolean {
  try {
    const marker = path.join(folder, markerName);
    return isOwnFolder(folder) && lstatSync(marker).isFile() && readFileSync(marker, 'utf8') === id;
  } catch {
    return false;
  }
}

/** Whether the path names a folder of this user, without a link on the way. */
export function isOwnFolder(folder: string): boolean {
  try {
    const stat = lstatSync(folder);
    return stat.isDirectory() && stat.uid === process.getuid?.() && realpathSync(folder) === folder;
  } catch {
    return false;
  }
}

/** The home that a folder is by its marker, or null. */
export function homeAt(folder: string): Home | null {
  const id = textOf(path.join(folder, markerName));
  return /^[0-9a-f]{16}$/.test(id) && isHome({ id, folder }) ? { id, folder } : null;
}

/**
 * Unmounts what is mounted below the folder and removes it; false when something is still mounted, which stays, or may be,
 * or the folder cannot be removed.
 */
export async function removeTree(folder: string): Promise<boolean> {
  await unmountBelow(folder);
  // What is mounted is not the daemon's: a build's context may be.
  if (mayHoldMounts(folder)) return false;
  return rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).then(
    () => true,
    // Node gives up on paths longer than the system takes, which a build can leave: `rm` goes folder by folder.
    async () => (await execa('rm', ['-rf', '--', folder], { reject: false, stdio: 'ignore' })).exitCode === 0,
  );
}
