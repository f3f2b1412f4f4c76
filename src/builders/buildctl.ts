import path from 'node:path';
import type {
  Builder,
  BuilderFactory,
  BuilderKind,
  BuildRequest,
  Command,
  Missing,
  Probe,
  RunResult,
  Surroundings,
} from './builder.js';
import { firstWorker } from './buildkit-workers.js';
import { cacheFlags, metadataFlags, pushOutput } from './caches.js';
import { withDeadline } from './deadline.js';
import { buildArgs, progress, repeated } from './flags.js';
import { notOnPath } from './mends.js';
import { findProgram } from './path.js';
import { notFound, probeOf, versionIn, versionOutput } from './probe.js';
import { localCacheRefusal, platformRefusal, rawjsonRefusal, ttyRefusal } from './refusals.js';
import { quoted, whyFailed } from './text.js';

/** Where buildctl looks for a daemon when nothing else is said (BuildKit, `util/appdefaults`). */
const defaultAddress = 'unix:///run/buildkit/buildkitd.sock';
/** The BuildKit release that brought `--progress rawjson`. */
const rawjsonSince = '0.13.0';
/** The BuildKit releases whose client first knew these; the daemon has no part in them. */
const localCacheSince = { tag: '0.11.0', reset: '0.31.0' };

/** `buildctl build` against a BuildKit daemon; without a push no output is asked for, so nothing is left but cache. */
export const buildctlFactory: BuilderFactory = {
  kind: 'buildctl',
  instanceMeans: 'the address of a BuildKit daemon, such as unix:///run/buildkit/buildkitd.sock',
  create: (instance, surroundings) =>
    createBuildctl({ kind: 'buildctl', instance, program: 'buildctl', address: instance }, surroundings),
};

/** Who builds with buildctl, and where. */
export interface BuildctlPlace {
  /** As the user named the builder. */
  readonly kind: BuilderKind;
  readonly instance: string | null;
  /** `buildctl`, or its absolute path. */
  readonly program: string;
  /** Null: buildctl's own default, or what `BUILDKIT_HOST` says. */
  readonly address: string | null;
}

/** A builder that calls buildctl. */
export function createBuildctl(place: BuildctlPlace, surroundings: Surroundings): Builder {
  const { kind, instance, program, address } = place;
  const buildctl = (...args: string[]): Command => ({
    file: program,
    args: [...(address === null ? [] : ['--addr', address]), ...args],
  });
  return {
    kind,
    instance,
    simulated: false,
    progressStream: 'stderr',
    leaves: null,
    probe: () => ask(place, surroundings, buildctl),
    refuses: (request, probe) =>
      buildctlRefusal(request, probe.version) ?? platformRefusal(request, probe.platforms),
    build: (request) => buildctl('build', ...buildFlags(request)),
    wake: () => [],
    removeImages: () => null,
    prune: () => buildctl('prune', '--all'),
  };
}

/** Why buildctl of that version does not do the build, apart from its platforms. */
export function buildctlRefusal(request: BuildRequest, version: string | null): string | null {
  return (
    rawjsonRefusal(request, 'buildctl', version, rawjsonSince) ??
    ttyRefusal(request) ??
    localCacheRefusal(request, 'buildctl', version, localCacheSince)
  );
}

async function ask(
  place: BuildctlPlace,
  { env, platform, run }: Surroundings,
  buildctl: (...args: string[]) => Command,
): Promise<Probe> {
  const { kind, instance, program } = place;
  if (!(await findProgram(program, env))) {
    return notFound(kind, instance, notOnPath('buildctl', platform));
  }
  const within = withDeadline(run);
  const commands = {
    version: { file: program, args: ['--version'] },
    info: buildctl('debug', 'info'),
    workers: buildctl('debug', 'workers', '-v'),
  };
  const [version, info, workers] = await Promise.all([
    within(commands.version),
    within(commands.info),
    within(commands.workers),
  ]);
  const worker = firstWorker(workers.stdout);
  const address = place.address ?? (env.BUILDKIT_HOST || defaultAddress);
  return probeOf(kind, instance, {
    found: true,
    answers: worker !== null,
    name: address,
    version: versionIn(version.stdout),
    // `debug info` is newer than the workers' own line, and older daemons have neither.
    daemonVersion: (info.exitCode === 0 ? versionIn(info.stdout) : null) ?? worker?.version ?? null,
    platforms: worker?.platforms ?? null,
    missing: worker ? [] : [noDaemon(address, workers, platform)],
    versionOutput: versionOutput([
      [commands.version, version],
      ...(info.exitCode === 0 ? [[commands.info, info] as const] : []),
      [commands.workers, workers],
    ]),
  });
}

function noDaemon(address: string, workers: RunResult, platform: NodeJS.Platform): Missing {
  return {
    what: `no BuildKit daemon answers at ${quoted(address)} (${whyFailed(workers)})`,
    mend: mendDaemon(address, platform),
  };
}

function mendDaemon(address: string, platform: NodeJS.Platform): string {
  if (address !== defaultAddress) return `buildkitd --addr ${quoted(address)}`;
  // The daemon runs on Linux only; a Mac has it in some VM.
  return platform === 'darwin' ? 'set BUILDKIT_HOST to the address of a buildkitd' : 'sudo buildkitd';
}

function buildFlags(request: BuildRequest): string[] {
  const options = [
    `filename=${path.basename(request.dockerfile)}`,
    ...(request.platforms.length > 0 ? [`platform=${request.platforms.join(',')}`] : []),
    // The names of steps carry a platform only in a build that is multi-platform, be it for a single one.
    ...(request.platforms.length === 1 ? ['multi-platform=true'] : []),
    ...buildArgs(request).map((argument) => `build-arg:${argument}`),
    ...(request.target === null ? [] : [`target=${request.target}`]),
  ];
  return [
    ...progress(request),
    '--frontend',
    'dockerfile.v0',
    '--local',
    `context=${request.context}`,
    '--local',
    `dockerfile=${path.dirname(request.dockerfile)}`,
    ...repeated('--opt', options),
    ...(request.noCache ? ['--no-cache'] : []),
    ...cacheFlags(request, { from: '--import-cache', to: '--export-cache' }),
    ...(request.push === undefined ? [] : ['--output', pushOutput(request.push)]),
    ...metadataFlags(request),
  ];
}
