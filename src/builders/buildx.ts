import type { Builder, BuilderFactory, BuildRequest, Missing, Probe, Surroundings } from './builder.js';
import { type BuildxFacts, bootstrap, buildxRefusal, inspectBuilder } from './buildx-facts.js';
import { cacheFlags, metadataFlags, pushOutput } from './caches.js';
import { withDeadline } from './deadline.js';
import { dockerCommands } from './docker-cli.js';
import { dockerLike, joinedPlatforms, progress, repeated } from './flags.js';
import { noPlugin, notOnPath } from './mends.js';
import { findProgram } from './path.js';
import { extraOutput, notFound, probeOf, versionIn, versionOutput } from './probe.js';
import { hasReachedDaemon } from './reached.js';
import { localCacheRefusal, platformRefusal } from './refusals.js';

/** The buildx releases whose BuildKit client first knew these. */
const localCacheSince = { tag: '0.10.0', reset: '0.35.0' };

/** `docker buildx build` on a builder of any driver. */
export const buildxFactory: BuilderFactory = {
  kind: 'buildx',
  instanceMeans: 'the name of a builder, as `docker buildx ls` lists it',
  create: createBuildx,
};

function createBuildx(instance: string | null, surroundings: Surroundings): Builder {
  let facts: BuildxFacts | null = null;
  return {
    kind: 'buildx',
    instance,
    simulated: false,
    progressStream: 'stderr',
    hasReachedDaemon,
    get leaves() {
      return facts !== null && facts.imagesAt === null ? null : 'images in the Docker daemon of the builder';
    },
    async probe() {
      const asked = await ask(instance, surroundings);
      facts = asked.facts;
      return asked.probe;
    },
    refuses: (request, probe) =>
      buildxRefusal(request, probe.version, facts) ??
      localCacheRefusal(request, 'buildx', probe.version, localCacheSince) ??
      daemonRefusal(request, facts) ??
      platformRefusal(request, probe.platforms),
    build(request) {
      // Once it is known, the name is given: `docker buildx use` meanwhile must not move a run to another builder.
      const name = facts?.name ?? instance;
      return dockerCommands(null).docker(
        'buildx',
        'build',
        ...(name === null ? [] : ['--builder', name]),
        ...progress(request),
        ...dockerLike(request),
        ...outputFlags(request),
        ...cacheFlags(request, { from: '--cache-from', to: '--cache-to' }),
        ...metadataFlags(request),
        ...joinedPlatforms(request),
        request.context,
      );
    },
    wake: () => (facts?.mustBoot ? [bootstrap(facts)] : []),
    prune() {
      const name = facts?.name ?? instance;
      return dockerCommands(null).docker(
        'buildx',
        'prune',
        ...(name === null ? [] : ['--builder', name]),
        '--all',
        '--force',
      );
    },
    removeImages(tags) {
      const at = facts === null ? [] : facts.imagesAt;
      return at && dockerCommands(null).remove(tags, at);
    },
  };
}

/** A tag takes the place of the output's own name, so a build that pushes is given none. */
function outputFlags(request: BuildRequest): string[] {
  return request.push === undefined ? repeated('-t', request.tags) : ['--output', pushOutput(request.push)];
}

/** What the Docker daemon itself does not do as a builder; inline caches travel within the image. */
function daemonRefusal(request: BuildRequest, facts: BuildxFacts | null): string | null {
  if (facts?.ofDaemon && request.push !== undefined)
    return 'the docker driver keeps what it pushes in the daemon: take a builder of another driver';
  const apart = (request.cacheTo ?? []).some(({ type }) => type !== 'inline');
  if (facts?.multiPlatform === false && apart)
    return 'Cache export is not supported for the docker driver (its daemon lacks containerd’s image store)';
  return null;
}

async function ask(
  instance: string | null,
  surroundings: Surroundings,
): Promise<{ readonly probe: Probe; readonly facts: BuildxFacts | null }> {
  const { env, platform } = surroundings;
  const absent = (missing: Missing) => ({ probe: notFound('buildx', instance, missing), facts: null });
  if (!(await findProgram('docker', env))) return absent(notOnPath('docker', platform));
  const run = withDeadline(surroundings.run);
  const { buildxVersion, list, info, version: dockerVersion } = dockerCommands(null);
  const [version, { facts, missing, inspected }, extra] = await Promise.all([
    run(buildxVersion),
    inspectBuilder(instance, null, { ...surroundings, run }),
    extraOutput(run, [list, dockerVersion, info]),
  ]);
  if (version.exitCode !== 0) return absent(noPlugin(version, platform));
  const probe = probeOf('buildx', instance, {
    found: true,
    answers: facts?.answers ?? false,
    name: facts?.name ?? null,
    version: versionIn(version.stdout),
    daemonVersion: facts?.daemonVersion ?? null,
    platforms: facts?.platforms ?? null,
    missing: missing ? [missing] : [],
    versionOutput: versionOutput([[buildxVersion, version], inspected, ...extra]),
  });
  return { probe, facts };
}
