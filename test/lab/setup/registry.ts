import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { LabFailure } from './commands.js';
import { runDaemon } from './daemons.js';
import type { LabInMaking } from './state.js';

/** Starts a registry on a free port of 127.0.0.1; returns HOST:PORT. */
export async function startRegistry(lab: LabInMaking): Promise<string> {
  const root = join(lab.paths.data, 'registry');
  const file = join(lab.paths.data, 'registry.yml');
  mkdirSync(root, { recursive: true });
  writeFileSync(file, configuration(root));
  let address: string | null = null;
  await runDaemon(lab, {
    name: 'registry',
    file: 'docker-registry',
    args: ['serve', file],
    isReady: async (log) => {
      address = listening(log);
      return address !== null && (await answers(address));
    },
  });
  if (address === null) {
    throw new LabFailure('the registry did not say where it listens');
  }
  lab.export({ LAB_REGISTRY: address, BUILDRACE_REGISTRY: address });
  return address;
}

// Port 0: the kernel picks a free one as the registry binds it, so that no other program can take it in between.
function configuration(root: string): string {
  return stringify({
    version: 0.1,
    log: { level: 'info', formatter: 'text' },
    storage: { filesystem: { rootdirectory: root }, delete: { enabled: true } },
    http: { addr: '127.0.0.1:0', secret: randomBytes(16).toString('hex') },
  });
}

function listening(log: string): string | null {
  return /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1] ?? null;
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(`http://${address}/v2/`)).ok;
  } catch {
    return false;
  }
}
