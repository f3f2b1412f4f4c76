import type { Builder, BuilderFactory, BuildRequest, Surroundings } from './builder.js';
import { bootstrap, buildxRefusal } from './buildx-facts.js';
import { dockerCommands } from './docker-cli.js';
import { askDocker, type DockerFacts } from './docker-facts.js';
import { dockerLike, joinedPlatforms, progress, repeated } from './flags.js';
import { hasReachedDaemon } from './reached.js';
import { cacheRefusal, multiPlatformRefusal, platformRefusal, ttyRefusal } from './refusals.js';

/** `docker build` with BuildKit: buildx's since Docker 23, before that the client's own. */
export const dockerFactory: BuilderFactory = {
  kind: 'docker',
  instanceMeans: 'a Docker context, as `docker context ls` lists it',
  create: createDocker,
};

function createDocker(instance: string | null, surroundings: Surroundings): Builder {
  const commands = dockerCommands(instance);
  let facts: DockerFacts | null = null;
  /** The builder of buildx that builds; null where the client does it itself, and as long as nothing is known. */
  const buildx = () => (facts?.byBuildx ? (facts.inspection?.facts ?? null) : null);
  const leavesNone = () => buildx()?.imagesAt === null;
  return {
    kind: 'docker',
    instance,
    simulated: false,
    progressStream: 'stderr',
    hasReachedDaemon,
    get leaves() {
      return leavesNone() ? null : 'images in the Docker daemon';
    },
    async probe() {
      const asked = await askDocker('docker', instance, surroundings);
      facts = asked.facts;
      return asked.probe;
    },
    refuses(request, probe) {
      const own =
        facts?.byBuildx === false
          ? clientRefusal(request, probe.version)
          : buildxRefusal(request, facts?.buildxVersion ?? null, buildx());
      return own ?? cacheRefusal(request, 'docker build') ?? platformRefusal(request, probe.platforms);
    },
    build: (request) => ({
      ...commands.docker(
        'build',
        ...progress(request),
        ...dockerLike(request),
        ...repeated('-t', request.tags),
        ...joinedPlatforms(request),
        request.context,
      ),
      env: { DOCKER_BUILDKIT: '1' },
    }),
    wake() {
      const builder = buildx();
      return builder?.mustBoot ? [bootstrap(builder)] : [];
    },
    removeImages: (tags) => (leavesNone() ? null : commands.remove(tags)),
  };
}

/** A client before 23 knows `auto`, `plain` and `tty`, and sends its daemon one platform. */
function clientRefusal(request: BuildRequest, version: string | null): string | null {
  if (request.progress === 'rawjson')
    return `docker ${version} has no progress rawjson (it came with 23.0.0)`;
  return ttyRefusal(request) ?? multiPlatformRefusal(request);
}
