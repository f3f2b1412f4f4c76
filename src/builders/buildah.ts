import type { Builder, BuilderFactory, Surroundings } from './builder.js';
import { createOnStorage } from './containers-storage.js';
import { emulatedPlatforms } from './emulation.js';

/** `buildah build`, which has no daemon. */
export const buildahFactory: BuilderFactory = {
  kind: 'buildah',
  instanceMeans: 'a storage root of its own; without it, the user’s storage',
  create: (instance, surroundings) => createBuildah(instance, surroundings),
};

/** `emulated` tells what the kernel emulates; tests give their own. */
export function createBuildah(
  instance: string | null,
  surroundings: Surroundings,
  emulated: () => Promise<readonly string[]> = emulatedPlatforms,
): Builder {
  return createOnStorage(
    {
      kind: 'buildah',
      // It has no flag for names that are not there: it removes the others, and ends with 125.
      remove: ['rmi'],
      leaves:
        'images in buildah’s storage; of a build for several platforms, those without a name stay (buildah rmi --prune)',
    },
    instance,
    surroundings,
    emulated,
  );
}
