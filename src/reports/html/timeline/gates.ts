import type { LaneDetail } from '../../../results/detail.js';

/** Lanes that follow each other and were let go together, or one that was let go alone. */
export interface GateGroup {
  /** Build step of the arm, from 0. */
  readonly step: number;
  readonly lanes: readonly LaneDetail[];
  /** When the gate opened, in ms on the iteration's clock; null: none of the lanes started. */
  readonly openedMs: number | null;
}

/** Starts are recorded to the millisecond, so that lanes of one gate may tell of instants that differ by so many ms. */
const sameGate = 5;

/** When the lane was let go, its delay not counted, in ms on the iteration's clock. */
export function gateOf({ startMs, record }: LaneDetail): number | null {
  return startMs === null || record.startMs === null ? null : startMs - record.startMs;
}

/** The lanes in their order, in groups; a lane that never started stays with those of its step. */
export function gateGroups(lanes: readonly LaneDetail[]): GateGroup[] {
  const groups: { step: number; lanes: LaneDetail[]; openedMs: number | null }[] = [];
  for (const lane of lanes) {
    const gate = gateOf(lane);
    const last = groups.at(-1);
    const isSame =
      last !== undefined &&
      last.step === lane.step &&
      (gate === null || last.openedMs === null || Math.abs(gate - last.openedMs) <= sameGate);
    if (isSame) {
      last.lanes.push(lane);
      last.openedMs ??= gate;
    } else groups.push({ step: lane.step, lanes: [lane], openedMs: gate });
  }
  return groups;
}
