// One by one, as the whole of it is four dozen files that every start would wait for.
import coerce from 'semver/functions/coerce.js';
import lt from 'semver/functions/lt.js';
import { normalizePlatform } from '../platforms.js';
import type { BuildRequest } from './builder.js';

/** Why the builder cannot run steps for a platform that the build needs; null when it can, or does not say. */
export function platformRefusal(request: BuildRequest, platforms: readonly string[] | null): string | null {
  if (platforms === null) return null;
  const runs = new Set(platforms.map(normal));
  const lacking = [...request.platforms, ...(request.stagePlatforms ?? [])].filter(
    (p) => !runs.has(normal(p)),
  );
  if (lacking.length === 0) return null;
  return `no emulation for ${[...new Set(lacking)].join(', ')} (it runs ${platforms.join(', ')})`;
}

/** For Docker's own image store, which holds one platform of an image; the words are buildx's own for it. */
export function multiPlatformRefusal(request: BuildRequest): string | null {
  if (!isMultiPlatform(request)) return null;
  return 'Multi-platform build is not supported for the docker driver (its daemon lacks containerd’s image store)';
}

/** Whether the build asks for more than one platform, spellings of one platform counting as one. */
export function isMultiPlatform(request: BuildRequest): boolean {
  return new Set(request.platforms.map(normal)).size > 1;
}

/** BuildKit's `tty` progress ends with `failed to get console` where the output is no terminal, as a lane's is. */
export function ttyRefusal(request: BuildRequest): string | null {
  return request.progress === 'tty'
    ? 'progress tty needs a terminal, and the output of a lane is none'
    : null;
}

/** Why `rawjson` is not there, when the program is known to be older than the version that brought it. */
export function rawjsonRefusal(
  request: BuildRequest,
  program: string,
  version: string | null,
  since: string,
): string | null {
  if (request.progress !== 'rawjson') return null;
  return isOlder(version, since)
    ? `${program} ${version} has no progress rawjson (it came with ${since})`
    : null;
}

/** The client's version that brought an attribute of a local cache's export; older ones take it and do nothing. */
export interface LocalCacheSince {
  readonly tag: string;
  readonly reset: string;
}

/** Why a program of that version does not export a local cache as asked: an attribute it does not know is silently ignored. */
export function localCacheRefusal(
  request: BuildRequest,
  program: string,
  version: string | null,
  since: LocalCacheSince,
): string | null {
  const locals = (request.cacheTo ?? []).filter((target) => target.type === 'local');
  if (locals.some(({ reset }) => reset) && isOlder(version, since.reset))
    return `${program} ${version} cannot reset a local cache (that came with ${since.reset})`;
  if (locals.some(({ tag }) => tag !== null) && isOlder(version, since.tag))
    return `${program} ${version} cannot tag a local cache (that came with ${since.tag})`;
  return null;
}

/** For builders that have none of BuildKit's cache flags; `builder` begins the sentence. */
export function cacheRefusal(request: BuildRequest, builder: string): string | null {
  if ((request.cacheFrom ?? []).length > 0) return `${builder} imports no cache: take buildctl or buildx`;
  if ((request.cacheTo ?? []).length > 0) return `${builder} exports no cache: take buildctl or buildx`;
  if (request.push !== undefined) return `${builder} pushes no image with a build: take buildctl or buildx`;
  if (request.metadataFile !== undefined)
    return `${builder} writes no metadata file here: take buildctl or buildx`;
  return null;
}

/** True only where the version is known: a development build (`0.0.0+unknown`) is not taken for an old one. */
export function isOlder(version: string | null, than: string): boolean {
  const known = coerce(version, { includePrerelease: false });
  return known !== null && known.version !== '0.0.0' && lt(known, than);
}

/** Whether two spellings name one platform: `linux/arm64` and `linux/arm64/v8`. */
export function isSamePlatform(one: string, other: string): boolean {
  return normal(one) === normal(other);
}

function normal(platform: string): string {
  return normalizePlatform(platform) ?? platform;
}
