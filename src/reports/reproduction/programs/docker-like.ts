import { word } from '../shell-word.js';
import { buildArgs, cacheFlags, dockerfilePath, flag, metadataFlags, pushFlags } from './flags.js';
import type { Call, Group, Program } from './program.js';

/** What tells the programs apart that take the flags of `docker build`. */
interface Own {
  /** Program and command. */
  readonly command: Group;
  readonly more?: readonly Group[];
  readonly hasCaches?: boolean;
}

function build(call: Call, { command, more = [], hasCaches = false }: Own): Group[] {
  const { tags, platforms, target, noCache, push } = call.build;
  return [
    command,
    ...more,
    flag('-f', ...dockerfilePath(call)),
    ...buildArgs(call).map((argument) => flag('--build-arg', ...argument)),
    ...(target === null ? [] : [flag('--target', target)]),
    ...(noCache ? [['--no-cache']] : []),
    // A tag takes the place of the output's own name.
    ...(hasCaches && push !== null
      ? pushFlags(call, call.build)
      : tags.map((tag) => flag('-t', ...call.fill(tag)))),
    ...(hasCaches ? cacheFlags(call, { from: '--cache-from', to: '--cache-to' }) : []),
    ...(hasCaches ? metadataFlags(call) : []),
    ...(platforms.length > 0 ? [flag('--platform', platforms.join(','))] : []),
    [word(...call.context)],
  ];
}

const plain: Group = ['--progress', 'plain'];

export const buildx: Program = {
  needs: ['docker'],
  env: null,
  wake: 'docker buildx inspect --bootstrap',
  prune: 'docker buildx prune --all --force',
  removeImages: 'docker image rm --force',
  place: '`BUILDX_BUILDER` is the name of the builder; without it, it is the current one.',
  printsVertices: true,
  build: (call) => build(call, { command: ['docker', 'buildx', 'build'], more: [plain], hasCaches: true }),
};

export const docker: Program = {
  ...buildx,
  env: 'DOCKER_BUILDKIT=1',
  wake: 'docker version',
  prune: null,
  place: '`DOCKER_CONTEXT` or `DOCKER_HOST` says which Docker daemon.',
  build: (call) => build(call, { command: ['docker', 'build'], more: [plain] }),
};

export const dockerClassic: Program = {
  ...docker,
  env: 'DOCKER_BUILDKIT=0',
  printsVertices: false,
  build: (call) => build(call, { command: ['docker', 'build'], more: [['--force-rm']] }),
};

const onStorage = (name: string, remove: string): Program => ({
  needs: [name],
  env: null,
  wake: `${name} info`,
  prune: null,
  removeImages: `${name} ${remove}`,
  place: '`CONTAINERS_STORAGE_CONF` says which storage.',
  printsVertices: false,
  build: (call) => build(call, { command: [name, 'build'] }),
});

export const buildah = onStorage('buildah', 'rmi');
export const podman = onStorage('podman', 'rmi --force');
