import { buildahFactory } from './buildah.js';
import { buildctlFactory } from './buildctl.js';
import type { BuilderFactory } from './builder.js';
import { buildkitdFactory } from './buildkitd.js';
import { buildxFactory } from './buildx.js';
import { containerFactory } from './container.js';
import { dockerFactory } from './docker.js';
import { dockerClassicFactory } from './docker-classic.js';
import { podmanFactory } from './podman.js';
import { simulatedFactory } from './simulated.js';

/** All kinds of builders, in the order in which they are listed. */
export const builderFactories: readonly BuilderFactory[] = [
  containerFactory,
  buildxFactory,
  buildctlFactory,
  buildkitdFactory,
  dockerFactory,
  dockerClassicFactory,
  buildahFactory,
  podmanFactory,
  simulatedFactory,
];
