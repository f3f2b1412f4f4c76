import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PrivateDaemon } from '../builders/builder.js';
import { goroutinesOf } from '../results/layout.js';

/** Dumps that are being made: lanes that hang together ask once, as each dump halts the daemon. */
const dumps = new WeakMap<PrivateDaemon, Promise<string | null>>();

/** Keeps where the daemon stands while a lane hangs, beside the lane's logs; `silent`: there is nothing to keep. */
export async function keepGoroutines(
  daemon: PrivateDaemon,
  folder: string,
  lane: string,
): Promise<'kept' | 'silent'> {
  const stacks = await (dumps.get(daemon) ?? dump(daemon));
  if (stacks === null) return 'silent';
  await writeFile(path.join(folder, goroutinesOf(lane)), stacks).catch(() => undefined);
  return 'kept';
}

function dump(daemon: PrivateDaemon): Promise<string | null> {
  const made = daemon
    .goroutines()
    .catch(() => null)
    .finally(() => dumps.delete(daemon));
  dumps.set(daemon, made);
  return made;
}
