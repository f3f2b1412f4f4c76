import type { Builder, BuilderFactory, BuildRequest, Surroundings } from './builder.js';
import { dockerCommands } from './docker-cli.js';
import { askDocker, type DockerFacts } from './docker-facts.js';
import { dockerLike, joinedPlatforms, repeated } from './flags.js';
import { hasReachedDaemon } from './reached.js';
import { cacheRefusal, isMultiPlatform, isSamePlatform, platformRefusal } from './refusals.js';

/** The builder that Docker had before BuildKit: one instruction after the other, one container each. */
export const dockerClassicFactory: BuilderFactory = {
  kind: 'docker-classic',
  instanceMeans: 'a Docker context, as `docker context ls` lists it',
  create: createClassic,
};

function createClassic(instance: string | null, surroundings: Surroundings): Builder {
  const commands = dockerCommands(instance);
  let facts: DockerFacts | null = null;
  return {
    kind: 'docker-classic',
    instance,
    simulated: false,
    progressStream: 'stdout',
    hasReachedDaemon,
    leaves: 'images in the Docker daemon; those of stages, without a name, stay (docker image prune)',
    async probe() {
      const asked = await askDocker('docker-classic', instance, surroundings);
      facts = asked.facts;
      return asked.probe;
    },
    refuses: (request, probe) =>
      ownRefusal(request, facts) ??
      cacheRefusal(request, 'the classic builder') ??
      platformRefusal(request, probe.platforms),
    build: (request) => ({
      ...commands.docker(
        'build',
        // The container of a step that fails is no evidence of ours, and would stay.
        '--force-rm',
        ...dockerLike(request),
        ...repeated('-t', request.tags),
        ...joinedPlatforms(request),
        request.context,
      ),
      env: { DOCKER_BUILDKIT: '0' },
    }),
    wake: () => [],
    removeImages: (tags) => commands.remove(tags),
  };
}

function ownRefusal(request: BuildRequest, facts: DockerFacts | null): string | null {
  if (request.progress === 'rawjson' || request.progress === 'tty') {
    return `the classic builder has one output only, and no progress ${request.progress}`;
  }
  if (isMultiPlatform(request)) return 'the classic builder builds for one platform at a time';
  // Tried with 20.10: FROM takes whatever the name stands for in the daemon, and `COPY --from` then misses the platform.
  const native = facts?.versions.serverPlatform ?? null;
  const foreign = request.platforms.find((platform) => native !== null && !isSamePlatform(platform, native));
  return foreign ? `the classic builder cannot build for ${foreign} on a daemon for ${native}` : null;
}
