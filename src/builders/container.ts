import { statSync } from 'node:fs';
import { appleBuilder, appleVersions, imageTag } from './apple-json.js';
import type {
  Builder,
  BuilderFactory,
  BuildRequest,
  Command,
  Missing,
  Probe,
  RunResult,
  Surroundings,
} from './builder.js';
import { withDeadline } from './deadline.js';
import { buildArgs, optional, progress, repeated } from './flags.js';
import { notOnPath } from './mends.js';
import { findProgram } from './path.js';
import { notFound, probeOf, versionIn, versionOutput } from './probe.js';
import { cacheRefusal, isOlder, platformRefusal } from './refusals.js';
import { whyFailed } from './text.js';

/** Apple's CLI refuses a Dockerfile of this size (it travels in a gRPC header). */
const dockerfileLimitBytes = 16 * 1024;
/** The container that the builder runs in has this id, always. */
const builderId = 'buildkit';

const container = (...args: string[]): Command => ({ file: 'container', args });
const commands = {
  version: container('--version'),
  versions: container('system', 'version', '--format', 'json'),
  status: container('system', 'status'),
  builder: container('builder', 'status', '--format', 'json'),
  macOs: { file: 'sw_vers', args: [] },
  xcode: { file: 'xcodebuild', args: ['-version'] },
} as const;

/** Apple's `container build`, on a Mac. Its one builder is shared by all builds of the user. */
export const containerFactory: BuilderFactory = {
  kind: 'container',
  instanceMeans: null,
  create: (_instance, surroundings) => createContainer(surroundings),
};

function createContainer(surroundings: Surroundings): Builder {
  let version: string | null = null;
  return {
    kind: 'container',
    instance: null,
    simulated: false,
    progressStream: 'stderr',
    leaves: 'images in the image store of Apple’s container',
    async probe() {
      const probe = await ask(surroundings);
      version = probe.version;
      return probe;
    },
    refuses: (request, probe) =>
      progressRefusal(request) ??
      cacheRefusal(request, 'Apple’s container') ??
      sizeRefusal(request) ??
      platformRefusal(request, probe.platforms),
    build: (request) => container('build', ...buildFlags(request), request.context),
    wake: () => [container('builder', 'start')],
    removeImages: (tags) => container('image', 'delete', ...ignoreAbsent(version), ...tags),
  };
}

async function ask({ env, platform, run }: Surroundings): Promise<Probe> {
  if (!(await findProgram('container', env))) {
    return notFound('container', null, notOnPath('container', platform));
  }
  const within = withDeadline(run);
  const [version, versions, status, builder, macOs, xcode] = await Promise.all([
    within(commands.version),
    within(commands.versions),
    within(commands.status),
    within(commands.builder),
    within(commands.macOs),
    within(commands.xcode),
  ]);
  const image = appleBuilder(builder.stdout)?.image;
  const awake = status.exitCode === 0;
  return probeOf('container', null, {
    found: true,
    answers: awake,
    name: builderId,
    version: versionIn(version.stdout) ?? appleVersions(versions.stdout).cli,
    // The service of macOS is not what builds: the shim in the builder's image is.
    daemonVersion: image ? imageTag(image) : null,
    missing: awake ? [] : [stopped(status)],
    ...(awake ? {} : { asleep: true }),
    versionOutput: versionOutput([
      // Both tools are macOS's own, and `xcodebuild` fails where only the command line tools are installed.
      ...(macOs.exitCode === 0 ? [[commands.macOs, macOs] as const] : []),
      ...(xcode.exitCode === 0 ? [[commands.xcode, xcode] as const] : []),
      [commands.version, version],
      [commands.versions, versions],
      [commands.builder, builder],
    ]),
  });
}

function stopped(status: RunResult): Missing {
  return {
    what: `the services of Apple’s container are stopped (${whyFailed(status)})`,
    mend: 'container system start',
  };
}

function buildFlags(request: BuildRequest): string[] {
  return [
    ...progress(request),
    '-f',
    request.dockerfile,
    ...repeated('-t', request.tags),
    ...repeated('--platform', request.platforms),
    ...repeated('--build-arg', buildArgs(request)),
    ...optional('--target', request.target),
    ...(request.noCache ? ['--no-cache'] : []),
  ];
}

/** Versions before 0.12 know no `--force`, and end with an error for a name that is not there, after removing the rest. */
function ignoreAbsent(version: string | null): string[] {
  return version === null || isOlder(version, '0.12.0') ? [] : ['--force'];
}

function progressRefusal(request: BuildRequest): string | null {
  return request.progress === 'rawjson' ? 'Apple’s container has no progress rawjson' : null;
}

function sizeRefusal(request: BuildRequest): string | null {
  const bytes = sizeOf(request.dockerfile);
  if (bytes < dockerfileLimitBytes) return null;
  return `its Dockerfile has ${bytes} bytes, and Apple’s container takes fewer than ${dockerfileLimitBytes}`;
}

/** 0 for a file that cannot be looked at: the build will say why. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
