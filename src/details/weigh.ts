import type { ArmResult, SignalResult } from '../results/result.js';
import type { Signal } from '../signals.js';

/** How much a fault that an arm expects is worth showing: the least comes first. */
export type Weigh = (arm: string, signal: Signal) => number;

/**
 * What a report shows first where a run shows several faults: one that a clean control ties to its cause before one that
 * has no control; of these a race before what builds alone show as well; then in the order of the plan. Apple's
 * builder spells platforms in two ways in every build, and loses files in one of eight: the report is about the files.
 */
export function weighing(arms: readonly ArmResult[]): Weigh {
  const places = new Map(arms.map((arm, at) => [arm.name, { arm, at }]));
  return (name, signal) => {
    const place = places.get(name);
    const at = place?.arm.signals.findIndex((one) => one.signal === signal) ?? -1;
    const found = place?.arm.signals[at];
    if (place === undefined || found === undefined) return Number.MAX_SAFE_INTEGER;
    return classOf(found) * 1e9 + place.at * 1e3 + at;
  };
}

function classOf({ controlDirty, needsConcurrency: { answer } }: SignalResult): number {
  if (controlDirty === true) return 6;
  const byControl = controlDirty === false ? 0 : 3;
  if (answer === 'yes') return byControl;
  return answer === 'no' ? byControl + 2 : byControl + 1;
}
