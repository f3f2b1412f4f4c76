import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tmp from 'tmp';
import { type Attempt, attempt, LabFailure, noDockerChoices } from './commands.js';
import { step } from './steps.js';
import { buildkitVersions, versionInName } from './versions.js';

type Environment = Readonly<Record<string, string>>;

/** One builder of the lab, and how to call it. */
interface LabBuilder {
  readonly name: string;
  /** Builds a folder's Dockerfile for one platform, without the builder's cache. */
  build(folder: string, platform: string): Promise<Attempt>;
  /** Makes it forget all images and cached steps. */
  clear(): Promise<Attempt>;
}

/** Builds two lines for both platforms with every builder. @throws {LabFailure} with the end of the log that failed. */
export async function verifyBuilds(env: Environment): Promise<void> {
  const folder = tmp.dirSync({ unsafeCleanup: true });
  try {
    writeFileSync(join(folder.name, 'Dockerfile'), 'FROM alpine:3.20\nRUN echo "built on $(uname -m)"\n');
    for (const builder of builders(env)) {
      await step(`${builder.name} builds for amd64 and arm64`, () => verify(builder, folder.name));
    }
  } finally {
    folder.removeCallback();
  }
}

const machines = { 'linux/amd64': 'x86_64', 'linux/arm64': 'aarch64' } as const;

async function verify(builder: LabBuilder, folder: string): Promise<void> {
  for (const [platform, machine] of Object.entries(machines)) {
    const built = await builder.build(folder, platform);
    // What the step printed, which the log's copy of the command does not hold.
    if (!built.ok || !built.all.includes(`built on ${machine}`)) {
      throw new LabFailure(`${builder.name} cannot build for ${platform}: ${built.tail}`);
    }
  }
  // The lab is handed over empty: a classic build would take the alpine:3.20 that is there, of whatever platform.
  const cleared = await builder.clear();
  if (!cleared.ok) {
    throw new LabFailure(`${builder.name} cannot be emptied: ${cleared.tail}`);
  }
}

function builders(env: Environment): LabBuilder[] {
  return [
    ...buildkitVersions.map((version) => buildctl(env, version)),
    buildx(env),
    ...docker(env),
    onStorage(env, 'buildah'),
    onStorage(env, 'podman'),
  ];
}

function buildctl(env: Environment, version: string): LabBuilder {
  const variable = `LAB_BUILDKIT_${versionInName(version)}`;
  const run = (...args: string[]) =>
    call(env, join(env[`${variable}_BIN`] ?? '', 'buildctl'), ['--addr', env[variable] ?? '', ...args]);
  return {
    name: `buildctl with BuildKit v${version}`,
    build: (folder, platform) => {
      const sources = ['--local', `context=${folder}`, '--local', `dockerfile=${folder}`];
      const options = [
        '--frontend',
        'dockerfile.v0',
        '--opt',
        `platform=${platform}`,
        '--no-cache',
        '--progress=plain',
      ];
      return run('build', ...options, ...sources);
    },
    clear: () => run('prune', '--all'),
  };
}

function buildx(env: Environment): LabBuilder {
  const run = (...args: string[]) => call(env, 'docker', ['buildx', ...args]);
  return {
    name: 'docker buildx',
    build: (folder, platform) =>
      run('build', '--progress=plain', '--no-cache', '--platform', platform, folder),
    clear: () => run('prune', '--all', '--force'),
  };
}

function docker(env: Environment): LabBuilder[] {
  const host = { ...env, DOCKER_HOST: env.LAB_DOCKER_HOST ?? '' };
  const kinds = { 'dockerd with BuildKit': '1', 'dockerd, classic': '0' };
  return Object.entries(kinds).map(([name, buildkit]) => ({
    name,
    // --pull: dockerd 20.10 takes the alpine:3.20 that it has, whatever platform that is of.
    build: (folder, platform) =>
      call({ ...host, DOCKER_BUILDKIT: buildkit }, 'docker', [
        ...['build', '--pull', '--no-cache', '--platform', platform, folder],
        ...(buildkit === '1' ? ['--progress=plain'] : []),
      ]),
    clear: () => call(host, 'docker', ['system', 'prune', '--all', '--force']),
  }));
}

/** The two that share a storage. */
function onStorage(env: Environment, name: 'buildah' | 'podman'): LabBuilder {
  return {
    name,
    build: (folder, platform) => call(env, name, ['build', '--no-cache', '--platform', platform, folder]),
    clear: () => call(env, name, ['rmi', '--all', '--force']),
  };
}

function call(env: Environment, file: string, args: readonly string[]): Promise<Attempt> {
  return attempt(file, args, { env: { ...noDockerChoices, ...env }, timeoutMs: 120_000 });
}
