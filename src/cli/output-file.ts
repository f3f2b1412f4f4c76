import { constants, type Stats } from 'node:fs';
import { lstat, open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError, unwritten } from '../errors.js';
import { writeWhole } from '../results/whole-file.js';

/** What may be done to a file that the user names for an answer. */
export interface OutputRules {
  /** A file that is there is written over. */
  readonly force: boolean;
  /** The run directory that the answer is made of: nothing is written into it. */
  readonly run: string;
}

/** Where an answer goes: the process's own output, something that is only written into, or a file that is made. */
export type OutputTarget =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'stream'; readonly file: string }
  | { readonly kind: 'file'; readonly file: string; readonly force: boolean; readonly mode: number | null };

/** Names of this process's standard output. Where it is a file, others would look like one to be written over. */
const standardOutput = new Set(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']);

/**
 * Looks where a file that the user names would be written, and changes nothing. A link is never followed: with `force` it is
 * replaced by a file. Devices such as `/dev/null` and pipes that somebody reads are written into.
 * @throws {UserError} when it is there and `force` is not given, or is nothing that can be written.
 */
export async function outputTarget(file: string, { force, run }: OutputRules): Promise<OutputTarget> {
  if (standardOutput.has(file)) return { kind: 'stdout' };
  if (file === '') throw new UserError('--output: expected the name of a file');
  const found = await look(file, lstat);
  if (file.endsWith('/') || file.endsWith(path.sep)) throw isFolder(file);
  const target = found?.isSymbolicLink() === true ? await look(file, stat) : found;
  if (target !== null && isStream(target)) return { kind: 'stream', file };
  await refuseInside(file, run);
  if (found === null) return { kind: 'file', file, force, mode: null };
  if (found.isDirectory()) throw isFolder(file);
  if (found.isSymbolicLink()) {
    if (force) return { kind: 'file', file, force, mode: null };
    throw new UserError(`${file} is there already, as a link; give --force to put a file in its place`);
  }
  if (!found.isFile())
    throw new UserError(`${file} is ${found.isSocket() ? 'a socket' : 'a disk'}; name a file`);
  if (!force) throw isThere(file);
  return { kind: 'file', file, force, mode: found.mode & 0o777 };
}

/**
 * Writes an answer to where `outputTarget` said. A file is written beside its place and takes it once it is whole, so that
 * nobody ever sees half of one, and nothing is left where the disk is full.
 * @throws {UserError} when it cannot be written, or somebody else has made the file meanwhile.
 */
export async function writeOutput(target: OutputTarget, content: string | Uint8Array): Promise<void> {
  if (target.kind === 'stdout') return writeStdout(content);
  try {
    await (target.kind === 'stream' ? writeStream(target.file, content) : writeFile(target, content));
  } catch (error) {
    throw error instanceof UserError ? error : notWritten(target.file, error);
  }
}

async function look(file: string, by: (file: string) => Promise<Stats>): Promise<Stats | null> {
  try {
    return await by(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw notWritten(file, error);
  }
}

/** What takes bytes and keeps none of them. */
function isStream(found: Stats): boolean {
  return found.isCharacterDevice() || found.isFIFO();
}

/** A run stays as it was made, whatever is written of it. */
async function refuseInside(file: string, run: string): Promise<void> {
  const parent = path.dirname(file);
  const folder = await realpath(parent).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw notWritten(file, error);
    throw new UserError(`${file} cannot be written: there is no folder ${parent}`);
  });
  const inside = path.relative(await realpath(run).catch(() => path.resolve(run)), folder);
  const isOutside = inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside);
  if (!isOutside)
    throw new UserError(`${file} lies in the run directory, which stays as it is; name a file elsewhere`);
}

function writeStdout(content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(content, (error) => (error ? reject(error) : resolve()));
  });
}

async function writeStream(file: string, content: string | Uint8Array): Promise<void> {
  // Opening a pipe waits until somebody reads it, which may be never; this asks first, and is held until it is open.
  const asked = await open(file, constants.O_WRONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO')
      throw new UserError(`${file} is a pipe that nobody reads`);
    throw error;
  });
  try {
    const stream = await open(file, constants.O_WRONLY);
    try {
      await stream.writeFile(content);
    } finally {
      await stream.close();
    }
  } finally {
    await asked.close();
  }
}

async function writeFile(
  { file, force, mode }: Extract<OutputTarget, { kind: 'file' }>,
  content: string | Uint8Array,
): Promise<void> {
  await writeWhole(file, content, { replace: force, mode }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? isThere(file) : error;
  });
}

function isThere(file: string): UserError {
  return new UserError(`${file} is there already; give --force to write over it`);
}

function isFolder(file: string): UserError {
  return new UserError(`${file} is a folder; name a file`);
}

function notWritten(file: string, error: unknown): UserError {
  return unwritten(file, error);
}
