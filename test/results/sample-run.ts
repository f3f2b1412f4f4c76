import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeJson } from '../../src/results/directory.js';
import { type Environment, thisMachine } from '../../src/results/environment.js';
import type { IterationFinished, JournalEvent, LaneRecord } from '../../src/results/journal.js';
import { layout } from '../../src/results/layout.js';
import type { Plan, PlannedArm, PlannedBuild, PlannedLane } from '../../src/scenario/plan.js';

export const plannedBuild: PlannedBuild = {
  dockerfile: 'Dockerfile',
  context: null,
  platforms: [],
  buildArgs: {},
  target: null,
  tags: ['buildrace-{arm}-{lane}:{run}'],
  noCache: true,
  progress: 'plain',
  cacheFrom: [],
  cacheTo: [],
  push: null,
  meantToFail: false,
  mustBeCached: [],
  mustRunOnce: [],
};

export function plannedLane(name: string, more: Partial<PlannedLane> = {}): PlannedLane {
  return { name, delayMs: 0, cancelAfterMs: null, build: plannedBuild, ...more };
}

/** A reproduce arm with the lanes a and b, let go together. */
export function plannedArm(more: Partial<PlannedArm> = {}): PlannedArm {
  return {
    name: 'main',
    title: null,
    role: 'reproduce',
    of: null,
    expects: ['platform-drift'],
    iterations: 2,
    steps: [{ step: 'build', together: true, lanes: [plannedLane('a'), plannedLane('b')] }],
    daemon: null,
    point: null,
    skipped: null,
    ...more,
  };
}

export function samplePlan(more: Partial<Plan> = {}): Plan {
  return {
    schemaVersion: 1,
    toolVersion: '0.1.0',
    run: '2026-01-02T03-04-05-678Z-sample-buildctl-x',
    createdAt: '2026-01-02T03:04:05.678Z',
    scenario: { name: 'sample', title: 'A sample', description: null, reports: [], contentSha256: 'abc' },
    builder: {
      kind: 'buildctl',
      instance: null,
      name: null,
      version: 'v0.32.2',
      daemonVersion: 'v0.32.2',
      simulated: false,
      progressStream: 'stderr',
      leaves: null,
    },
    timeoutMs: 600_000,
    seed: null,
    stopping: { rule: 'fixed' },
    maxTimeMs: null,
    shard: null,
    window: null,
    registry: null,
    ownRegistry: false,
    maxLogBytes: null,
    failOn: 'never',
    baseline: null,
    signals: ['platform-drift', 'build-failed'],
    arms: [plannedArm()],
    again: 'buildrace run sample',
    ...more,
  };
}

export function sampleEnvironment(): Environment {
  return {
    schemaVersion: 1,
    toolVersion: '0.1.0',
    ...thisMachine(),
    // It moves while a test runs.
    load: 0.5,
    versionOutput: [{ command: 'buildctl --version', output: 'v0.32.2' }],
    platforms: null,
    scenario: { file: '/sample.yaml', text: 'title: A sample\n', files: [] },
  };
}

export function laneRecord(lane: string, more: Partial<LaneRecord> = {}): LaneRecord {
  return {
    lane,
    command: ['builder', 'build', '.'],
    env: {},
    delayMs: 0,
    startMs: 1,
    endMs: 1_000,
    startedAt: '2026-01-02T03:04:06.000Z',
    exitCode: 0,
    signal: null,
    timedOut: false,
    context: null,
    cancelled: false,
    cuts: [],
    image: null,
    ...more,
  };
}

export function iterationFinished(more: Partial<IterationFinished> = {}): IterationFinished {
  return {
    schemaVersion: 1,
    at: '2026-01-02T03:04:07.000Z',
    event: 'iteration-finished',
    arm: 'main',
    iteration: 1,
    lanes: [laneRecord('a'), laneRecord('b')],
    spoilt: null,
    builderGone: null,
    cacheChecks: [],
    daemonLogCut: null,
    load: 0.5,
    ...more,
  };
}

/** Writes a run directory as a run leaves it, but for its logs. */
export async function writeRun(
  directory: string,
  { plan = samplePlan(), events = [] }: { plan?: Plan; events?: readonly JournalEvent[] } = {},
): Promise<string> {
  await mkdir(directory, { recursive: true });
  await writeJson(path.join(directory, layout.environment), sampleEnvironment());
  await writeJson(path.join(directory, layout.plan), plan);
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  await writeFile(path.join(directory, layout.journal), lines);
  return directory;
}
