import { readFileSync, realpathSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { isOwnFolder } from '../builders/buildkitd/home.js';
import {
  identityOf,
  isNobody,
  isOver,
  namesIn,
  type PidWorld,
  type ProcessIdentity,
  pidWorld,
} from '../processes/identity.js';

const processSchema = z.object({ pid: z.int().min(2), startTicks: z.string() });
const ownerSchema = z.object({
  process: processSchema,
  bootId: z.string(),
  pidNamespace: z.string(),
  /** Leader of a process group that has to end with the owner. */
  companion: processSchema.nullable(),
});
type Owner = z.infer<typeof ownerSchema>;

/** The note of the process that a scratch folder belongs to. */
export const ownerFile = 'owner.json';
/** The note while it is written. */
const halfFile = '.owner.json';
const scratchName = /^buildrace-(\d+)-[0-9A-Za-z]+$/;

/** A scratch folder whose process was killed. */
export interface Abandoned {
  readonly folder: string;
  /** What has to end with it, and where its pid counts: that may have been another boot. */
  readonly companion: (ProcessIdentity & PidWorld) | null;
}

/**
 * Notes in a scratch folder whose it is, so that it can be told when that process was killed; `companion`: a pid. The note
 * is there whole or not at all.
 */
export function noteOwner(folder: string, companion: number | null = null): void {
  const self = identityOf(process.pid);
  // Where nobody can tell one process of a number from another, nothing is ever cleared by it.
  if (self === null) return;
  const other = companion === null ? null : identityOf(companion);
  const owner: Owner = { process: self, ...pidWorld(), companion: other };
  writeFileSync(path.join(folder, halfFile), JSON.stringify(owner), { mode: 0o600 });
  renameSync(path.join(folder, halfFile), path.join(folder, ownerFile));
}

/** This user's scratch folders whose processes were killed. */
export function abandonedIn(parent: string = scratchParent()): Abandoned[] {
  return foldersIn(parent).flatMap((folder) => {
    const owner = ownerOf(folder);
    if (owner === null || !isOver(owner.process, owner)) return [];
    const { companion, bootId, pidNamespace } = owner;
    return [{ folder, companion: companion === null ? null : { ...companion, bootId, pidNamespace } }];
  });
}

/** Scratch folders whose process was killed before it could note that they are its own: there is nothing in them. */
export function emptyIn(parent: string = scratchParent()): string[] {
  return foldersIn(parent).filter((folder) => {
    const pid = Number(scratchName.exec(path.basename(folder))?.[1]);
    return isNobody(pid) && namesIn(folder).every((name) => name === halfFile);
  });
}

/** Removes such a folder, if there still is nothing in it. */
export function removeEmpty(folder: string): boolean {
  try {
    rmSync(path.join(folder, halfFile), { force: true });
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** One that is not there holds nothing; who needs it says so (`refuseWithoutScratch`). */
function scratchParent(): string {
  try {
    return realpathSync(os.tmpdir());
  } catch {
    return os.tmpdir();
  }
}

function foldersIn(parent: string): string[] {
  return namesIn(parent)
    .filter((name) => scratchName.test(name))
    .map((name) => path.join(parent, name))
    .filter(isOwnFolder);
}

function ownerOf(folder: string): Owner | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path.join(folder, ownerFile), 'utf8')));
  } catch {
    return null;
  }
}
