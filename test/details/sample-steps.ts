import type { Step, Timeline } from '../../src/progress/timeline.js';
import { parseVertexName } from '../../src/progress/vertex-name.js';

/** A step as a log's reader makes it of a vertex of that name. */
export function step(index: number, name: string, more: Partial<Step> = {}): Step {
  return {
    index,
    name,
    ...parseVertexName(name),
    status: 'done',
    error: null,
    line: index * 10,
    endLine: index * 10 + 5,
    digest: null,
    inputs: [],
    startedAt: null,
    completedAt: null,
    durationMs: null,
    outputLines: 0,
    fetched: false,
    marks: [],
    ...more,
  };
}

export function timelineOf(steps: readonly Step[], more: Partial<Timeline> = {}): Timeline {
  return {
    format: 'plain',
    truncated: null,
    lines: 1_000,
    bytes: 10_000,
    steps,
    error: null,
    source: null,
    trouble: [],
    outcome: 'succeeded',
    ...more,
  };
}
