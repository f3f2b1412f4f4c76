import { UsageError } from './errors.js';

/** Which builder is imitated. */
export interface Profile {
  readonly name: string;
  /** The platform string that is sent where none was asked for. */
  readonly defaultPlatform: string;
  /** Vertex names carry a platform even when only one is built. */
  readonly alwaysPrefixed: boolean;
  /** Contexts pass through one folder that all builds share, as in Apple's shim; else each build has its own. */
  readonly sharedContexts: boolean;
}

/**
 * `apple`: `container` 0.12.3, which sends `linux/arm64/v8` where the host's platform is meant. `apple-fixed`: the same with
 * `linux/arm64`, so no drift unless asked for; the race for the context is still there, as it is in Apple's. `apple-shim`: that
 * race alone, with no platform in a vertex name. `buildkit`: stock.
 */
const profiles: readonly Profile[] = [
  { name: 'apple', defaultPlatform: 'linux/arm64/v8', alwaysPrefixed: true, sharedContexts: true },
  { name: 'apple-fixed', defaultPlatform: 'linux/arm64', alwaysPrefixed: true, sharedContexts: true },
  { name: 'apple-shim', defaultPlatform: 'linux/arm64', alwaysPrefixed: false, sharedContexts: true },
  { name: 'buildkit', defaultPlatform: 'linux/arm64', alwaysPrefixed: false, sharedContexts: false },
];

/** All of them, the default first. */
export const profileNames: readonly string[] = profiles.map((profile) => profile.name);

/** The profile of that name, the first one for undefined. Throws `UsageError`. */
export function profileOf(name: string | undefined): Profile {
  const found = profiles.find((profile) => profile.name === (name ?? 'apple'));
  if (found === undefined) {
    throw new UsageError(`there is no profile ${name}: choose one of ${profileNames.join(', ')}`);
  }
  return found;
}
