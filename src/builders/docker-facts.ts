import os from 'node:os';
import type { BuilderKind, Command, Missing, Probe, RunResult, Surroundings } from './builder.js';
import { type Inspection, inspectBuilder } from './buildx-facts.js';
import { withDeadline } from './deadline.js';
import { dockerCommands, noDaemon } from './docker-cli.js';
import { type DockerInfo, type DockerVersions, dockerInfo, dockerVersions } from './docker-json.js';
import { emulatedPlatforms } from './emulation.js';
import { noPlugin, notOnPath } from './mends.js';
import { findProgram } from './path.js';
import { extraOutput, notFound, probeOf, versionIn, versionOutput } from './probe.js';
import { isOlder } from './refusals.js';

/** What `docker build` was found to be. */
export interface DockerFacts {
  readonly versions: DockerVersions;
  readonly info: DockerInfo | null;
  /** Null where the plugin is missing. */
  readonly buildxVersion: string | null;
  /** The builder of buildx that stands for the daemon, or that `docker build` uses; null without the plugin. */
  readonly inspection: Inspection | null;
  /** `docker build` is carried out by buildx, not by the client itself. */
  readonly byBuildx: boolean;
}

export interface AskedDocker {
  readonly probe: Probe;
  readonly facts: DockerFacts | null;
}

/** Asks the Docker client and its daemon, for one of the two kinds. */
export async function askDocker(
  kind: Extract<BuilderKind, 'docker' | 'docker-classic'>,
  instance: string | null,
  surroundings: Surroundings,
): Promise<AskedDocker> {
  const { env, platform } = surroundings;
  if (!(await findProgram('docker', env))) {
    return { probe: notFound(kind, instance, notOnPath('docker', platform)), facts: null };
  }
  const run = withDeadline(surroundings.run);
  const commands = dockerCommands(instance);
  const [versionJson, infoJson, text, buildx, [info], [list]] = await Promise.all([
    run(commands.versionJson),
    run(commands.infoJson),
    run(commands.version),
    run(commands.buildxVersion),
    extraOutput(run, [commands.info]),
    kind === 'docker' ? extraOutput(run, [commands.list]) : [],
  ]);
  const versions = dockerVersions(versionJson.stdout);
  const byBuildx = kind === 'docker' && buildsByBuildx(versions.client);
  const hasBuildx = buildx.exitCode === 0;
  const facts: DockerFacts = {
    versions,
    info: dockerInfo(infoJson.stdout),
    buildxVersion: hasBuildx ? versionIn(buildx.stdout) : null,
    inspection: hasBuildx ? await inspect(instance, versions, byBuildx, { ...surroundings, run }) : null,
    byBuildx,
  };
  // Where docker itself printed nothing (an unknown context, say), its plugin is not what is missing.
  const lacksPlugin = byBuildx && !hasBuildx && versions.client !== null;
  const missing = lacksPlugin
    ? noPlugin(buildx, platform)
    : missingOf(facts, noDaemon(text, instance, surroundings));
  const ran: (readonly [Command, RunResult])[] = [[commands.version, text]];
  if (byBuildx && hasBuildx) ran.push([commands.buildxVersion, buildx]);
  if (facts.inspection) ran.push(facts.inspection.inspected);
  if (byBuildx && list !== undefined) ran.push(list);
  if (info !== undefined) ran.push(info);
  const probe = probeOf(kind, instance, {
    found: true,
    answers: missing === null,
    name: (byBuildx ? facts.inspection?.facts?.name : undefined) ?? versions.context ?? instance,
    version: versions.client,
    daemonVersion: daemonVersion(facts),
    platforms: await platforms(facts),
    missing: missing ? [missing] : [],
    versionOutput: versionOutput(ran),
  });
  return { probe, facts };
}

/** Since Docker 23, `docker build` is buildx's; before, the client had a BuildKit of its own. */
function buildsByBuildx(clientVersion: string | null): boolean {
  return !isOlder(clientVersion, '23.0.0');
}

/**
 * The builder that belongs to the context; but `docker build` by buildx goes to the one that `BUILDX_BUILDER` names
 * (docker/cli, `processBuilder`).
 */
function inspect(
  instance: string | null,
  { context }: DockerVersions,
  byBuildx: boolean,
  surroundings: Surroundings,
): Promise<Inspection> {
  const chosen = byBuildx ? surroundings.env.BUILDX_BUILDER || null : null;
  return inspectBuilder(chosen ?? instance ?? context, instance, surroundings);
}

function missingOf({ byBuildx, inspection, versions }: DockerFacts, noServer: Missing): Missing | null {
  const builder = byBuildx ? inspection?.facts : null;
  // A builder of its own (`BUILDX_BUILDER`) needs no Docker daemon.
  if (builder && !builder.ofDaemon) return inspection?.missing ?? null;
  if (versions.server === null) return noServer;
  return byBuildx ? (inspection?.missing ?? null) : null;
}

function daemonVersion({ byBuildx, inspection, versions }: DockerFacts): string | null {
  const builder = byBuildx ? inspection?.facts : null;
  return builder && !builder.ofDaemon ? builder.daemonVersion : versions.server;
}

/** As buildx tells; without it the daemon's own, and what the kernel emulates where the daemon runs on this one. */
async function platforms({ inspection, versions, info }: DockerFacts): Promise<readonly string[] | null> {
  if (inspection?.facts?.platforms) return inspection.facts.platforms;
  if (versions.serverPlatform === null) return null;
  const here = info !== null && info.hostname === os.hostname() && info.kernel === os.release();
  const emulated = here ? await emulatedPlatforms() : [];
  return [...new Set([versions.serverPlatform, ...emulated])];
}
