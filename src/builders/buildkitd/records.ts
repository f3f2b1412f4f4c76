import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';

const identity = z.object({ pid: z.int().positive(), startTicks: z.string().regex(/^\d+$/) });

/** What is known of a private daemon by those who come after a run that was killed. */
const recordSchema = z.object({
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** Null as long as it is not started. */
  daemon: identity.nullable(),
  owner: identity,
  bootId: z.string(),
  pidNamespace: z.string(),
  home: z.string(),
});
export type DaemonRecord = z.infer<typeof recordSchema>;

/** The folder of a user's records is another's, or others may write there. */
export class UntrustedFolder extends Error {
  override readonly name = 'UntrustedFolder';
}

const nameOf = (id: string) => `${id}.json`;
const recordName = /^[0-9a-f]{16}\.json$/;
const recordLimitBytes = 64 * 1024;

/** One folder a user: nobody may plant a record for another. */
export function recordsFolder(): string {
  return path.join(os.tmpdir(), `buildrace-daemons-${process.getuid?.() ?? 'user'}`);
}

/** Writes or replaces a record, at once and whole. @throws {UntrustedFolder} */
export async function writeRecord(record: DaemonRecord, folder: string): Promise<void> {
  await makeFolder(folder);
  const file = path.join(folder, nameOf(record.id));
  const fresh = `${file}.new`;
  await rm(fresh, { force: true });
  await writeFile(fresh, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
  await rename(fresh, file);
}

export async function removeRecord(id: string, folder: string): Promise<void> {
  await rm(path.join(folder, nameOf(id)), { force: true });
}

/** The records that can be read, those only that this user wrote; none where there is no folder. @throws {UntrustedFolder} */
export async function readRecords(folder: string): Promise<DaemonRecord[]> {
  if (!(await isThere(folder))) return [];
  await mustBeOwn(folder);
  const names = (await readdir(folder)).filter((name) => recordName.test(name)).sort();
  const records = await Promise.all(names.map((name) => readRecord(path.join(folder, name))));
  return records.filter((record) => record !== null);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
    // A umask may have taken from it.
    await chmod(folder, 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  await mustBeOwn(folder);
}

async function mustBeOwn(folder: string): Promise<void> {
  const stat = await lstat(folder);
  if (stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0) return;
  throw new UntrustedFolder(
    `${folder} is not a folder of this user alone, so what it tells of daemons is not trusted: remove it`,
  );
}

async function isThere(folder: string): Promise<boolean> {
  return lstat(folder).then(
    () => true,
    () => false,
  );
}

/** Null for what is no record: a link, another's file, other contents. */
async function readRecord(file: string): Promise<DaemonRecord | null> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile() || stat.uid !== process.getuid?.() || stat.size > recordLimitBytes) return null;
      const record = recordSchema.parse(JSON.parse(await handle.readFile('utf8')));
      return nameOf(record.id) === path.basename(file) ? record : null;
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}
