import { realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isOwnFolder } from './home.js';

/** The scratch folder of the run that `folder` lies in, as its process names it (`buildrace-PID-…`); null for others. */
export function scratchOf(folder: string, pid: number): string | null {
  const base = realpathSync(os.tmpdir());
  const [name = ''] = path.relative(base, realpathSync(folder)).split(path.sep);
  const scratch = path.join(base, name);
  return isScratchOf(scratch, pid) ? scratch : null;
}

/** Whether the folder is this user's, and by its name the scratch folder of a run in the process `pid`. */
export function isScratchOf(folder: string, pid: number): boolean {
  return new RegExp(`^buildrace-${pid}-[0-9A-Za-z]+$`).test(path.basename(folder)) && isOwnFolder(folder);
}
