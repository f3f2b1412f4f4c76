import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { signalGroup } from '../../processes/group.js';
import { identityOf, isNobody, type ProcessIdentity } from '../../processes/identity.js';

/** A daemon that was started, and how it ended, once it has. */
export interface DaemonProcess {
  /** Null where it ended at once, or was ended as nothing told it from others. */
  readonly identity: ProcessIdentity | null;
  /** Why it is not there any more (`it ended with exit code 1`); null as long as it is. */
  ended(): string | null;
}

/** Daemons that run now. They lead groups of their own, so they would outlive a tool that ends. */
const running = new Set<ProcessIdentity>();
// Children of this process, whose numbers are theirs until it heard of their end: no need to look at them.
process.on('exit', () => {
  for (const { pid } of running) signalGroup(pid, 'SIGKILL');
});

/** Starts a program as the leader of a process group; both its streams are added to the log. Never throws for it. */
export async function startDaemonProcess(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
  log: string,
): Promise<DaemonProcess> {
  const handle = await open(log, 'a');
  let why: string | null = null;
  try {
    const child = spawn(file, [...args], {
      env,
      cwd,
      detached: true,
      stdio: ['ignore', handle.fd, handle.fd],
    });
    const identity = child.pid === undefined ? null : identityOf(child.pid);
    if (identity !== null) running.add(identity);
    else if (child.pid !== undefined && !isNobody(child.pid)) {
      // Nobody could end it later, or would know whose it is.
      signalGroup(child.pid, 'SIGKILL');
      why = 'was ended, as the system did not tell when it started';
    }
    child.once('exit', (code, signal) => {
      why ??= code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
      if (identity !== null) running.delete(identity);
    });
    why ??= await spawned(child);
    // A run that ends without having stopped it is not kept waiting for it.
    child.unref();
    return { identity, ended: () => why };
  } finally {
    await handle.close();
  }
}

function spawned(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', (error) => resolve(`could not be started (${error.message})`));
  });
}
