import type { BuildRequest } from './builder.js';

/** The same flag once for every value: `-t a -t b`. */
export function repeated(flag: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [flag, value]);
}

/** The flag and its value, or nothing where there is no value. */
export function optional(flag: string, value: string | null): string[] {
  return value === null ? [] : [flag, value];
}

/** `KEY=VALUE` for each build argument. */
export function buildArgs(request: BuildRequest): string[] {
  return Object.entries(request.buildArgs).map(([key, value]) => `${key}=${value}`);
}

/** `--progress FORMAT`, or nothing where the builder chooses. */
export function progress(request: BuildRequest): string[] {
  return request.progress === 'auto' ? [] : ['--progress', request.progress];
}

/** The flags that `docker build`, `docker buildx build`, `buildah build` and `podman build` have in common, in one order. */
export function dockerLike(request: BuildRequest): string[] {
  return [
    '-f',
    request.dockerfile,
    ...repeated('--build-arg', buildArgs(request)),
    ...optional('--target', request.target),
    ...(request.noCache ? ['--no-cache'] : []),
  ];
}

/** `--platform a,b`, or nothing where none is asked for. */
export function joinedPlatforms(request: BuildRequest): string[] {
  return request.platforms.length > 0 ? ['--platform', request.platforms.join(',')] : [];
}
