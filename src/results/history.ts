import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { schemaVersion } from '../scenario/plan.js';
import { layout } from './layout.js';
import type { Verdict } from './result.js';
import { runFolders } from './run-folders.js';

/** `history --json`. */
export interface History {
  readonly schemaVersion: 1;
  /** Newest last. */
  readonly runs: readonly HistoryRun[];
  readonly series: readonly HistorySeries[];
}

export interface HistoryRun {
  /** Its directory's name. */
  readonly run: string;
  /** `unfinished`: it has no result. `unreadable`: its result is damaged, or a newer version's. */
  readonly state: 'finished' | 'unfinished' | 'unreadable';
  /** Null where neither result nor plan tell. */
  readonly scenario: string | null;
  readonly builder: HistoryBuilder | null;
  readonly startedAt: string | null;
  readonly verdict: Verdict | null;
  /** Why it ended early, or null. */
  readonly stopped: string | null;
  /** The part of a plan that it is, `2/8`; parts are no points of a series, merged they are. */
  readonly part: string | null;
  /** Why a finished run is no point of a series, or null. */
  readonly leftOut:
    | 'part'
    | 'stopped-at-first-sight'
    | 'search'
    | 'several-machines'
    | 'several-builders'
    | null;
}

export interface HistoryBuilder {
  readonly kind: string;
  readonly version: string | null;
  readonly daemonVersion: string | null;
  readonly simulated: boolean;
}

/** How often a signal showed over time, in runs that are alike, and on one machine, but for their time and the builder's version. */
export interface HistorySeries {
  readonly scenario: string;
  /** The builder's kind. */
  readonly builder: string;
  readonly simulated: boolean;
  readonly arm: string;
  readonly signal: string;
  readonly setup: HistorySetup;
  readonly points: readonly {
    readonly run: string;
    readonly startedAt: string;
    readonly version: string | null;
    readonly daemonVersion: string | null;
    /** Iterations in which it was seen, of those valid and not blind. */
    readonly count: number;
    readonly of: number;
  }[];
}

/** What else a rate hangs on; null where a result does not tell. */
export interface HistorySetup {
  /** A simulated builder's name, which is how it behaves; null for others. */
  readonly builderName: string | null;
  readonly lanes: number | null;
  /** Delay of each lane after the gate; empty where no lane has one. */
  readonly delaysMs: readonly number[];
  /** `verdict`: a sequential test ended the runs, so that k of n leans away from the middle. */
  readonly stopping: 'fixed' | 'verdict';
  readonly contentSha256: string | null;
  readonly machine: HistoryMachine;
}

/** What two machines differ by. */
export interface HistoryMachine {
  readonly os: string | null;
  readonly kernel: string | null;
  readonly arch: string | null;
  readonly host: string | null;
  readonly cpus: number | null;
  readonly cpuModel: string | null;
}

export interface HistoryFilter {
  readonly scenario: string | null;
  /** The builder's kind. */
  readonly builder: string | null;
  /** The newest so many; null: all. */
  readonly limit: number | null;
}

const text = z.string().nullable().default(null);
const builderSchema = z.object({
  kind: z.string(),
  version: text,
  daemonVersion: text,
  simulated: z.boolean(),
});
const machineSchema = z.object({
  ...{ os: text, kernel: text, arch: text, host: text, cpuModel: text },
  cpus: z.number().nullable().default(null),
});
const unknownMachine = machineSchema.parse({});
/** What a history needs of a result, whoever wrote the rest. */
const resultSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  scenario: z.string(),
  contentSha256: text,
  builder: builderSchema.extend({ name: text }),
  environment: machineSchema.default(unknownMachine),
  startedAt: z.string(),
  verdict: z.enum(['reproduced', 'inconclusive', 'not-reproduced']).nullable(),
  stopped: text,
  shard: z.object({ index: z.int(), of: z.int() }).nullable().default(null),
  stopping: z.object({ rule: z.enum(['fixed', 'first', 'verdict']) }).default({ rule: 'fixed' }),
  window: z.object({ phase: z.string() }).nullable().default(null),
  severalMachines: z.boolean().default(false),
  severalBuilders: z.boolean().default(false),
  arms: z.array(
    z.object({
      name: z.string(),
      role: z.string(),
      lanes: z
        .object({ count: z.int(), delaysMs: z.array(z.number()).default([]) })
        .nullable()
        .default(null),
      signals: z.array(
        z.object({
          signal: z.string(),
          expected: z.boolean(),
          iterations: z.object({ count: z.int().min(0), of: z.int().min(0) }),
        }),
      ),
    }),
  ),
});
type KeptResult = z.infer<typeof resultSchema>;
const planSchema = z.object({
  createdAt: z.string(),
  scenario: z.object({ name: z.string() }),
  builder: builderSchema,
});

interface ReadRun {
  readonly run: HistoryRun;
  readonly result: KeptResult | null;
}

/** Files read at one time. */
const atOnce = 32;
/** A result is some 100 kB; what is far beyond is none of ours. */
const maxBytes = 64 * 1024 * 1024;

/**
 * What the runs of a results folder said, by their `result.json`. A run without one, or with a damaged one, is listed as
 * that.
 * @throws {UserError} when the folder cannot be read.
 */
export async function readHistory(results: string, filter: HistoryFilter): Promise<History> {
  const names = await runFolders(results);
  const limit = filter.limit ?? names.length;
  const kept: ReadRun[] = [];
  // From the newest on, so that nothing is read that is not shown.
  for (let end = names.length; end > 0 && kept.length < limit; end -= atOnce) {
    const some = await Promise.all(
      names.slice(Math.max(0, end - atOnce), end).map((name) => readOne(results, name)),
    );
    // Null: it was removed since its name was read.
    kept.unshift(...some.filter((one) => one !== null).filter(({ run }) => isAskedFor(run, filter)));
  }
  const runs = kept.slice(Math.max(0, kept.length - limit)).toSorted(byStart);
  return { schemaVersion: 1, runs: runs.map(({ run }) => run), series: seriesOf(runs) };
}

function isAskedFor(run: HistoryRun, { scenario, builder }: HistoryFilter): boolean {
  return (
    (scenario === null || run.scenario === scenario) && (builder === null || run.builder?.kind === builder)
  );
}

/** By the start as the runs tell it; names that begin with a time stand for those that tell none. */
function byStart(a: ReadRun, b: ReadRun): number {
  const key = ({ run }: ReadRun): string => run.startedAt ?? run.run;
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}

async function readOne(results: string, name: string): Promise<ReadRun | null> {
  const file = path.join(results, name, layout.result);
  const value = await readJson(file);
  const parsed = resultSchema.safeParse(value);
  if (!parsed.success) {
    const state = value === undefined ? 'unfinished' : 'unreadable';
    const plan = await readJson(path.join(results, name, layout.plan));
    if (value === undefined && plan === undefined) return null;
    return { run: { run: name, state, ...ofPlan(plan) }, result: null };
  }
  const { scenario, startedAt, verdict, stopped, shard } = parsed.data;
  const { name: _, ...builder } = parsed.data.builder;
  const part = shard === null ? null : `${shard.index}/${shard.of}`;
  return {
    run: {
      ...{ run: name, state: 'finished', scenario, builder, startedAt, verdict, stopped, part },
      leftOut: whyLeftOut(parsed.data),
    },
    result: parsed.data,
  };
}

/**
 * What a run stopped at its first sight shows is no rate, nor are the points of a search, the best of which was picked. A
 * rate over two machines, or two builders, is of neither.
 */
function whyLeftOut(result: KeptResult): HistoryRun['leftOut'] {
  const { shard, stopping, window, severalMachines, severalBuilders } = result;
  if (shard !== null) return 'part';
  if (window?.phase === 'search') return 'search';
  if (stopping.rule === 'first') return 'stopped-at-first-sight';
  if (severalMachines) return 'several-machines';
  return severalBuilders ? 'several-builders' : null;
}

/** What a run without a readable result set out to do. */
function ofPlan(plan: unknown): Omit<HistoryRun, 'run' | 'state'> {
  const parsed = planSchema.safeParse(plan);
  const { createdAt, scenario, builder } = parsed.data ?? {};
  return {
    scenario: scenario?.name ?? null,
    builder: builder ?? null,
    startedAt: createdAt ?? null,
    verdict: null,
    stopped: null,
    part: null,
    leftOut: null,
  };
}

/** Undefined where there is no such file, null where it is no JSON, or no file to read. */
async function readJson(file: string): Promise<unknown> {
  const found = await lstat(file).catch(() => null);
  if (found === null) return undefined;
  // Neither a pipe, which would keep it waiting, nor a link that leads elsewhere.
  if (!found.isFile() || found.size > maxBytes) return null;
  try {
    return JSON.parse(await readFile(file, 'utf8')) ?? null;
  } catch {
    return null;
  }
}

/** Of the signals that an arm expects, and those that a reproduce arm ever showed. */
function seriesOf(runs: readonly ReadRun[]): HistorySeries[] {
  const all = new Map<string, { readonly series: HistorySeries; isShown: boolean }>();
  for (const { run, result } of runs) {
    if (result === null || run.leftOut !== null) continue;
    const { scenario, builder, startedAt } = result;
    const { kind, simulated, version, daemonVersion } = builder;
    for (const arm of result.arms) {
      for (const { signal, expected, iterations } of arm.signals) {
        const setup = setupOf(result, arm);
        const key = JSON.stringify([scenario, kind, simulated, arm.name, signal, setup]);
        const series = { scenario, builder: kind, simulated, arm: arm.name, signal, setup, points: [] };
        const one = all.get(key) ?? { series, isShown: false };
        all.set(key, one);
        const { count, of } = iterations;
        (one.series.points as HistorySeries['points'][number][]).push({
          ...{ run: run.run, startedAt, version, daemonVersion, count, of },
        });
        one.isShown ||= expected || (arm.role === 'reproduce' && count > 0);
      }
    }
  }
  return [...all.values()].filter(({ isShown }) => isShown).map(({ series }) => series);
}

function setupOf(
  { builder, contentSha256, stopping, environment: machine }: KeptResult,
  { lanes }: KeptResult['arms'][number],
): HistorySetup {
  const delaysMs = lanes?.delaysMs ?? [];
  return {
    builderName: builder.simulated ? builder.name : null,
    lanes: lanes?.count ?? null,
    delaysMs: delaysMs.some((ms) => ms > 0) ? delaysMs : [],
    stopping: stopping.rule === 'verdict' ? 'verdict' : 'fixed',
    contentSha256,
    machine,
  };
}
