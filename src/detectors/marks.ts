import type { LogLine, Step, Timeline } from '../progress/timeline.js';
import { timeLimit, unrecognized, whyCut } from './blindness.js';
import type { IterationEvidence, LaneEvidence } from './detector.js';

/** A line by which a RUN step reports, taken apart. */
export interface Mark<Fields> {
  readonly step: Step;
  readonly line: LogLine;
  readonly fields: Fields;
}

/** What a step counted in the image that was being built. */
export interface FileCount {
  /** The place it speaks of: `builder`, `runtime`. */
  readonly name: string;
  readonly files: number;
  /** SHA-256 over the sorted lines of `sha256sum`, lower-case hex. */
  readonly sha256: string;
}

/** `buildrace: NAME files=N sha256=H`; `wc -l` of some systems pads its number with blanks. */
const filesPattern = /buildrace:\s+(\S+)\s+files=\s*(\d+)\s+sha256=([0-9a-f]{64})(?![0-9a-f])/i;

/** All marks of a build that speak of files. */
export function fileMarks(timeline: Timeline): readonly Mark<FileCount>[] {
  return marksOf(timeline.steps, filesPattern, ([name = '', files = '', sha256 = '']) => ({
    name,
    files: Number(files),
    sha256: sha256.toLowerCase(),
  }));
}

/** The marks that are of one form, in the order in which they were printed; other marks are not for this. */
export function marksOf<Fields>(
  steps: readonly Step[],
  pattern: RegExp,
  read: (groups: readonly string[]) => Fields,
): readonly Mark<Fields>[] {
  return steps.flatMap((step) =>
    step.marks.flatMap((line) => {
      const match = pattern.exec(line.text);
      return match === null ? [] : [{ step, line, fields: read(match.slice(1)) }];
    }),
  );
}

/**
 * Whether builds of this iteration report by marks that begin so: one was printed, or the command that would have
 * printed it stands in a step's name.
 */
export function speakOf({ lanes }: IterationEvidence, beginning: RegExp): boolean {
  return lanes.some(({ timeline }) =>
    timeline.steps.some(
      (step) => beginning.test(step.text) || step.marks.some((mark) => beginning.test(mark.text)),
    ),
  );
}

/** Why a build printed no mark of the wanted form; `what` it would have told: `what it counted`. */
export function whyNoMark(lane: LaneEvidence, what: string): string {
  const { timeline } = lane;
  if (lane.timedOut) return timeLimit;
  if (timeline.format === 'unknown') return unrecognized;
  if (lane.outcome === 'failed') return `the build failed before a step printed ${what}`;
  if (timeline.truncated !== null) return whyCut(timeline.truncated);
  if (timeline.format === 'tty') return 'terminal output does not keep what steps print';
  if (timeline.steps.some((step) => step.instruction === 'RUN' && step.status === 'cached')) {
    return `no step printed ${what}: RUN steps came from the cache`;
  }
  return `no step printed ${what}`;
}
