import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabInMaking } from './state.js';

/** buildah and podman have no daemon: the lab gives them settings and one storage, all by environment variables. */
export function setUpBuildah(lab: LabInMaking, registry: string): void {
  const folder = join(lab.paths.data, 'buildah');
  mkdirSync(folder, { recursive: true });
  const registries = join(folder, 'registries.conf');
  const storage = join(folder, 'storage.conf');
  const containers = join(folder, 'containers.conf');
  writeFileSync(containers, containersConf(join(lab.paths.run, 'libpod')));
  writeFileSync(registries, registriesConf(registry));
  writeFileSync(storage, storageConf(join(folder, 'storage'), join(lab.paths.run, 'buildah')));
  lab.export({
    CONTAINERS_CONF: containers,
    CONTAINERS_REGISTRIES_CONF: registries,
    CONTAINERS_STORAGE_CONF: storage,
  });
}

/**
 * See containers.conf(5). By default RUN gets a network by CNI, for which root's buildah makes the bridge cni-podman0,
 * adds to iptables and turns forwarding on, for the whole machine and for good. `engine` is podman's alone.
 */
function containersConf(temporary: string): string {
  return `[containers]
netns = "host"

[engine]
tmp_dir = ${JSON.stringify(temporary)}
`;
}

/** See containers-registries.conf(5). */
function registriesConf(registry: string): string {
  const mirrored = ['docker.io', 'ghcr.io'].map(
    (name) => `
[[registry]]
location = "${name}"

[[registry.mirror]]
location = "${registry}"
insecure = true
`,
  );
  return `unqualified-search-registries = ["docker.io"]
${mirrored.join('')}
[[registry]]
location = "${registry}"
insecure = true
`;
}

/** See containers-storage.conf(5). */
function storageConf(root: string, runRoot: string): string {
  return `[storage]
driver = "overlay"
graphroot = ${JSON.stringify(root)}
runroot = ${JSON.stringify(runRoot)}
`;
}
