import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { layout } from '../results/layout.js';

/** The whole log of a private daemon: its file, relative to the run directory. */
export interface DaemonFile {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/** Most daemons that are told of: a run has one for each way to configure it, and one more after each crash. */
const maxDaemons = 64;

const folder = path.posix.dirname(layout.daemon('any'));
const end = path.posix.basename(layout.daemon(''));

/** Logs of a run's private daemons, by name. Links, and whatever else is no such file, are passed over. */
export async function daemonFiles(directory: string): Promise<DaemonFile[]> {
  const isFolder = (await lstat(path.join(directory, folder)).catch(() => null))?.isDirectory() === true;
  const names = isFolder ? await readdir(path.join(directory, folder)).catch(() => []) : [];
  const files: DaemonFile[] = [];
  for (const entry of names.filter((name) => name.endsWith(end)).sort()) {
    const file = path.posix.join(folder, entry);
    const found = await lstat(path.join(directory, file)).catch(() => null);
    if (found?.isFile() !== true) continue;
    files.push({ name: entry.slice(0, -end.length), file, bytes: found.size });
    if (files.length === maxDaemons) break;
  }
  return files;
}
