import type { Missing, RunResult } from './builder.js';
import { whyFailed } from './text.js';

/** How each program is had on macOS and on Debian or Ubuntu; one command, or a sentence where there is none. */
const installs = {
  container: {
    darwin: 'install the signed package from https://github.com/apple/container/releases',
    linux: 'it runs on macOS with Apple silicon only: choose another --builder',
  },
  docker: { darwin: 'brew install --cask docker-desktop', linux: 'apt-get install docker.io' },
  'docker buildx': {
    darwin: 'brew install docker-buildx',
    // Debian 12 has no package; Docker's own repository calls it docker-buildx-plugin.
    linux: 'apt-get install docker-buildx (docker-buildx-plugin in Docker’s own repository)',
  },
  buildctl: {
    darwin: 'brew install buildkit',
    linux: 'put buildctl and buildkitd of https://github.com/moby/buildkit/releases on PATH',
  },
  buildkitd: {
    darwin: 'it runs on Linux only: choose another --builder',
    linux: 'put buildctl and buildkitd of https://github.com/moby/buildkit/releases on PATH',
  },
  buildah: {
    darwin: 'it runs on Linux only: choose another --builder',
    linux: 'apt-get install buildah',
  },
  podman: {
    darwin: 'brew install podman, then podman machine init and podman machine start',
    linux: 'apt-get install podman',
  },
} as const;

/** A program that is not on `PATH`, and how it is installed on this platform. */
export function notOnPath(program: keyof typeof installs, platform: NodeJS.Platform): Missing {
  return { what: `${program} is not on PATH`, mend: install(program, platform) };
}

function install(program: keyof typeof installs, platform: NodeJS.Platform): string {
  return installs[program][platform === 'darwin' ? 'darwin' : 'linux'];
}

/** docker is there; its plugin buildx is not, or does not start. */
export function noPlugin(version: RunResult, platform: NodeJS.Platform): Missing {
  return {
    what: `docker has no working buildx plugin (${whyFailed(version)})`,
    mend: install('docker buildx', platform),
  };
}
