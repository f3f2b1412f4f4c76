import { UserError } from '../../../src/errors.js';
import { type Attempt, attempt } from './commands.js';
import { keepServicesStopped, restorePolicy } from './services.js';

/** A program, and how it is asked for its version. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  /** A range of versions. */
  readonly expected: string;
}

/** A Debian package, and what the lab calls of it, itself or by the builders. */
interface Package {
  readonly name: string;
  readonly programs: readonly Program[];
}

/** Every program of the lab comes from here, from go-tools.ts, or is node or go. Versions: Debian 12's and later. */
export const packages: readonly Package[] = [
  { name: 'apt', programs: [program('apt-get', '>=2.6.0')] },
  { name: 'binfmt-support', programs: [program('update-binfmts', '>=2.2.0')] },
  { name: 'buildah', programs: [program('buildah', '>=1.28.0')] },
  { name: 'ca-certificates', programs: [] },
  { name: 'chromium', programs: [program('chromium', '>=120.0.0')] }, // opens what report --format html writes
  {
    name: 'containerd',
    programs: [
      program('containerd', '>=1.6.0'),
      program('containerd-shim-runc-v2', '>=1.6.0', '-v'),
      program('ctr', '>=1.6.0'),
    ],
  },
  { name: 'docker-registry', programs: [program('docker-registry', '>=2.8.0')] },
  { name: 'docker.io', programs: [program('docker', '>=20.10.0'), program('dockerd', '>=20.10.0')] },
  { name: 'dpkg', programs: [program('dpkg-deb', '>=1.21.0'), program('dpkg-query', '>=1.21.0')] },
  { name: 'git', programs: [program('git', '>=2.39.0')] }, // for contexts that are repositories
  { name: 'golang-github-containers-common', programs: [] }, // the signature policy of buildah and skopeo
  { name: 'iproute2', programs: [program('ip', '>=6.1.0', '-V')] },
  { name: 'iptables', programs: [program('iptables', '>=1.8.0')] }, // dockerd wants to find it
  { name: 'kmod', programs: [program('modprobe', '>=30')] }, // the kernel calls it for overlay, bridge, binfmt_misc
  { name: 'libxml2-utils', programs: [program('xmllint', '>=20900')] }, // reads what report --format junit writes
  { name: 'mount', programs: [program('mount', '>=2.38.0'), program('umount', '>=2.38.0')] },
  { name: 'podman', programs: [program('podman', '>=4.3.0')] },
  { name: 'qemu-user-static', programs: [program('qemu-aarch64-static', '>=7.2.0')] },
  { name: 'runc', programs: [program('runc', '>=1.1.0')] },
  { name: 'skopeo', programs: [program('skopeo', '>=1.9.0')] },
  { name: 'tar', programs: [program('tar', '>=1.34.0')] },
  { name: 'util-linux', programs: [program('flock', '>=2.38.0')] },
];

function program(file: string, expected: string, flag = '--version'): Program {
  return { file, args: [flag], expected };
}

const noninteractive = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };

/** Installs the packages that are missing, without starting or enabling a service of theirs. */
export async function ensurePackages(note: (text: string) => void): Promise<void> {
  restorePolicy(); // should a set-up have been killed while it installed
  const missing = await missingPackages();
  if (missing.length === 0) {
    note('all there');
    return;
  }
  note(`${missing.length} installed`);
  await keepServicesStopped(async () => {
    if ((await install(missing, ['--simulate'])).ok && (await install(missing)).ok) {
      return;
    }
    // Lists that are missing or older than the archive are the usual reason: fetch them, and try once more. (A source
    // of the user's that fails the update may have nothing to do with it.)
    const update = await attempt('apt-get', ['update'], { env: noninteractive });
    const second = await install(missing);
    if (!second.ok) {
      const why = update.ok ? second.tail : `${update.tail}\n${second.tail}`;
      throw new UserError(`apt-get could not install ${missing.join(' ')}: ${why}`);
    }
  });
}

// --no-remove: installing docker.io would else take away a docker-ce that the user runs.
function install(names: readonly string[], flags: readonly string[] = []): Promise<Attempt> {
  const options = ['--yes', '--no-install-recommends', '--no-remove', '-o', 'DPkg::Lock::Timeout=600'];
  return attempt('apt-get', ['install', ...options, ...flags, ...names], { env: noninteractive });
}

async function missingPackages(): Promise<string[]> {
  const format = `\${Package} \${db:Status-Status}\n`;
  const names = packages.map((item) => item.name);
  // dpkg-query exits with 1 as soon as one name is unknown; the lines of the others are there all the same.
  const { stdout } = await attempt('dpkg-query', ['--show', `--showformat=${format}`, ...names]);
  const installed = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')));
  return names.filter((name) => !installed.has(`${name} installed`));
}
