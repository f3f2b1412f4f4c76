import { buildctl } from './buildctl.js';
import { container } from './container.js';
import { buildah, buildx, docker, dockerClassic, podman } from './docker-like.js';
import type { Program } from './program.js';

/** The program of each kind of builder; the simulated one is nobody else's. */
export const programs: ReadonlyMap<string, Program> = new Map([
  ['buildctl', buildctl],
  ['buildkitd', buildctl],
  ['buildx', buildx],
  ['docker', docker],
  ['docker-classic', dockerClassic],
  ['container', container],
  ['buildah', buildah],
  ['podman', podman],
]);
