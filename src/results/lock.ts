import { createHash, randomBytes } from 'node:crypto';
import { link, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { systemReason, UserError } from '../errors.js';
import { identityOf, isOver, pidWorld } from '../processes/identity.js';
import { layout } from './layout.js';

const holderSchema = z.object({
  schemaVersion: z.literal(1),
  process: z.object({ pid: z.int().min(1), startTicks: z.string() }),
  bootId: z.string(),
  pidNamespace: z.string(),
  /** Hash of the host's name: the boot of another machine says nothing of a process there. */
  host: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

/** The right to write a run directory; one process has it at a time. */
export interface RunLock {
  /** The same lock, where the directory got another name. */
  movedTo(directory: string): RunLock;
  release(): Promise<void>;
}

/** Two that come at the same instant both step back, and come again apart. */
const tries = 5;
const pauseMs = 40;
const longestHolder = 4_096;
const lockName = /^\d+-[0-9a-f]{12}\.json$/;

/**
 * Takes the lock of a run directory. Who wants it puts a file of its own beside those of others and then looks: as all
 * put before they look, two can never both find themselves alone. Files of processes that are over are removed.
 * @throws {UserError} when a living process has it, or one of another machine or container, which cannot be asked.
 */
export async function lockRun(directory: string): Promise<RunLock> {
  const folder = path.join(directory, layout.locks);
  const own = `${process.pid}-${randomBytes(6).toString('hex')}.json`;
  for (let attempt = 1; ; attempt++) {
    await put(folder, own);
    const other = await otherHolder(folder, own);
    if (other === null) return lockAt(directory, own);
    await rm(path.join(folder, own), { force: true });
    if (attempt === tries) throw new UserError(inUse(directory, folder, other));
    await sleep(pauseMs * attempt * (0.5 + Math.random()));
  }
}

const lockAt = (directory: string, own: string): RunLock => ({
  movedTo: (elsewhere) => lockAt(elsewhere, own),
  // Its directory may be gone, or may no longer be written: what is over holds nothing up.
  release: () => rm(path.join(directory, layout.locks, own), { force: true }).catch(() => undefined),
});

/** Whether a run directory is being written by a process that lives, or may live where nobody can ask. */
export async function isLocked(directory: string): Promise<boolean> {
  return (await otherHolder(path.join(directory, layout.locks), '')) !== null;
}

/** @throws {UserError} when the run is being written; `instead` says what to do once it is not. */
export async function refuseUnfinished(directory: string, instead: string): Promise<void> {
  if (await isLocked(directory))
    throw new UserError(`${directory} is still being written; wait for its end: ${instead}`);
}

/**
 * Whether a directory was written by processes that are over, all of them: it has lock files, and each is of such a one.
 * Nothing is changed.
 */
export async function isAbandoned(directory: string): Promise<boolean> {
  const folder = path.join(directory, layout.locks);
  if ((await lstat(folder).catch(() => null))?.isDirectory() !== true) return false;
  const names = (await readdir(folder)).filter((name) => lockName.test(name));
  const holders = await Promise.all(names.map((name) => read(path.join(folder, name))));
  return (
    holders.length > 0 && holders.every((holder) => holder !== null && holder !== 'gone' && isDead(holder))
  );
}

function isDead(holder: Holder): boolean {
  return holder.host === host() && isOver(holder.process, holder);
}

/** Whole or not at all: `link` gives a written file its name, and fails where that is taken. */
async function put(folder: string, name: string): Promise<void> {
  const scratch = path.join(folder, `.${name}`);
  try {
    // Not `recursive`: a run that was removed a moment ago must not come back as an empty folder.
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await mustBeFolder(folder);
    await writeFile(scratch, JSON.stringify(self()), { mode: 0o600, flag: 'wx' });
    await link(scratch, path.join(folder, name));
  } catch (error) {
    throw new UserError(`the lock of the run in ${folder} cannot be made (${systemReason(error)})`);
  } finally {
    await rm(scratch, { force: true });
  }
}

/** A run directory may come from somebody else: a link in it must not lead the lock elsewhere. */
async function mustBeFolder(folder: string): Promise<void> {
  if (!(await lstat(folder)).isDirectory()) throw new UserError(`${folder} is no folder; remove it`);
}

function self(): Holder {
  const startTicks = identityOf(process.pid)?.startTicks ?? '';
  return { schemaVersion: 1, process: { pid: process.pid, startTicks }, ...pidWorld(), host: host() };
}

const host = (): string => createHash('sha256').update(os.hostname()).digest('hex').slice(0, 12);

interface Other {
  readonly file: string;
  readonly holder: Holder | null;
}

/** Somebody else who has the lock, or may have it; what the dead left is removed on the way. */
async function otherHolder(folder: string, own: string): Promise<Other | null> {
  const names = await readdir(folder).catch(() => [] as string[]);
  for (const file of names) {
    if (file === own || !lockName.test(file)) continue;
    const holder = await read(path.join(folder, file));
    if (holder === 'gone') continue;
    if (holder !== null && isDead(holder)) {
      await rm(path.join(folder, file), { force: true }).catch(() => undefined);
      continue;
    }
    return { file, holder };
  }
  return null;
}

/** Null for what is no lock file of ours: it stands in the way until somebody looks at it. */
async function read(file: string): Promise<Holder | null | 'gone'> {
  try {
    const stat = await lstat(file);
    if (!stat.isFile() || stat.size > longestHolder) return null;
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : null;
  }
}

function inUse(directory: string, folder: string, { file, holder }: Other): string {
  const isHere = holder?.host === host() && holder.pidNamespace === pidWorld().pidNamespace;
  if (isHere) return `${directory} is being written by process ${holder.process.pid}; wait for its end`;
  return `${directory} may be in use on another machine or in another container; if that is over, remove ${path.join(folder, file)}`;
}
