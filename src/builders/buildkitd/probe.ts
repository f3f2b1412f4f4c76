import type { Missing, Probe, RunResult, Surroundings } from '../builder.js';
import { withDeadline } from '../deadline.js';
import { notOnPath } from '../mends.js';
import { findProgram } from '../path.js';
import { notFound, probeOf, versionIn, versionOutput } from '../probe.js';
import { quoted, whyFailed } from '../text.js';
import { knownPlatforms } from './platforms.js';
import type { StepFacts } from './processors.js';
import { type DaemonPrograms, daemonEnvironment } from './programs.js';

/** What BuildKit starts containers with, in the order in which it looks. */
const runtimes = ['buildkit-runc', 'runc'];

/** What is known of this machine otherwise; tests give their own. */
export interface Machine {
  readonly uid: number | undefined;
  readonly emulated: () => Promise<readonly string[]>;
  readonly architecture: NodeJS.Architecture;
}

/** Whether a daemon could be started; none is. */
export async function probeDaemonPrograms(
  instance: string | null,
  folder: string | null,
  programs: DaemonPrograms,
  surroundings: Surroundings,
  machine: Machine,
): Promise<Probe> {
  const { platform } = surroundings;
  if (platform !== 'linux') {
    return notFound('buildkitd', instance, {
      what: 'buildkitd runs on Linux only',
      mend: 'choose another --builder',
    });
  }
  const env = daemonEnvironment(surroundings.env, folder);
  const absent = await absentPrograms(programs, folder, env, platform);
  if (absent.length > 0) return probeOf('buildkitd', instance, { missing: absent });
  const run = withDeadline(surroundings.run);
  const commands = {
    daemon: { file: programs.buildkitd, args: ['--version'] },
    client: { file: programs.buildctl, args: ['--version'] },
  };
  const [daemon, client, hasRuntime, platforms] = await Promise.all([
    run(commands.daemon),
    run(commands.client),
    hasOneOf(runtimes, env),
    knownPlatforms(env, machine.emulated, machine.architecture),
  ]);
  const missing = [
    ...failed('buildkitd', daemon),
    ...failed('buildctl', client),
    ...(hasRuntime ? [] : [noRuntime]),
    ...(machine.uid === 0 ? [] : [notRoot]),
  ];
  return probeOf('buildkitd', instance, {
    found: true,
    answers: missing.length === 0,
    version: versionIn(client.stdout),
    daemonVersion: versionIn(daemon.stdout),
    platforms,
    missing,
    versionOutput: versionOutput([
      [commands.daemon, daemon],
      [commands.client, client],
    ]),
  });
}

/** What the steps of builds would be started with; null and false where it is not known. */
export async function probeSteps(folder: string | null, { env, run }: Surroundings): Promise<StepFacts> {
  const own = daemonEnvironment(env, folder);
  const [taskset, ...found] = await Promise.all(
    ['taskset', ...runtimes].map((name) => findProgram(name, own)),
  );
  const runtime = found.find((file) => file !== null) ?? null;
  const told = runtime === null ? null : await withDeadline(run)({ file: runtime, args: ['--version'] });
  return { runtimeVersion: versionIn(told?.stdout ?? ''), hasTaskset: taskset !== null };
}

const notRoot: Missing = {
  what: 'a private buildkitd needs root, and this user is not',
  mend: 'run buildrace as root (sudo), or choose another --builder',
};

const noRuntime: Missing = { what: 'runc is not on PATH', mend: 'apt-get install runc' };

async function absentPrograms(
  programs: DaemonPrograms,
  folder: string | null,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Promise<Missing[]> {
  const names = ['buildkitd', 'buildctl'] as const;
  const found = await Promise.all(names.map((name) => findProgram(programs[name], env)));
  return names
    .filter((_, at) => found[at] === null)
    .map((name) =>
      folder === null
        ? notOnPath(name, platform)
        : {
            what: `there is no program ${name} in ${quoted(folder)}`,
            mend: 'name the folder that holds buildkitd and buildctl',
          },
    );
}

function failed(name: string, result: RunResult): Missing[] {
  if (result.exitCode === 0) return [];
  return [{ what: `${name} does not tell its version (${whyFailed(result)})`, mend: `${name} --version` }];
}

async function hasOneOf(names: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  const found = await Promise.all(names.map((name) => findProgram(name, env)));
  return found.some((file) => file !== null);
}
