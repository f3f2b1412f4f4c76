import { readFile } from 'node:fs/promises';
import type { Builder, BuildRequest, Probe } from '../builders/builder.js';
import { fileInside } from '../scenario/folder.js';
import { fromPlatforms } from '../scenario/from-platforms.js';
import { armLanes, type PlannedArm, type PlannedBuild } from '../scenario/plan.js';
import { requestedCaches } from './caches.js';
import { daemonRequest } from './daemons.js';

/** What a run may do, and has, beside its builder. */
export interface Means {
  /** `HOST:PORT`, or null where there is no registry. */
  readonly registry: string | null;
  /** Steps may take from others that use the builder. */
  readonly destructive: boolean;
}

/**
 * Marks the arms that this builder cannot run, with the reason.
 * @throws {UserError} when a Dockerfile is missing or lies outside of its folder.
 */
export async function markSkipped(
  arms: readonly PlannedArm[],
  builder: Builder,
  probe: Probe,
  dockerfiles: string,
  means: Means,
): Promise<PlannedArm[]> {
  return Promise.all(
    arms.map(async (arm) => {
      const reasons = await Promise.all(
        armLanes(arm).map((lane) => refusal(lane.build, builder, probe, dockerfiles)),
      );
      const skipped =
        withoutDaemon(arm, builder, means) ??
        forbiddenStep(arm, builder, means) ??
        withoutRegistry(arm, means) ??
        reasons.find((reason) => reason !== null) ??
        null;
      return { ...arm, skipped };
    }),
  );
}

function withoutDaemon(arm: PlannedArm, builder: Builder, { registry }: Means): string | null {
  if (builder.startDaemon !== undefined) {
    return builder.refusesDaemon?.(daemonRequest(arm, registry)) ?? null;
  }
  return arm.daemon === null
    ? null
    : 'it needs a daemon started in its own way, which the builder buildkitd does';
}

function forbiddenStep(arm: PlannedArm, builder: Builder, { destructive }: Means): string | null {
  if (builder.startDaemon !== undefined) return null;
  const has = (kind: string): boolean => arm.steps.some(({ step }) => step === kind);
  if (has('restart')) return 'it restarts the daemon, which the builder buildkitd has of its own';
  if (!has('prune')) return null;
  if (builder.prune === undefined) return `it empties the cache, which the builder ${builder.kind} cannot`;
  return destructive
    ? null
    : 'it empties the whole cache: take the builder buildkitd, or allow it with --destructive';
}

function withoutRegistry(arm: PlannedArm, { registry }: Means): string | null {
  if (registry !== null) return null;
  const needs = armLanes(arm).some(
    ({ build }) =>
      build.push !== null || [...build.cacheFrom, ...build.cacheTo].some(({ type }) => type === 'registry'),
  );
  return needs ? 'it needs a registry: install docker-registry, or name one with --registry HOST:PORT' : null;
}

async function refusal(
  build: PlannedBuild,
  builder: Builder,
  probe: Probe,
  dockerfiles: string,
): Promise<string | null> {
  const dockerfile = await fileInside(dockerfiles, build.dockerfile, 'the Dockerfile');
  // A stage may name a platform that the build as a whole did not ask for.
  const stagePlatforms = fromPlatforms(await readFile(dockerfile, 'utf8'));
  return builder.refuses({ ...asRequest(build, dockerfile, dockerfiles), stagePlatforms }, probe);
}

function asRequest(build: PlannedBuild, dockerfile: string, context: string): BuildRequest {
  const same = (template: string): string => template;
  const { platforms, buildArgs, tags, target, noCache, progress, push } = build;
  return {
    ...{ dockerfile, context, platforms, buildArgs, tags, target, noCache, progress },
    ...requestedCaches(build, { image: same, folder: same, tag: same }),
    ...(push === null ? {} : { push }),
  };
}
