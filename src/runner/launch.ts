import { performance } from 'node:perf_hooks';
import type { Command } from '../builders/builder.js';
import type { LaneRecord } from '../results/journal.js';
import type { PlannedLane } from '../scenario/plan.js';
import { keepAtLimit } from './at-limit.js';
import { GateError, openGate } from './gate.js';
import type { IterationOptions } from './iteration.js';
import { type Lane, type LaneEnd, startLane } from './lane.js';
import type { Setting } from './setting.js';
import { Silence } from './silence.js';

/** A lane that only has to be started. */
export interface PreparedLane {
  readonly lane: PlannedLane;
  readonly command: Command;
  readonly context: LaneRecord['context'];
}

type Place = Pick<IterationOptions, 'fifo' | 'folder' | 'builder' | 'daemon'> & { readonly setting: Setting };

/**
 * Brings the lanes to the gate, lets them go at one instant, and waits for all of them. Whatever goes wrong, none of
 * their processes is left.
 * @throws {GateError} when one could not be brought to the gate; {SilentBuilderError} when the builder does not answer
 * and none had reached it; the reason of an abort.
 */
export async function launch(group: readonly PreparedLane[], place: Place): Promise<LaneRecord[]> {
  const { abort, patience } = place.setting;
  const silence = new Silence(place.builder, patience);
  const lanes = group.map((prepared) => start(prepared, place, silence));
  const stopAll = () => Promise.all(lanes.map((lane) => lane.stop()));
  const onAbort = (): void => void stopAll();
  abort.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([letThrough(group, lanes, place, silence), silence.broken]);
  } catch (error) {
    await stopAll();
    await Promise.allSettled(lanes.map((lane) => lane.ended));
    throw error;
  } finally {
    silence.end();
    abort.removeEventListener('abort', onAbort);
  }
}

function start(
  { lane, command }: PreparedLane,
  { setting, fifo, folder, daemon }: Place,
  silence: Silence,
): Lane {
  return startLane({
    name: lane.name,
    command,
    env: setting.env,
    fifo,
    delayMs: lane.delayMs,
    folder,
    timeoutMs: Math.min(lane.cancelAfterMs ?? Number.POSITIVE_INFINITY, setting.plan.timeoutMs),
    maxLogBytes: setting.plan.maxLogBytes,
    ...(setting.patience === undefined ? {} : { patience: setting.patience }),
    ...(lane.cancelAfterMs !== null
      ? {}
      : { onTimeLimit: (ended) => keepAtLimit({ ...ended, name: lane.name, folder, daemon }) }),
    onOutput: (name, piece) => {
      silence.heard(name, piece);
      setting.observer.laneOutput(name, piece);
    },
  });
}

async function letThrough(
  group: readonly PreparedLane[],
  lanes: readonly Lane[],
  { setting, fifo }: Place,
  silence: Silence,
): Promise<LaneRecord[]> {
  const { abort, observer } = setting;
  const gate = await openGate(fifo, lanes);
  for (const lane of lanes) {
    lane.setOrigin(gate.openedAt);
    void lane.through.then(() => silence.begin());
    // Told by `ended` below where it fails.
    lane.ended.then(
      ({ exitCode }) => observer.laneEnded(lane.name, exitCode),
      () => undefined,
    );
  }
  await Promise.all(lanes.map((lane) => lane.through));
  gate.close();
  const ends = await Promise.all(lanes.map((lane) => lane.ended));
  abort.throwIfAborted();
  return group.map((prepared, i) => {
    const end = ends[i];
    if (end?.startedAt == null || end.startedAt < gate.openedAt) throw GateError.died(prepared.lane.name);
    return record(prepared, end, gate.openedAt);
  });
}

function record({ lane, command, context }: PreparedLane, end: LaneEnd, openedAt: number): LaneRecord {
  const since = (at: number | null): number | null => (at === null ? null : round(at - openedAt));
  return {
    lane: lane.name,
    command: [command.file, ...command.args],
    env: { ...command.env },
    delayMs: lane.delayMs,
    startMs: since(end.startedAt),
    endMs: since(end.endedAt),
    startedAt: end.startedAt === null ? null : new Date(performance.timeOrigin + end.startedAt).toISOString(),
    exitCode: end.exitCode,
    signal: end.signal,
    timedOut: end.timedOut,
    context,
    cancelled: lane.cancelAfterMs !== null,
    cuts: [...end.cuts],
    image: null,
  };
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000;
