import { mkdir, readdir, readFile } from 'node:fs/promises';
import { type Logger, pino } from 'pino';
import { vi } from 'vitest';
import type { Builder } from '../../src/builders/builder.js';
import { createRun } from '../../src/builders/run.js';
import { keptFile } from '../../src/results/environment.js';
import { type JournalEvent, parseJournal } from '../../src/results/journal.js';
import type { Patience } from '../../src/runner/patience.js';
import { carryOut } from '../../src/runner/run.js';
import type { Observer, Setting, StoppingRule } from '../../src/runner/setting.js';
import { readFolder } from '../../src/scenario/folder.js';
import type { Plan, PlannedArm, PlannedLane, PlannedStep } from '../../src/scenario/plan.js';
import { kill, processesWith } from '../processes/alive.js';
import { plannedBuild, plannedLane, samplePlan } from '../results/sample-run.js';
import { test as base, type Folder } from '../scenario/folder.js';
import { patience } from './gated.js';
import { answering, defaultScript, scriptedBuilder } from './scripted-builder.js';

export interface Options {
  readonly script?: string;
  readonly builder?: Partial<Builder>;
  readonly plan?: Partial<Plan>;
  readonly observer?: Partial<Observer>;
  readonly rule?: StoppingRule;
  readonly abort?: AbortSignal;
  readonly readImage?: Setting['readImage'];
  readonly patience?: Partial<Patience>;
  readonly log?: Logger;
}

/** What a run left behind. */
export interface CarriedOut {
  readonly stopped: string | null;
  readonly events: readonly JournalEvent[];
  /** What the builder was called for, in order. */
  readonly calls: readonly string[];
  /** What is left in the folder for temporary files. */
  readonly leftovers: readonly string[];
}

export interface Bench extends Folder {
  readonly run: string;
  carryOut(arms: readonly PlannedArm[], options?: Options): Promise<CarriedOut>;
  events(): Promise<JournalEvent[]>;
  calls(): Promise<string[]>;
}

/** As the scripted builder answers. */
const asked = { ...samplePlan().builder, version: answering.version, daemonVersion: answering.daemonVersion };

/** Nobody watches. */
export const silent: Observer = {
  warmUpStarted: () => undefined,
  warmUpFinished: () => undefined,
  iterationStarted: () => undefined,
  laneOutput: () => undefined,
  laneEnded: () => undefined,
  iterationFinished: () => undefined,
};

/** Carries plans out with a scripted builder, in a run directory and a temporary folder of the test's own. */
export const test = base.extend<{ bench: Bench }>({
  bench: async ({ folder, onTestFailed }, use) => {
    // What is broken may be the very thing that ends builds, and those of a test can run for ever.
    onTestFailed(async () => {
      for (const pid of await processesWith(folder.path)) kill(pid);
    });
    const run = folder.at('run');
    const events = async (): Promise<JournalEvent[]> => [
      ...parseJournal(await readFile(folder.at('run/journal.jsonl'), 'utf8')).events,
    ];
    const calls = async (): Promise<string[]> =>
      (await readFile(folder.at('calls'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    for (const name of ['run', 'tmp', 'dockerfiles']) await mkdir(folder.at(name), { recursive: true });
    vi.stubEnv('TMPDIR', folder.at('tmp'));
    await use({
      ...folder,
      run,
      events,
      calls,
      async carryOut(
        arms,
        { script = defaultScript, builder, plan, observer, rule, abort, readImage, patience: more, log } = {},
      ) {
        await folder.write('build.sh', `${script}\n`);
        const stopped = await carryOut(
          {
            plan: samplePlan({ arms: [...arms], builder: asked, ...plan }),
            builder: scriptedBuilder(folder, builder),
            directory: run,
            dockerfiles: folder.at('dockerfiles'),
            kept: (await readFolder(folder.at('dockerfiles'))).map(keptFile),
            env: process.env,
            log: log ?? pino({ level: 'silent' }),
            observer: { ...silent, ...observer },
            abort: abort ?? new AbortController().signal,
            patience: { ...patience, ...more },
            ...(readImage === undefined ? {} : { readImage }),
          },
          createRun(process.env),
          rule ?? (() => Promise.resolve(new Set())),
        );
        return {
          stopped,
          events: await events(),
          calls: await calls(),
          leftovers: await readdir(folder.at('tmp')),
        };
      },
    });
    vi.unstubAllEnvs();
  },
});

/** A build step of these lanes, with the tag `ARM-LANE-ITERATION:RUN` each. */
export function buildStep(lanes: readonly (string | PlannedLane)[], together = true): PlannedStep {
  return {
    step: 'build',
    together,
    lanes: lanes.map((lane) =>
      typeof lane === 'string'
        ? plannedLane(lane, { build: { ...plannedBuild, tags: ['{arm}-{lane}-{iteration}:{run}'] } })
        : lane,
    ),
  };
}

/** Only what an order of events is about: `iteration-finished main 2`. */
export function inShort(events: readonly JournalEvent[]): string[] {
  return events.map((event) =>
    'arm' in event ? `${event.event} ${event.arm} ${event.iteration}` : event.event,
  );
}

export function finishedOnes(
  events: readonly JournalEvent[],
): Extract<JournalEvent, { event: 'iteration-finished' }>[] {
  return events.flatMap((event) => (event.event === 'iteration-finished' ? [event] : []));
}
