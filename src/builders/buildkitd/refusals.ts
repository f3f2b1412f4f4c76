import { existsSync } from 'node:fs';
import type { DaemonRequest } from '../builder.js';
import { type ProcessorFacts, processorFacts, processorRefusal } from './processors.js';

/** Flags that say where a daemon lives, which is for the tool to say. */
const ownFlags = [
  'root',
  'addr',
  'config',
  'debugaddr',
  'otel-socket-path',
  'tlscert',
  'tlskey',
  'tlscacert',
];

/** Why no daemon can be started so, as far as that is known before; `fuseDevice` is another one in tests. */
export function daemonRefusal(
  request: DaemonRequest,
  fuseDevice = '/dev/fuse',
  facts: ProcessorFacts = processorFacts({ runtimeVersion: null, hasTaskset: false }),
): string | null {
  const taken = request.flags.map(nameOf).find((name) => name !== null && ownFlags.includes(name));
  if (taken)
    return `the flag --${taken} of buildkitd is not to be given: a private daemon has a place of its own`;
  // It needs no fusermount: without one, it mounts by itself.
  if (request.snapshotter === 'stargz' && !existsSync(fuseDevice))
    return `no stargz snapshotter: it needs ${fuseDevice}, which is not here (modprobe fuse)`;
  return processorRefusal(request.cpus, facts);
}

/** `root` of `--root=/x`, of `-root` and of `--root`; null for what is no flag. */
function nameOf(flag: string): string | null {
  return /^--?([\w-]+)/.exec(flag)?.[1] ?? null;
}
