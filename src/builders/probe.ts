import type { BuilderKind, Command, Missing, Probe, Run, RunResult } from './builder.js';
import { displayed } from './text.js';

type Facts = Partial<Omit<Probe, 'kind' | 'instance'>>;

/** A probe of which only what is given is known. */
export function probeOf(kind: BuilderKind, instance: string | null, facts: Facts): Probe {
  return {
    kind,
    instance,
    found: false,
    answers: false,
    name: null,
    version: null,
    daemonVersion: null,
    platforms: null,
    missing: [],
    versionOutput: [],
    ...facts,
  };
}

/** The program is not there; `missing` says how it is had. */
export function notFound(kind: BuilderKind, instance: string | null, missing: Missing): Probe {
  return probeOf(kind, instance, { missing: [missing] });
}

/** What version commands printed, for the report; commands that printed nothing are left out. */
export function versionOutput(
  ran: readonly (readonly [Command, RunResult])[],
): { readonly command: string; readonly output: string }[] {
  return ran
    .map(([command, result]) => ({ command: displayed(command), output: bothStreams(result) }))
    .filter(({ output }) => output !== '');
}

/** Of a command whose output only a report wants: a daemon that is slow to tell of itself keeps no run waiting. */
const extraLimitMs = 3_000;

/** Runs commands that tell more of a builder than a probe needs, side by side; those that fail, or take too long, say nothing. */
export async function extraOutput(
  run: Run,
  commands: readonly Command[],
): Promise<readonly (readonly [Command, RunResult])[]> {
  const ran = await Promise.all(
    commands.map(async (command) => [command, await run(command, { timeoutMs: extraLimitMs })] as const),
  );
  return ran.filter(([, { exitCode }]) => exitCode === 0);
}

function bothStreams(result: RunResult): string {
  return [result.stdout, result.stderr]
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join('\n');
}

/** The first version number in a text (`v0.32.2`, `20.10.24+dfsg1`, `0.0.0+unknown`), as it is printed, or null. */
export function versionIn(text: string): string | null {
  return /(?<![\w.])v?\d+\.\d+(?:\.\d+)?(?:[-+~][\w.+~-]+)?/.exec(text)?.[0] ?? null;
}
