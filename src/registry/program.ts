import type { Missing, Run } from '../builders/builder.js';
import { findProgram } from '../builders/path.js';
import { versionIn } from '../builders/probe.js';

/** What Debian calls the registry of the distribution project, and what the project itself calls it. */
const names = ['docker-registry', 'registry'] as const;

/** The registry program of this machine, as `doctor` shows it. */
export interface RegistryProgram {
  readonly found: boolean;
  /** Its file, absolute. */
  readonly program: string | null;
  readonly version: string | null;
  readonly missing: readonly Missing[];
}

interface Surroundings {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly platform: NodeJS.Platform;
  readonly run: Run;
}

/** Looks for the distribution project's registry on PATH; another program of that name does not count. Never throws. */
export async function programOnPath({ env, platform, run }: Surroundings): Promise<RegistryProgram> {
  for (const name of names) {
    const program = await findProgram(name, env);
    if (program === null) continue;
    const { stdout, stderr } = await run({ file: program, args: ['--version'] });
    // `docker-registry github.com/docker/distribution 2.8.2+ds1`, `registry github.com/distribution/distribution/v3 3.0.0`
    if (/\/distribution\b/.test(stdout + stderr)) {
      return { found: true, program, version: versionIn(stdout + stderr), missing: [] };
    }
  }
  return { found: false, program: null, version: null, missing: [noProgram(platform)] };
}

function noProgram(platform: NodeJS.Platform): Missing {
  return {
    what: 'no registry program (docker-registry or registry) is on PATH',
    mend:
      platform === 'darwin'
        ? 'put registry of https://github.com/distribution/distribution on PATH, or name a registry that runs with --registry HOST:PORT'
        : 'apt-get install docker-registry, or name a registry that runs with --registry HOST:PORT',
  };
}
