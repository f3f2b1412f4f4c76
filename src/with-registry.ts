import path from 'node:path';
import type { Run } from './builders/builder.js';
import { findRegistry } from './registry/find.js';
import { programOnPath } from './registry/program.js';
import { readImage } from './registry/read-image.js';
import { startRegistry } from './registry/start.js';
import { withScratch } from './runner/scratch.js';
import { noteOwner } from './runner/scratch-owner.js';
import type { ReadImage } from './runner/setting.js';

export interface RegistryOptions {
  /** `HOST:PORT` from the command line; null: the environment's, else one of the run's own. */
  readonly registry: string | null;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly aside: Run;
  /** Where none was named, one is started. */
  readonly isNeeded: boolean;
}

/**
 * Calls `use` with the registry of a run: the one that was named, else one that is started for it where it is needed,
 * else null.
 * @throws {UserError} when the one that was named does not answer, or the own one does not start.
 */
export async function withRegistry<T>(
  { registry, env, aside, isNeeded }: RegistryOptions,
  use: (address: string | null, isOwn: boolean) => Promise<T>,
): Promise<T> {
  const named = await findRegistry({ given: registry, env });
  if (named !== null || !isNeeded) return use(named, false);
  const { found } = await programOnPath({ env, platform: process.platform, run: aside });
  if (!found) return use(null, false);
  return withScratch(async (scratch) => {
    const started = await startRegistry({ scratch, log: path.join(scratch, 'registry.log'), env });
    noteOwner(scratch, started.pid);
    try {
      return await use(started.address, true);
    } finally {
      await started.stop();
    }
  });
}

/** Reads an image that lanes pushed (`HOST:PORT/name:tag`) by its digest. @throws {RegistryError} */
export function readPushed(image: string, digest: string): Promise<ReadImage> {
  const [, registry = '', name = ''] = /^([^/]+)\/(.+?)(?::[^:/]+)?$/.exec(image) ?? [];
  return readImage(registry, name, digest);
}
