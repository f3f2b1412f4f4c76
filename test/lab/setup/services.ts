import { chmodSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { call } from './commands.js';

// invoke-rc.d and deb-systemd-invoke ask this program before they start anything; 101 means "no" (policy-rc.d(8)).
const policyFile = '/usr/sbin/policy-rc.d';
const marker = 'written by the lab of buildrace';

const units = [
  ...['docker.service', 'docker.socket', 'containerd.service', 'docker-registry.service'],
  ...['podman.service', 'podman.socket', 'podman-restart.service'],
  ...['podman-auto-update.service', 'podman-auto-update.timer'],
];

/** Does `work` (an installation) while no package may start a service; services that it brought stay disabled. */
export async function keepServicesStopped(work: () => Promise<void>, policy = policyFile): Promise<void> {
  const before = units.filter(isInstalled);
  forbidStarts(policy);
  try {
    await work();
  } finally {
    restorePolicy(policy);
    await disable(units.filter((unit) => isInstalled(unit) && !before.includes(unit)));
  }
}

/** Puts back what {@link keepServicesStopped} put aside; does nothing when there is nothing to put back. */
export function restorePolicy(policy = policyFile): void {
  if (isThere(aside(policy))) {
    renameSync(aside(policy), policy);
  } else if (existsSync(policy) && readFileSync(policy, 'utf8').includes(marker)) {
    rmSync(policy);
  }
}

function forbidStarts(policy: string): void {
  restorePolicy(policy); // else the lab's own file of a killed set-up would be put aside over the user's
  if (isThere(policy)) {
    renameSync(policy, aside(policy));
  }
  writeFileSync(policy, `#!/bin/sh\n# ${marker}, for the time of one apt-get\nexit 101\n`);
  chmodSync(policy, 0o755);
}

function aside(policy: string): string {
  return `${policy}.before-buildrace-lab`;
}

// A dangling link counts too: it is the user's.
function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function isInstalled(unit: string): boolean {
  return ['/lib/systemd/system', '/usr/lib/systemd/system'].some((folder) => existsSync(`${folder}/${unit}`));
}

// It only takes links away, so systemd need not be pid 1; where systemctl is missing there is none to start a service.
async function disable(names: readonly string[]): Promise<void> {
  if (names.length > 0 && existsSync('/bin/systemctl')) {
    await call('systemctl', ['disable', '--quiet', ...names]);
  }
}
