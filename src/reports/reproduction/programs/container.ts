import { word } from '../shell-word.js';
import { buildArgs, dockerfilePath, flag } from './flags.js';
import type { Program } from './program.js';

/** Apple's `container build`. */
export const container: Program = {
  needs: ['container'],
  env: null,
  wake: 'container builder start',
  prune: null,
  removeImages: 'container image delete',
  place: 'It builds with the one builder of Apple’s container.',
  printsVertices: true,
  build(call) {
    const { tags, platforms, target, noCache } = call.build;
    return [
      ['container', 'build'],
      ['--progress', 'plain'],
      flag('-f', ...dockerfilePath(call)),
      ...tags.map((tag) => flag('-t', ...call.fill(tag))),
      ...platforms.map((platform) => flag('--platform', platform)),
      ...buildArgs(call).map((argument) => flag('--build-arg', ...argument)),
      ...(target === null ? [] : [flag('--target', target)]),
      ...(noCache ? [['--no-cache']] : []),
      [word(...call.context)],
    ];
  },
};
