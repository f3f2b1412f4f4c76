import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Shard, Stopping, WindowSearch } from '../scenario/plan.js';
import type { Signal } from '../signals.js';
import { toolVersion } from '../version.js';
import type { ComparedSide } from './comparison.js';
import type { ArmResult, EnvironmentSummary, Role, RunResult } from './result.js';

/** What a run's result and a stored baseline both give: all that one needs to be held against another. */
export interface Comparable extends ComparedSide {
  readonly scenario: string;
  readonly contentSha256: string;
  /** Where it began; of the first part, where parts were joined. */
  readonly machine: Machine;
  /** Its iterations ran on different machines, or versions of the builder: its rates are of none of them. */
  readonly ofSeveralMachines: boolean;
  readonly ofSeveralBuilders: boolean;
  readonly stopping: Stopping;
  /** Of a search for an offset; null: it is none. */
  readonly phase: WindowSearch['phase'] | null;
  /** The part of a plan that it is; null: all of it. */
  readonly shard: Shard | null;
  /** Why the plan was not carried out to its end, or null. */
  readonly stopped: string | null;
  /** Version of the tool whose detectors counted; a run may have been made by an older one. */
  readonly countedBy: string;
  readonly arms: readonly ComparableArm[];
}

/** What rates hang on besides the builder. */
export type Machine = Pick<EnvironmentSummary, 'os' | 'kernel' | 'arch' | 'host' | 'cpus' | 'cpuModel'>;

export interface ComparableArm {
  readonly name: string;
  readonly role: Role;
  readonly of: string | null;
  /** Which point of a sweep it is: names of two points may be alike. Null: none, or not recorded. */
  readonly point: ArmResult['point'];
  readonly skipped: string | null;
  /** Valid iterations. */
  readonly valid: number;
  /** What an iteration does, in order, and the delay of each lane: the command line may change both. */
  readonly steps: readonly string[];
  readonly delaysMs: readonly number[];
  readonly signals: readonly {
    readonly signal: Signal;
    readonly expected: boolean;
    readonly count: number;
    readonly of: number;
  }[];
}

/** A result as one side of a comparison. */
export function comparableOf(result: RunResult): Comparable {
  const { kind, name, version, daemonVersion, simulated } = result.builder;
  const { os, kernel, arch, host, cpus, cpuModel } = result.environment;
  return {
    name: path.basename(result.directory),
    file: result.directory,
    isBaseline: false,
    scenario: result.scenario,
    contentSha256: result.contentSha256,
    // The storage root of a builder without a daemon is a place, and may be in somebody's home: no name to keep.
    builder: { kind, name: name?.startsWith('/') ? null : name, version, daemonVersion, simulated },
    machine: { os, kernel, arch, host, cpus, cpuModel },
    ofSeveralMachines: result.severalMachines ?? false,
    ofSeveralBuilders: result.severalBuilders ?? false,
    startedAt: result.startedAt,
    stopping: result.stopping,
    phase: result.window?.phase ?? null,
    shard: result.shard,
    stopped: result.stopped,
    countedBy: toolVersion,
    arms: result.arms.map(({ name, role, of, point, skipped, iterations, steps, lanes, signals }) => ({
      ...{ name, role, of, point, skipped, steps },
      valid: iterations.valid,
      delaysMs: lanes.delaysMs,
      signals: signals.map(({ signal, expected, iterations: { count, of } }) => ({
        ...{ signal, expected, count, of },
      })),
    })),
  };
}

/** The machine as file names and reports have it: `linux-x64`. */
export function platformOf({ os, arch }: Machine): string {
  return `${os.split(' ')[0]?.toLowerCase()}-${arch}`;
}

/** Whether what was seen decided how many iterations there are: such counts are no fair sample of a rate. */
export function isStoppedBySight({ rule }: Stopping): boolean {
  return rule !== 'fixed';
}

/** Whether two arms, of two runs, are one. */
export function isSameArm(one: ArmIdentity, other: ArmIdentity): boolean {
  if (one.point === null || other.point === null) return one.name === other.name;
  return isDeepStrictEqual(one.point, other.point);
}

type ArmIdentity = Pick<ComparableArm, 'name' | 'point'>;
