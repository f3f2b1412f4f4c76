import * as z from 'zod';
import { nameSchema } from '../scenario/names.js';
import { schemaVersion } from '../scenario/plan.js';
import { machineSchema } from './environment.js';

/** What was left out of the middle of something that was printed. */
const gap = {
  /** Bytes of the stream that stand before the line that tells of the gap. */
  keptBytes: z.int().min(0),
  leftOutBytes: z.int().min(1),
  /** The line of the kept file that tells of the gap, from 1. */
  line: z.int().min(1),
};
/** Of a lane's stream, as its log grew beyond the plan's limit (`--max-log`). */
const cutSchema = z.object({ stream: z.enum(['stdout', 'stderr']), ...gap });
export type LogCut = z.infer<typeof cutSchema>;
const daemonLogCutSchema = z.object(gap);
export type DaemonLogCut = z.infer<typeof daemonLogCutSchema>;

const contextSchema = z.object({ files: z.number(), sha256: z.string() });

const laneRecordSchema = z.object({
  lane: nameSchema,
  /** Program and arguments. */
  command: z.array(z.string()),
  /** Variables that the builder added to the user's environment. */
  env: z.record(z.string(), z.string()),
  delayMs: z.number(),
  /** When the lane's program took over from the gate, in ms since the gate opened (or since the step began, alone). */
  startMs: z.number().nullable(),
  endMs: z.number().nullable(),
  /** ISO 8601 of `startMs`. */
  startedAt: z.string().nullable(),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  timedOut: z.boolean(),
  context: contextSchema.nullable(),
  /** It was to be ended while it ran, and counts nowhere. */
  cancelled: z.boolean().default(false),
  /** Streams that are not kept whole; mostly none. */
  cuts: z.array(cutSchema).default([]),
  /** The image that it pushed, as the registry has it. */
  image: z
    .object({ name: z.string(), digest: z.string(), configDigest: z.string() })
    .nullable()
    .default(null),
});
export type LaneRecord = z.infer<typeof laneRecordSchema>;

const cacheCheckSchema = z.object({
  folder: z.string(),
  lanes: z.array(nameSchema),
  manifests: z.number(),
  missing: z.array(z.object({ digest: z.string(), namedBy: z.string() })),
  problem: z.string().nullable(),
});
export type CacheCheckRecord = z.infer<typeof cacheCheckSchema>;

const base = { schemaVersion: z.literal(schemaVersion), at: z.string() };

const eventSchema = z.discriminatedUnion('event', [
  z.object({ ...base, event: z.literal('run-started') }),
  /** A run that had ended early goes on: its builder and machine were asked again, its daemons are new. */
  z.object({
    ...base,
    event: z.literal('run-resumed'),
    toolVersion: z.string(),
    /** Where it went on; not there in runs of old times. */
    machine: machineSchema.optional(),
    /** What is not as it was when the run began. */
    warnings: z.array(z.string()),
  }),
  z.object({
    ...base,
    event: z.literal('warm-up-finished'),
    dockerfile: z.string(),
    exitCode: z.number().nullable(),
    durationMs: z.number(),
    /** The last lines of what it printed, where it failed and was not meant to. */
    tail: z.string().nullable(),
  }),
  /** A private daemon no longer answered in the warm-up; one that an iteration kills is told of by that (`builderGone`). */
  z.object({ ...base, event: z.literal('daemon-restarted'), daemon: nameSchema, reason: z.string() }),
  z.object({ ...base, event: z.literal('iteration-started'), arm: nameSchema, iteration: z.int().min(1) }),
  z.object({
    ...base,
    event: z.literal('iteration-finished'),
    arm: nameSchema,
    /** From 1, within the arm. */
    iteration: z.int().min(1),
    lanes: z.array(laneRecordSchema),
    /** Why the iteration could not be carried out as planned, or null. */
    spoilt: z.string().nullable(),
    /** What was wrong with the builder after the lanes had ended, where one failed; null: it answered, or nothing failed. */
    builderGone: z.string().nullable(),
    cacheChecks: z.array(cacheCheckSchema).default([]),
    /** What of the private daemon's log of that time is not kept; null: it is whole, or there is none. */
    daemonLogCut: daemonLogCutSchema.nullable().default(null),
    load: z.number(),
  }),
  /** After its iterations, the builder was of other versions than the plan has; null: not known. */
  z.object({
    ...base,
    event: z.literal('builder-changed'),
    version: z.string().nullable(),
    daemonVersion: z.string().nullable(),
  }),
  /** The run is not one that was carried out, but parts of a plan that were joined. */
  z.object({
    ...base,
    event: z.literal('runs-merged'),
    /** Names of the parts' runs. */
    runs: z.array(z.string()),
    /** Iterations of the whole are of several machines, or of several builders; not there in runs of old times. */
    severalMachines: z.boolean().optional(),
    severalBuilders: z.boolean().optional(),
    /** What the reader has to know before believing the sum. */
    warnings: z.array(z.string()),
  }),
  z.object({ ...base, event: z.literal('run-stopped'), reason: z.string() }),
  z.object({ ...base, event: z.literal('run-finished') }),
]);
export type JournalEvent = z.infer<typeof eventSchema>;
export type IterationFinished = Extract<JournalEvent, { event: 'iteration-finished' }>;

/** An event without what the journal itself adds; distributes over the union. */
export type NewEvent<E extends JournalEvent = JournalEvent> = E extends JournalEvent
  ? Omit<E, 'schemaVersion' | 'at'>
  : never;

export interface Journal {
  readonly events: readonly JournalEvent[];
  /** Lines that could not be read: a cut last line after a crash, else damage. */
  readonly unreadable: readonly number[];
}

/** Reads a journal's text; what cannot be read is named by its line, from 1. */
export function parseJournal(text: string): Journal {
  const events: JournalEvent[] = [];
  const unreadable: number[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const event = parseLine(line);
    if (event) events.push(event);
    else unreadable.push(i + 1);
  });
  return { events, unreadable };
}

function parseLine(line: string): JournalEvent | null {
  try {
    return eventSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
