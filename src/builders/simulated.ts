import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { UserError } from '../errors.js';
import { packageFolder } from '../places.js';
import type { Builder, BuilderFactory, BuildRequest, Command, Probe, Surroundings } from './builder.js';
import { withDeadline } from './deadline.js';
import { buildArgs, optional, progress, repeated } from './flags.js';
import { notFound, probeOf, versionOutput } from './probe.js';
import { cacheRefusal, platformRefusal } from './refusals.js';
import { quoted, whyFailed } from './text.js';

/** What the simulated builder can be made to behave like; the first is the default. */
const profiles = ['apple', 'apple-fixed', 'apple-shim', 'buildkit'] as const;
type Profile = (typeof profiles)[number];

/** Names the state folder of the simulated builder. */
const stateVariable = 'BUILDRACE_SIMULATOR_STATE';

/** The simulated builder, a program of this package: for trying the tool and for testing it, never a finding. */
export const simulatedFactory: BuilderFactory = {
  kind: 'simulated',
  instanceMeans: `a profile: ${profiles.join(', ')}`,
  create: (instance, surroundings) => createSimulated(instance, surroundings),
};

const infoSchema = z.looseObject({ version: z.string(), platforms: z.array(z.string()) });

/**
 * `program` is the file that Node runs. Throws a `UserError` for a profile that there is none of: the program itself
 * would only say so in the log of every lane.
 */
export function createSimulated(
  instance: string | null,
  surroundings: Surroundings,
  program: string = simulatorProgram(),
): Builder {
  const profile = profileOf(instance);
  const state = surroundings.env[stateVariable] || defaultState();
  const simulator = (...args: string[]): Command => ({ file: process.execPath, args: [program, ...args] });
  return {
    kind: 'simulated',
    instance,
    simulated: true,
    progressStream: 'stderr',
    // There is none: each lane is a program by itself.
    hasReachedDaemon: () => true,
    leaves: `image names in its own state folder, ${state}`,
    probe: () => ask(instance, profile, surroundings, program, simulator('info', '--state', state)),
    refuses: (request, probe) =>
      progressRefusal(request) ??
      cacheRefusal(request, 'the simulated builder') ??
      platformRefusal(request, probe.platforms),
    build: (request) =>
      simulator('build', '--state', state, '--profile', profile, ...buildFlags(request), request.context),
    wake: () => [],
    removeImages: (tags) => simulator('images', 'remove', '--state', state, '--force', ...tags),
  };
}

function profileOf(instance: string | null): Profile {
  if (instance === null) return profiles[0];
  const found = profiles.find((profile) => profile === instance);
  if (found) return found;
  throw new UserError(
    `The simulated builder has no profile ${quoted(instance)}: choose one of ${profiles.join(', ')}.`,
  );
}

/** What is built of it, from the sources too: Node runs no TypeScript. */
const simulatorProgram = (): string => path.join(packageFolder, 'dist/simulator/main.js');

/** One folder a user, so that two users of a machine do not share a builder. */
function defaultState(): string {
  return path.join(os.tmpdir(), `buildrace-simulator-${process.getuid?.() ?? 'user'}`);
}

async function ask(
  instance: string | null,
  profile: Profile,
  { run, env }: Surroundings,
  program: string,
  infoCommand: Command,
): Promise<Probe> {
  if (!existsSync(program)) {
    return notFound('simulated', instance, {
      what: 'the simulated builder is not built',
      mend: 'npm run build',
    });
  }
  // To ask it makes its state folder, and must not make what a slip of the hand named.
  if (!env[stateVariable] && !existsSync(os.tmpdir())) {
    return notFound('simulated', instance, {
      what: `the folder for temporary files ${os.tmpdir()}`,
      mend: `set TMPDIR to a folder that can be written, or name a state folder with ${stateVariable}`,
    });
  }
  const info = await withDeadline(run)(infoCommand);
  const known = infoOf(info.stdout);
  return probeOf('simulated', instance, {
    found: true,
    answers: known !== null,
    name: profile,
    version: known?.version ?? null,
    platforms: known?.platforms ?? null,
    missing: known
      ? []
      : [{ what: `the simulated builder does not start (${whyFailed(info)})`, mend: 'npm run build' }],
    versionOutput: versionOutput([[infoCommand, info]]),
  });
}

function infoOf(text: string): z.infer<typeof infoSchema> | null {
  try {
    return infoSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
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

function progressRefusal(request: BuildRequest): string | null {
  if (request.progress === 'auto' || request.progress === 'plain') return null;
  return `the simulated builder has no progress ${request.progress}`;
}
