import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { isOwnFolder } from '../builders/buildkitd/home.js';
import { signalGroup } from '../processes/group.js';
import { identityOf, isOver, isRunning, pidWorld } from '../processes/identity.js';

const processSchema = z.object({ pid: z.int().min(2), startTicks: z.string() });
const ownerSchema = z.object({
  process: processSchema,
  bootId: z.string(),
  pidNamespace: z.string(),
  /** Leader of a process group that has to end with the owner. */
  companion: processSchema.nullable(),
});
type Owner = z.infer<typeof ownerSchema>;

const ownerFile = 'owner.json';
const scratchName = /^buildrace-\d+-[0-9A-Za-z]+$/;

/** Notes in a scratch folder whose it is, so that it can be told when that process was killed; `companion`: a pid. */
export function noteOwner(folder: string, companion: number | null = null): void {
  const self = identityOf(process.pid);
  // Without /proc nobody can tell one process of a number from another, and nothing is ever cleared by it.
  if (self === null) return;
  const other = companion === null ? null : identityOf(companion);
  const owner: Owner = { process: self, ...pidWorld(), companion: other };
  writeFileSync(path.join(folder, ownerFile), JSON.stringify(owner), { mode: 0o600 });
}

/**
 * Ends what ran beside this user's runs that were killed, and removes their scratch folders by `remove`, which tells
 * whether it could; one sentence each.
 */
export async function clearScratch(
  remove: (folder: string) => Promise<boolean>,
  parent: string = realpathSync(os.tmpdir()),
): Promise<string[]> {
  const told: string[] = [];
  for (const name of namesIn(parent)) {
    const folder = path.join(parent, name);
    const owner = scratchName.test(name) && isOwnFolder(folder) ? ownerOf(folder) : null;
    if (owner === null || !isOver(owner.process, owner)) continue;
    if (owner.companion !== null && isRunning(owner.companion)) signalGroup(owner.companion.pid, 'SIGKILL');
    told.push(
      (await remove(folder))
        ? `Removed what a killed run left: ${folder}.`
        : `What a killed run left in ${folder} cannot be removed: unmount what is mounted there, and remove it.`,
    );
  }
  return told;
}

function namesIn(parent: string): string[] {
  try {
    return readdirSync(parent);
  } catch {
    return [];
  }
}

function ownerOf(folder: string): Owner | null {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path.join(folder, ownerFile), 'utf8')));
  } catch {
    return null;
  }
}
