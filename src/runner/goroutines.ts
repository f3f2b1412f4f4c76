import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PrivateDaemon } from '../builders/builder.js';
import { goroutinesOf } from '../results/layout.js';

/** Keeps where the daemon stands while a lane hangs, beside the lane's logs; without an answer there is nothing to keep. */
export async function keepGoroutines(daemon: PrivateDaemon, folder: string, lane: string): Promise<void> {
  const stacks = await daemon.goroutines().catch(() => null);
  if (stacks === null) return;
  await writeFile(path.join(folder, goroutinesOf(lane)), stacks).catch(() => undefined);
}
