import type { PlannedBuild } from '../../../scenario/plan.js';
import { type Word, word } from '../shell-word.js';
import type { Call, Group } from './program.js';

export const flag = (name: string, ...value: Word): Group => [name, word(...value)];

export const buildArgs = ({ build, fill }: Call): Word[] =>
  Object.entries(build.buildArgs).map(([key, value]) => [`${key}=`, ...fill(value)]);

export const dockerfilePath = ({ dockerfile }: Call): Word => [...dockerfile.folder, `/${dockerfile.name}`];

/** The caches and the pushed image of a build; values are those of `buildctl` and of `docker buildx build`. */
export function cacheFlags(call: Call, names: { readonly from: string; readonly to: string }): Group[] {
  const { build, fill, folder } = call;
  const tag = (text: string | undefined): Word => (text === undefined ? [] : [',tag=', ...fill(text)]);
  return [
    ...build.cacheFrom.map((from) =>
      from.type === 'registry'
        ? flag(names.from, 'type=registry,ref=', ...fill(from.image))
        : flag(names.from, 'type=local,src=', ...folder(from.folder), ...tag(from.tag)),
    ),
    ...build.cacheTo.map((to) => {
      if (to.type === 'inline') return flag(names.to, 'type=inline');
      const mode = `,mode=${to.mode}`;
      if (to.type === 'registry') return flag(names.to, 'type=registry,ref=', ...fill(to.image), mode);
      const reset = to.reset ? ',reset=true' : '';
      return flag(names.to, 'type=local,dest=', ...folder(to.folder), mode, ...tag(to.tag), reset);
    }),
  ];
}

/** The image that is pushed, or nothing. */
export function pushFlags({ fill }: Call, { push }: PlannedBuild): Group[] {
  if (push === null) return [];
  // One record of comma-separated values (RFC 4180): a name with a comma or a quote in it is quoted as a whole.
  const [before, after] = /[",\r\n]/.test(push) ? ['"', '"'] : ['', ''];
  const name = push.replaceAll('"', '""');
  return [flag('--output', `type=image,${before}name=`, ...fill(name), `${after},push=true`)];
}

export function metadataFlags({ build, metadata }: Call): Group[] {
  return build.push === null ? [] : [flag('--metadata-file', ...metadata)];
}
