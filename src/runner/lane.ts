import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';
import type { Command } from '../builders/builder.js';
import { closeMark, makeMark } from '../processes/mark.js';
import type { Ended } from '../processes/terminate.js';
import type { LogCut } from '../results/journal.js';
import { captureStream, type KeptCapture } from './capture.js';
import { deadLane } from './dead-lane.js';
import { drain } from './drain.js';
import type { Waiting } from './gate.js';
import { type GateWatch, watchGate } from './gate-watch.js';
import { exitOf, type GatedProcess, spawnAtGate } from './gated-process.js';
import { LogRoom } from './log-room.js';
import { type Patience, usualPatience } from './patience.js';
import { Termination } from './termination.js';
import { TimeLimit } from './time-limit.js';

export interface LaneOptions {
  readonly name: string;
  readonly command: Command;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly fifo: string;
  readonly delayMs: number;
  /** Folder for `LANE.stdout` and `LANE.stderr`. */
  readonly folder: string;
  /** Counts from the instant at which the command took over. */
  readonly timeoutMs: number;
  /** Bytes that are kept of both streams together; null: all. */
  readonly maxLogBytes: number | null;
  readonly patience?: Patience;
  /** Called when the time is over, before anything is ended; it must not fail. */
  readonly onTimeLimit?: (lane: Ended) => Promise<void>;
  readonly onOutput?: (lane: string, piece: Buffer) => void;
}

/** How one lane ended; times are of `performance.now()`, null where it never came that far. */
export interface LaneEnd {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** What was left out of its streams. */
  readonly cuts: readonly LogCut[];
}

/** A lane whose process waits at the gate, or runs. */
export interface Lane extends Waiting {
  /** Settles when the lane went through the gate and its delay, or died. */
  readonly through: Promise<void>;
  /** Rejects when its logs cannot be written. */
  readonly ended: Promise<LaneEnd>;
  /** The instant from which arrival times of its output count. */
  setOrigin(originMs: number): void;
  /** Ends its whole process group; resolves when nothing of it is left, or it was killed. */
  stop(): Promise<void>;
}

/** Starts the process of a lane: it has a group of its own, an empty standard input, and waits at the gate. */
export function startLane(options: LaneOptions): Lane {
  const { name, patience = usualPatience } = options;
  const mark = makeMark(path.dirname(options.fifo));
  const child = spawnAtGate(options, mark);
  closeMark(mark);
  if (child.pid === undefined) return deadLane(name, child);
  const lane = { leader: child.pid, mark: mark?.file ?? null };
  const termination = new Termination(lane, patience.graceMs);
  const clock = { origin: performance.now() };
  const gate = watchGate(child.stdio[3] as unknown as Readable, name);
  const ended = followToEnd(child, options, { lane, gate, termination, clock, patience }).finally(() =>
    termination.finish(),
  );
  // Whoever waits for it sees the rejection.
  ended.catch(() => undefined);
  return {
    name,
    pid: child.pid,
    ready: gate.ready,
    through: gate.through,
    hasLeft: gate.hasLeft,
    ended,
    setOrigin: (originMs) => {
      clock.origin = originMs;
    },
    stop: () => termination.start(),
  };
}

interface Follower {
  readonly lane: Ended;
  readonly gate: GateWatch;
  readonly termination: Termination;
  readonly clock: { readonly origin: number };
  readonly patience: Patience;
}

async function followToEnd(
  child: GatedProcess,
  options: LaneOptions,
  { lane, gate, termination, clock, patience }: Follower,
): Promise<LaneEnd> {
  const exit = exitOf(child);
  const room = new LogRoom(options.maxLogBytes);
  const outputs = captureOutputs(child, options, () => clock.origin, room);
  const limit = new TimeLimit();
  await gate.through;
  let atLimit = Promise.resolve();
  limit.start(options.timeoutMs, () => {
    atLimit = endAtLimit(child, lane, options, termination);
  });
  const { code, signal, at } = await exit;
  limit.cancel();
  // What is kept of a lane at its limit is whole before the iteration is, also where it then ended by itself. Where its end
  // is asked for meanwhile nothing counts any more, and a daemon that hangs is not waited for.
  await Promise.race([atLimit, termination.asked]);
  // Where the group was told to end, its last process is waited for: it would disturb the next iteration.
  await termination.settled();
  const cuts = await drain(outputs, patience.drainMs)
    .then(() => joinLogs(outputs, room))
    .catch((error: unknown) => {
      for (const { discard } of outputs) discard();
      throw error;
    });
  const startedAt = gate.startedAt();
  // Of a lane that was over at once, the end may be heard of before the start.
  const endedAt = Math.max(at, startedAt ?? at);
  return { startedAt, endedAt, exitCode: code, signal, timedOut: limit.ranOut, cuts };
}

async function endAtLimit(
  child: GatedProcess,
  lane: Ended,
  { onTimeLimit }: LaneOptions,
  termination: Termination,
): Promise<void> {
  await onTimeLimit?.(lane);
  // What ended by itself meanwhile leaves what it likes.
  if (child.exitCode === null && child.signalCode === null) await termination.start();
}

const streams = ['stdout', 'stderr'] as const;

function captureOutputs(
  child: GatedProcess,
  options: LaneOptions,
  originMs: () => number,
  room: LogRoom,
): KeptCapture[] {
  return streams.map((stream) =>
    captureStream(
      child[stream] as Readable,
      path.join(options.folder, `${options.name}.${stream}`),
      originMs,
      (piece) => options.onOutput?.(options.name, piece),
      room,
    ),
  );
}

/** One after the other, so that what both take on the disk meanwhile stays bounded. */
async function joinLogs(outputs: readonly KeptCapture[], room: LogRoom): Promise<LogCut[]> {
  const shares = room.shareTail(outputs.map((output) => output.behindHead()));
  const cuts: LogCut[] = [];
  for (const [i, stream] of streams.entries()) {
    const gap = (await outputs[i]?.join(shares[i] ?? 0)) ?? null;
    if (gap === null) continue;
    const { keptBytes, leftOutBytes, line } = gap;
    cuts.push({ stream, keptBytes, leftOutBytes, line });
  }
  return cuts;
}
