import type { Builder, BuilderFactory, Surroundings } from './builder.js';
import { createOnStorage } from './containers-storage.js';
import { emulatedPlatforms } from './emulation.js';

/** `podman build`, which is buildah within podman: the same steps and the same output, but steps are cached. */
export const podmanFactory: BuilderFactory = {
  kind: 'podman',
  instanceMeans: 'a storage root of its own; without it, the user’s storage',
  create: (instance, surroundings) => createPodman(instance, surroundings),
};

/** `emulated` tells what the kernel emulates; tests give their own. */
export function createPodman(
  instance: string | null,
  surroundings: Surroundings,
  emulated: () => Promise<readonly string[]> = emulatedPlatforms,
): Builder {
  return createOnStorage(
    {
      kind: 'podman',
      // `--force` is also the flag for names that are not there; `--ignore` came with 4 only.
      remove: ['rmi', '--force'],
      leaves:
        'images in podman’s storage; cached steps, and images for all platforms but one, stay without a name (podman image prune)',
    },
    instance,
    surroundings,
    emulated,
  );
}
