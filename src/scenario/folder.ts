import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.js';

/** One file of a Dockerfile folder, with its content: that is how a run directory keeps the scenario. */
export interface FolderFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

const limits = { files: 2_000, bytes: 32 * 1024 * 1024 };

/**
 * The Dockerfile folder of a scenario file, as an absolute real path.
 * @throws {UserError} when it is absolute, missing or no folder.
 */
export async function dockerfileFolder(scenarioFile: string, folder: string): Promise<string> {
  if (path.isAbsolute(folder)) {
    throw new UserError(
      `${scenarioFile}: dockerfiles: expected a path relative to the scenario, got ${folder}`,
    );
  }
  const wanted = path.resolve(path.dirname(scenarioFile), folder);
  const real = await realpath(wanted).catch(() => null);
  if (real === null || !(await stat(real)).isDirectory()) {
    throw new UserError(`${scenarioFile}: dockerfiles: there is no folder ${wanted}`);
  }
  return real;
}

/**
 * A file inside of a folder, by a path that neither `..` nor a link leads out of it.
 * @throws {UserError} when it is missing, outside, or no regular file.
 */
export async function fileInside(folder: string, relative: string, what: string): Promise<string> {
  const wanted = path.resolve(folder, relative);
  if (path.isAbsolute(relative) || !isInside(folder, wanted)) {
    throw new UserError(`${what} ${relative} lies outside of its folder ${folder}`);
  }
  // The folder itself may be reached by a link (`/tmp` of macOS is one): only real paths can be compared.
  const [root, real] = await Promise.all([folder, wanted].map((one) => realpath(one).catch(() => null)));
  if (!root || !real) throw new UserError(`${what} ${relative} is missing from ${folder}`);
  if (!isInside(root, real)) throw new UserError(`${what} ${relative} is a link that leads out of ${folder}`);
  if (!(await stat(real)).isFile()) throw new UserError(`${what} ${relative} in ${folder} is no file`);
  return wanted;
}

/**
 * All regular files of a Dockerfile folder, sorted by path; links are not followed and not kept.
 * @throws {UserError} when it holds too much, or something of it cannot be read.
 */
export async function readFolder(folder: string): Promise<FolderFile[]> {
  try {
    return await readFiles(folder);
  } catch (error) {
    const { code, path: where } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UserError(`the Dockerfile folder ${folder} cannot be read: ${code} at ${where ?? folder}`);
  }
}

async function readFiles(folder: string): Promise<FolderFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  if (names.length > limits.files) throw tooLarge(folder, `${names.length} files`);
  const sizes = await Promise.all(names.map(async (name) => (await lstat(path.join(folder, name))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > limits.bytes) throw tooLarge(folder, `${bytes} bytes`);
  return Promise.all(
    names.map(async (name) => ({
      path: name.split(path.sep).join('/'),
      content: await readFile(path.join(folder, name)),
    })),
  );
}

/**
 * Refuses a results folder in the Dockerfile folder: what a run writes would be in the context of its builds while they
 * read it, and the next run's scenario another one.
 * @throws {UserError} with both folders.
 */
export async function refuseResultsInside(folder: string, results: string): Promise<void> {
  const real = await realPathOf(path.resolve(results));
  if (real !== folder && !isInside(folder, real)) return;
  throw new UserError(
    `the results folder ${real} lies in the Dockerfile folder ${folder}, of which builds make their context: name one outside of it with --out`,
  );
}

/** Where a path leads of which only the beginning may be there. */
async function realPathOf(wanted: string): Promise<string> {
  const real = await realpath(wanted).catch(() => null);
  if (real !== null || path.dirname(wanted) === wanted) return real ?? wanted;
  return path.join(await realPathOf(path.dirname(wanted)), path.basename(wanted));
}

/** SHA-256 of a file's content, in hexadecimal digits. */
export function fileHash({ content }: FolderFile): string {
  return createHash('sha256').update(content).digest('hex');
}

/** SHA-256 over the scenario's text and its files: two runs with the same one ran the same scenario. */
export function contentHash(text: string, files: readonly FolderFile[]): string {
  const hash = createHash('sha256')
    .update(`${Buffer.byteLength(text)}\0`)
    .update(text);
  for (const file of files) hash.update(`\0${file.path}\0${file.content.length}\0`).update(file.content);
  return hash.digest('hex');
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return (
    relative !== '' &&
    relative !== '..' &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative)
  );
}

function tooLarge(folder: string, much: string): UserError {
  return new UserError(
    `the Dockerfile folder ${folder} holds ${much}; a run keeps it by content, so at most ${limits.files} files and 32 MiB`,
  );
}
