import type { LogLine, Timeline } from '../progress/timeline.js';
import type { FailureGroup } from '../results/result.js';
import { errorSignature } from './error-signature.js';

export { errorSignature } from './error-signature.js';

/** One failed build of a run, as far as its failure goes. */
export interface FailedBuild {
  readonly arm: string;
  /** From 1, within its arm. */
  readonly iteration: number;
  readonly lane: string;
  /** The log file, relative to the run directory, and the line there of a line of the timeline. */
  place(line: number): { readonly file: string; readonly line: number };
  readonly timeline: Timeline;
}

/** How many builds died of one error, and the first that did. */
interface Group {
  readonly example: FailureGroup['example'];
  readonly arms: Set<string>;
  builds: number;
}

/**
 * Counts failed builds by their errors' signatures. Of a build nothing is kept but, where it is the first of its kind,
 * the line that tells its error: a timeline can be as long as its log.
 */
export class FailureCounter {
  readonly groups = new Map<string, Group>();

  add({ arm, iteration, lane, place, timeline }: FailedBuild): void {
    const error = causeOf(timeline);
    const signature = errorSignature(error.text);
    const group = this.groups.get(signature);
    if (group === undefined) {
      const example = { arm, iteration, lane, ...place(error.line), text: error.text };
      this.groups.set(signature, { example, arms: new Set([arm]), builds: 1 });
      return;
    }
    group.builds++;
    group.arms.add(arm);
  }
}

/**
 * The groups of several counters in one list, the most frequent first, then by text. Each shows its first build: that of
 * the first counter that has any.
 */
export function groupFailures(counters: Iterable<FailureCounter>): FailureGroup[] {
  const joined = new Map<string, Group>();
  for (const [text, { example, arms, builds }] of [...counters].flatMap(({ groups }) => [...groups])) {
    const group = joined.get(text) ?? { example, arms: new Set<string>(), builds: 0 };
    group.builds += builds;
    for (const arm of arms) group.arms.add(arm);
    joined.set(text, group);
  }
  return [...joined]
    .map(([text, { example, arms, builds }]) => ({ text, builds, arms: [...arms], example }))
    .sort((a, b) => b.builds - a.builds || (a.text < b.text ? -1 : 1));
}

/**
 * The line that tells best what a build died of: its closing error, else the last vertex in error (an earlier one may
 * have been survived), else a line of trouble, else that there is none.
 */
function causeOf(timeline: Timeline): LogLine {
  if (timeline.error !== null) return timeline.error;
  const step = timeline.steps.findLast(({ status }) => status === 'error');
  if (step !== undefined) {
    return { line: step.endLine ?? step.line, text: step.error ?? `${step.text} failed without a text` };
  }
  return timeline.trouble[0] ?? { line: Math.max(timeline.lines, 1), text: 'the log names no error' };
}
