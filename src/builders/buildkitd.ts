import path from 'node:path';
import { buildctlRefusal } from './buildctl.js';
import type { Builder, BuilderFactory, Surroundings } from './builder.js';
import { knownPlatformRefusal } from './buildkitd/platforms.js';
import type { DaemonKit } from './buildkitd/private-daemon.js';
import { type Machine, probeDaemonPrograms, probeSteps } from './buildkitd/probe.js';
import { processorFacts, type StepFacts } from './buildkitd/processors.js';
import { programsOf } from './buildkitd/programs.js';
import { daemonRefusal } from './buildkitd/refusals.js';
import { emulatedPlatforms } from './emulation.js';

/** BuildKit daemons of the run's own: empty, with logs that are kept, and gone afterwards. */
export const buildkitdFactory: BuilderFactory = {
  kind: 'buildkitd',
  instanceMeans: 'the folder that holds buildkitd and buildctl; without it, PATH',
  create: (instance, surroundings) => createBuildkitd(instance, surroundings),
};

/** `machine` and `kit` are what tests give of their own. */
export function createBuildkitd(
  instance: string | null,
  surroundings: Surroundings,
  machine: Machine = thisMachine,
  kit: Pick<DaemonKit, 'limits' | 'records'> = {},
): Builder {
  const folder = instance === null ? null : path.resolve(instance);
  const programs = programsOf(folder);
  let daemonVersion: string | null = null;
  let stepFacts: StepFacts = { runtimeVersion: null, hasTaskset: false };
  const probe = async () => {
    const [found, facts] = await Promise.all([
      probeDaemonPrograms(instance, folder, programs, surroundings, machine),
      probeSteps(folder, surroundings),
    ]);
    daemonVersion = found.daemonVersion;
    stepFacts = facts;
    return found;
  };
  return {
    kind: 'buildkitd',
    instance,
    simulated: false,
    progressStream: 'stderr',
    leaves: null,
    probe,
    refuses: (request, probe) =>
      buildctlRefusal(request, probe.version) ?? knownPlatformRefusal(request, probe.platforms),
    build() {
      throw new Error('builds go to a daemon that startDaemon() started, and there is none here');
    },
    wake: () => [],
    removeImages: () => null,
    async startDaemon(request, place) {
      // How it is told to answer questions depends on its version.
      daemonVersion ??= (await probe()).daemonVersion;
      // Only runs with a daemon of their own load what starts one.
      const { startPrivateDaemon } = await import('./buildkitd/private-daemon.js');
      const own = { instance, folder, programs, daemonVersion, surroundings, ...kit };
      return startPrivateDaemon(own, request, place);
    },
    refusesDaemon: (request) => daemonRefusal(request, undefined, processorFacts(stepFacts)),
  };
}

const thisMachine: Machine = {
  uid: process.getuid?.(),
  emulated: emulatedPlatforms,
  architecture: process.arch,
};
