import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBaseImage, pushBaseImages } from './base-images.js';
import { setUpBuildah } from './buildah.js';
import { startBuildkit, writeMirrorSettings } from './buildkit.js';
import { setUpBuildx } from './buildx.js';
import { startDockerd } from './dockerd.js';
import { down, endDaemons } from './down.js';
import { ensureEmulation } from './emulation.js';
import { variablesOf } from './environment.js';
import { pushEstargzImages } from './estargz.js';
import { actionlintTool, buildkitTool, buildxTool, ensureTool } from './go-tools.js';
import { withLock } from './lock.js';
import { ensurePackages } from './packages.js';
import { type LabPaths, machineLock } from './paths.js';
import { checkMachine, thisMachine } from './preconditions.js';
import { startRegistry } from './registry.js';
import { isUp, LabInMaking, readState } from './state.js';
import { step } from './steps.js';
import { verifyBuilds } from './verify-builds.js';
import { verifyPrograms } from './verify-programs.js';
import { buildkitVersions, newestBuildkit } from './versions.js';

/** Brings this checkout's lab up; false when it was up already. @throws {UserError} where it cannot. */
export async function up(paths: LabPaths): Promise<boolean> {
  const before = readState(paths);
  if (before !== null && isUp(before)) {
    return false;
  }
  checkMachine(await thisMachine());
  if (before !== null) {
    process.stdout.write('an older or broken lab is there; it goes first\n');
    await down(paths);
  }
  mkdirSync(paths.run, { recursive: true, mode: 0o711 });
  const lab = new LabInMaking(paths);
  try {
    await make(lab);
  } catch (error) {
    await cleanUp(paths);
    throw error;
  }
  lab.finish();
  return true;
}

// One step after the other: each line's time is its own, and two cores are busy with one Go build.
async function make(lab: LabInMaking): Promise<void> {
  await withLock(machineLock, async () => {
    await step('Debian packages', ensurePackages);
    await step('arm64 and amd64 side by side (binfmt_misc, qemu)', ensureEmulation);
  });
  const registry = await step('registry', () => startRegistry(lab));
  const image = await step('base image', ensureBaseImage);
  await step('base images into the registry', () => pushBaseImages(image, registry));
  writeMirrorSettings(lab, registry);
  await buildkits(lab, registry);
  await step('containerd and dockerd', () => startDockerd(lab, registry));
  setUpBuildah(lab, registry);
  const actionlint = await step('actionlint', (note) => ensureTool(actionlintTool, note));
  lab.export({ LAB_ACTIONLINT: join(actionlint, 'actionlint') });
  const variables = variablesOf(lab.state, process.env);
  await step('each program answers with its version', () => verifyPrograms(variables));
  await verifyBuilds(variables);
}

async function buildkits(lab: LabInMaking, registry: string): Promise<void> {
  for (const version of buildkitVersions) {
    const bin = await step(`BuildKit v${version}`, (note) => ensureTool(buildkitTool(version), note));
    const address = await step(`buildkitd v${version}`, () => startBuildkit(lab, version, bin, registry));
    if (version === newestBuildkit) {
      const buildx = await step('buildx', (note) => ensureTool(buildxTool, note));
      await step('builder of buildx', () => setUpBuildx(lab, buildx, address));
      lab.addToPath(lab.paths.bin, bin);
      await step('eStargz images into the registry', () => pushEstargzImages(bin, address, registry));
    }
  }
}

async function cleanUp(paths: LabPaths): Promise<void> {
  const state = readState(paths);
  if (state !== null) {
    await endDaemons(paths, state);
    process.stdout.write(`the logs of its daemons are in ${paths.logs}\n`);
  }
}
