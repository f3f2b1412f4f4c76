import type { Word } from '../shell-word.js';
import { buildArgs, cacheFlags, flag, metadataFlags, pushFlags } from './flags.js';
import type { Call, Group, Program } from './program.js';

/** BuildKit's own client. */
export const buildctl: Program = {
  needs: ['buildctl'],
  env: null,
  wake: 'buildctl debug workers',
  prune: 'buildctl prune --all',
  removeImages: null,
  place: '`BUILDKIT_HOST` is the address of the BuildKit daemon.',
  printsVertices: true,
  build,
};

function build(call: Call): Group[] {
  const { platforms, target, noCache } = call.build;
  const opt = (...value: Word): Group => flag('--opt', ...value);
  return [
    ['buildctl', 'build'],
    ['--progress', 'plain'],
    ['--frontend', 'dockerfile.v0'],
    flag('--local', 'context=', ...call.context),
    flag('--local', 'dockerfile=', ...call.dockerfile.folder),
    opt(`filename=${call.dockerfile.name}`),
    ...(platforms.length > 0 ? [opt(`platform=${platforms.join(',')}`)] : []),
    // The names of steps carry a platform only in a build that is multi-platform, be it for a single one.
    ...(platforms.length === 1 ? [opt('multi-platform=true')] : []),
    ...buildArgs(call).map((argument) => opt('build-arg:', ...argument)),
    ...(target === null ? [] : [opt(`target=${target}`)]),
    ...(noCache ? [['--no-cache']] : []),
    ...cacheFlags(call, { from: '--import-cache', to: '--export-cache' }),
    ...pushFlags(call, call.build),
    ...metadataFlags(call),
  ];
}
