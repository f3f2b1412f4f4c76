import { randomBytes } from 'node:crypto';
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

export interface WholeFileRules {
  /** A file that is there gives way to the new one; else it stays, and `EEXIST` is thrown. */
  readonly replace: boolean;
  /** Permissions of the new file; null: the usual ones. */
  readonly mode?: number | null;
}

/**
 * Writes a file so that everybody sees the old one, or none, or the new one, and never half of one, also after a crash of
 * the machine: it is written beside its place, brought to disk, and takes the place once it is whole. Nothing is left
 * beside it where that fails.
 * @throws what the system says, and `EEXIST` where it may not be replaced.
 */
export async function writeWhole(
  file: string,
  content: string | Uint8Array,
  { replace, mode = null }: WholeFileRules,
): Promise<void> {
  // No two writers share a name, whatever process or machine they are on.
  const scratch = path.join(path.dirname(file), `.buildrace-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeNew(scratch, content, mode);
    await (replace ? rename(scratch, file) : takeFreePlace(scratch, file));
  } finally {
    await rm(scratch, { force: true }).catch(() => undefined);
  }
}

async function writeNew(file: string, content: string | Uint8Array, mode: number | null): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
    if (mode !== null) await handle.chmod(mode);
    await handle.sync().catch(ignoreNoSync);
  } finally {
    await handle.close();
  }
}

/** What file systems say that know no sync (`fsync(2)`); everything else means that it is not on disk. */
const cannotSync = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EROFS'];

/** For `sync().catch`: passes over a file system that knows no sync. @throws everything else. */
export function ignoreNoSync(error: NodeJS.ErrnoException): void {
  if (!cannotSync.includes(error.code ?? '')) throw error;
}

/** As `rename`, but never over what somebody else has put there meanwhile. */
async function takeFreePlace(scratch: string, file: string): Promise<void> {
  try {
    await link(scratch, file);
  } catch (error) {
    // Some file systems have no second names for a file (exFAT, some network drives).
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    if ((await lstat(file).catch(() => null)) !== null)
      throw Object.assign(new Error('file already exists'), { code: 'EEXIST' });
    await rename(scratch, file);
  }
}
