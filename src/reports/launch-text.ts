import type { Plan, PlannedArm, PlannedLane } from '../scenario/plan.js';
import { counted } from './numbers.js';

/** Lanes of which a sentence tells. */
const maxLanes = 6;

/** Whether options, a sweep or a search gave the arm other delays than its scenario, which its title may tell of. */
export function hasOtherDelays({ window, again }: Plan, { point }: PlannedArm): boolean {
  return window !== null || point !== null || /(?:^|\s)--delay(?:=|\s|$)/.test(again);
}

/** When an arm launches its builds, one clause for each build step: `a first, b 29 ms later; then a and b together`. */
export function launchText({ steps }: PlannedArm): string {
  return steps
    .flatMap((step) => (step.step === 'build' ? [stepText(step.lanes, step.together)] : []))
    .join('; then ');
}

function stepText(lanes: readonly PlannedLane[], together: boolean): string {
  const shown = lanes.slice(0, maxLanes);
  const more =
    lanes.length > shown.length ? ` and ${counted(lanes.length - shown.length, 'more build')}` : '';
  if (lanes.length === 1) return `${shown[0]?.name} alone`;
  if (!together) return `${shown.map(({ name }) => name).join(', ')}${more} one at a time`;
  const firstMs = Math.min(...lanes.map(({ delayMs }) => delayMs));
  if (lanes.every(({ delayMs }) => delayMs === firstMs))
    return `${shown.map(({ name }) => name).join(', ')}${more} together`;
  const laterMs = (lane: PlannedLane): number => Number((lane.delayMs - firstMs).toFixed(3));
  const told = shown.map(
    (lane) => `${lane.name} ${laterMs(lane) === 0 ? 'first' : `${laterMs(lane)} ms later`}`,
  );
  return `${told.join(', ')}${more}`;
}
