import { join } from 'node:path';
import semver from 'semver';
import { attempt, LabFailure, noDockerChoices } from './commands.js';
import { type Program, packages } from './packages.js';
import {
  actionlintVersion,
  buildkitVersions,
  buildxVersion,
  newestBuildkit,
  versionInName,
} from './versions.js';

/**
 * Asks every program for its version, in the lab's environment.
 * @throws {LabFailure} naming all that do not answer with the expected one.
 */
export async function verifyPrograms(env: Readonly<Record<string, string>>): Promise<void> {
  const wrong: string[] = [];
  for (const program of programs(env)) {
    const answer = await attempt(program.file, program.args, { env: { ...noDockerChoices, ...env } });
    if (!answer.ok || !isExpected(answer.all, program.expected)) {
      wrong.push(`${program.file} (expected ${program.expected}, it says: ${answer.tail.split('\n')[0]})`);
    }
  }
  if (wrong.length > 0) {
    throw new LabFailure(`not as expected: ${wrong.join('; ')}`);
  }
}

/** The first version in what a program printed, held against a range. */
export function isExpected(printed: string, range: string): boolean {
  const version = semver.coerce(/\d+\.\d+(\.\d+)?|(?<=version )\d+/.exec(printed)?.[0]);
  return version !== null && semver.satisfies(version, range);
}

function programs(env: Readonly<Record<string, string>>): Program[] {
  const args = ['--version'];
  const buildkits = buildkitVersions.flatMap((expected) =>
    ['buildctl', 'buildkitd'].map((name) => ({
      file: join(env[`LAB_BUILDKIT_${versionInName(expected)}_BIN`] ?? '', name),
      args,
      expected,
    })),
  );
  const server = ['--host', env.LAB_DOCKER_HOST ?? '', 'version', '--format', '{{.Server.Version}}'];
  return [
    ...buildkits,
    { file: 'buildctl', args, expected: newestBuildkit },
    { file: 'docker', args: ['buildx', 'version'], expected: buildxVersion },
    { file: 'docker', args: server, expected: '>=20.10.0' },
    { file: env.LAB_ACTIONLINT ?? '', args, expected: actionlintVersion },
    ...packages.flatMap((item) => item.programs),
  ];
}
