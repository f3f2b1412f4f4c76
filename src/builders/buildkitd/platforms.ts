import { normalizePlatform } from '../../platforms.js';
import type { BuildRequest } from '../builder.js';
import { emulatedPlatforms } from '../emulation.js';
import { findProgram } from '../path.js';
import { platformRefusal } from '../refusals.js';

/** Node's names of architectures → platforms of Linux. */
const nativePlatforms: Readonly<Partial<Record<NodeJS.Architecture, string>>> = {
  x64: 'linux/amd64',
  ia32: 'linux/386',
  arm64: 'linux/arm64',
  arm: 'linux/arm/v7',
  ppc64: 'linux/ppc64le',
  riscv64: 'linux/riscv64',
  s390x: 'linux/s390x',
  loong64: 'linux/loong64',
};

/** QEMU's names in `buildkit-qemu-…`, which BuildKit's releases hold, and which it takes where the kernel emulates nothing. */
const ownEmulators: Readonly<Record<string, string>> = {
  aarch64: 'linux/arm64',
  arm: 'linux/arm/v7',
  i386: 'linux/386',
  loongarch64: 'linux/loong64',
  mips64: 'linux/mips64',
  mips64el: 'linux/mips64le',
  ppc64le: 'linux/ppc64le',
  riscv64: 'linux/riscv64',
  s390x: 'linux/s390x',
  x86_64: 'linux/amd64',
};

/** Architectures that a processor of another one may run by itself, which only the daemon can tell. */
const relatives: Readonly<Record<string, string>> = { '386': 'amd64', arm: 'arm64' };

/** What a daemon on this machine is known to run before it is started, the machine's own platform first. */
export async function knownPlatforms(
  env: Readonly<NodeJS.ProcessEnv>,
  emulated: () => Promise<readonly string[]> = emulatedPlatforms,
  architecture: NodeJS.Architecture = process.arch,
): Promise<string[] | null> {
  const native = nativePlatforms[architecture];
  if (native === undefined) return null;
  const own = await Promise.all(
    Object.entries(ownEmulators).map(async ([name, platform]) =>
      (await findProgram(`buildkit-qemu-${name}`, env)) === null ? [] : [platform],
    ),
  );
  return [...new Set([native, ...(await emulated()), ...own.flat()])];
}

/** Why a daemon cannot run steps for a platform, where that is sure before it is started. */
export function knownPlatformRefusal(
  request: BuildRequest,
  platforms: readonly string[] | null,
): string | null {
  const native = platforms?.[0];
  if (native === undefined) return null;
  const isForeign = (platform: string) => family(platform) !== family(native);
  const foreign = {
    ...request,
    platforms: request.platforms.filter(isForeign),
    stagePlatforms: (request.stagePlatforms ?? []).filter(isForeign),
  };
  return platformRefusal(foreign, platforms);
}

function family(platform: string): string {
  const architecture = normalizePlatform(platform)?.split('/')[1] ?? platform;
  return relatives[architecture] ?? architecture;
}
