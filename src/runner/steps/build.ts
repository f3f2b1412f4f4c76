import type { PlannedLane } from '../../scenario/plan.js';
import { launch, type PreparedLane } from '../launch.js';
import { buildRequest } from './build-request.js';
import type { IterationState, StepAction } from './step.js';

/** Launches the lanes at one instant, or one after the other where the arm says alone. */
export const build: StepAction<'build'> = async (step, state) => {
  const lanes = step.lanes.map((lane) => prepare(lane, state));
  state.onImages?.();
  const groups = step.together ? [lanes] : lanes.map((lane) => [lane]);
  for (const group of groups) {
    state.setting.abort.throwIfAborted();
    state.lanes.push(...(await launch(group, state)));
  }
};

function prepare(lane: PlannedLane, state: IterationState): PreparedLane {
  const request = buildRequest(lane, state);
  for (const tag of request.tags) state.tags.add(tag);
  const made = lane.build.context === null ? undefined : state.contexts.get(lane.build.context);
  return {
    lane,
    command: state.builder.build(request),
    context: made?.forLane(lane.name).facts ?? null,
  };
}
