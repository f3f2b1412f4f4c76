import type { BuildRequest } from '../builders/builder.js';
import type { PlannedBuild } from '../scenario/plan.js';

/** What fills in the names that a plan has for images, folders and tags. */
export interface CacheNames {
  image(template: string): string;
  folder(template: string): string;
  tag(template: string): string;
}

/** The caches of a planned build as a builder is asked for them. */
export function requestedCaches(
  build: PlannedBuild,
  names: CacheNames,
): Required<Pick<BuildRequest, 'cacheFrom' | 'cacheTo'>> {
  const tag = (template: string | undefined) => (template === undefined ? null : names.tag(template));
  return {
    cacheFrom: build.cacheFrom.map((from) =>
      from.type === 'registry'
        ? { type: from.type, image: names.image(from.image) }
        : { type: from.type, folder: names.folder(from.folder), tag: tag(from.tag) },
    ),
    cacheTo: build.cacheTo.map((to) => {
      if (to.type === 'inline') return to;
      if (to.type === 'registry') return { ...to, image: names.image(to.image) };
      return { ...to, folder: names.folder(to.folder), tag: tag(to.tag) };
    }),
  };
}
