import type { Command, Missing, RunResult, Surroundings } from './builder.js';
import { quoted, whyFailed } from './text.js';

const json = ['--format', '{{json .}}'];

/** The commands that ask one Docker daemon, in the context given (null: the one in use). */
export function dockerCommands(context: string | null) {
  const docker = (...args: string[]): Command => ({
    file: 'docker',
    args: [...(context === null ? [] : ['--context', context]), ...args],
  });
  return {
    docker,
    version: docker('version'),
    versionJson: docker('version', ...json),
    infoJson: docker('info', ...json),
    info: docker('info'),
    list: docker('buildx', 'ls'),
    buildxVersion: docker('buildx', 'version'),
    /** The name goes as a flag: as an argument, `--help` would be taken for one. Null is the current builder. */
    inspect: (builder: string | null) =>
      docker('buildx', 'inspect', ...(builder === null ? [] : ['--builder', builder])),
    /** With `--force`, a name that is not there is no error. `at` are flags that lead to the daemon. */
    remove: (tags: readonly string[], at: readonly string[] = []) =>
      docker(...at, 'image', 'rm', '--force', ...tags),
  };
}

/** The endpoint of a buildx node as flags of `docker`: an address, or the name of a context. */
export function endpointFlags(endpoint: string): string[] {
  return [endpoint.includes('://') ? '--host' : '--context', endpoint];
}

/** Why no Docker daemon answers, and what starts one, or which setting to look at. */
export function noDaemon(
  result: RunResult,
  context: string | null,
  surroundings: Pick<Surroundings, 'env' | 'platform'>,
): Missing {
  return {
    what: `no Docker daemon answers (${whyFailed(result)})`,
    mend: daemonMend(result.stderr, context, surroundings),
  };
}

/** What to do about a Docker daemon that does not answer; `why` is what the client said. */
export function daemonMend(
  why: string,
  context: string | null,
  { env, platform }: Pick<Surroundings, 'env' | 'platform'>,
): string {
  if (/permission denied/i.test(why)) return 'sudo usermod -aG docker "$USER", then log in again';
  if (context !== null) return 'docker context ls';
  if (env.DOCKER_HOST) return `check DOCKER_HOST=${quoted(env.DOCKER_HOST)}`;
  return platform === 'darwin' ? 'open -a Docker' : 'sudo systemctl start docker';
}
