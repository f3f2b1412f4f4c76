import type { BuildRequest, CacheSource, CacheTarget } from './builder.js';

/** Flags of one program that carry caches; both `buildctl` and `docker buildx` take the same values behind them. */
export interface CacheFlags {
  readonly from: string;
  readonly to: string;
}

/** The caches that a build imports and exports, as flags. */
export function cacheFlags(request: BuildRequest, flags: CacheFlags): string[] {
  return [
    ...(request.cacheFrom ?? []).flatMap((source) => [flags.from, csv(sourceFields(source))]),
    ...(request.cacheTo ?? []).flatMap((target) => [flags.to, csv(targetFields(target))]),
  ];
}

/** The value of `--output` that pushes an image. */
export function pushOutput(image: string): string {
  return csv(['type=image', `name=${image}`, 'push=true']);
}

/** The file that gets the digests, as a flag; nothing where none is asked for. */
export function metadataFlags(request: BuildRequest): string[] {
  return request.metadataFile === undefined ? [] : ['--metadata-file', request.metadataFile];
}

function sourceFields(source: CacheSource): string[] {
  if (source.type === 'registry') return ['type=registry', `ref=${source.image}`];
  return ['type=local', `src=${source.folder}`, ...tagField(source.tag)];
}

function targetFields(target: CacheTarget): string[] {
  switch (target.type) {
    case 'inline':
      return ['type=inline'];
    case 'registry':
      return ['type=registry', `ref=${target.image}`, `mode=${target.mode}`];
    case 'local':
      return [
        'type=local',
        `dest=${target.folder}`,
        `mode=${target.mode}`,
        ...tagField(target.tag),
        ...(target.reset ? ['reset=true'] : []),
      ];
  }
}

function tagField(tag: string | null): string[] {
  return tag === null ? [] : [`tag=${tag}`];
}

/** One record of comma-separated values (RFC 4180), as the programs read it: a comma in a folder's name stays in it. */
function csv(fields: readonly string[]): string {
  return fields
    .map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
}
