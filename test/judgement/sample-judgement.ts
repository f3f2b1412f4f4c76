import type { LaneEvidence } from '../../src/detectors/detector.js';
import type { ReadIteration, ReadLane } from '../../src/judgement/evidence.js';
import { JoinedStreams } from '../../src/judgement/joined-streams.js';
import type { Judgement, Sight } from '../../src/judgement/judge.js';
import type { Tally } from '../../src/judgement/tally.js';
import type { ArmCounts } from '../../src/judgement/verdict.js';
import type { Timeline } from '../../src/progress/timeline.js';
import type { IterationFinished, LaneRecord } from '../../src/results/journal.js';
import type { Signal } from '../../src/signals.js';
import { step, timeline } from '../detectors/timelines.js';
import { iterationFinished, laneRecord } from '../results/sample-run.js';

/** A build of two steps that both are done. */
export const built: Timeline = timeline([
  step(1, 'FROM alpine', { instruction: 'FROM' }),
  step(3, 'RUN make'),
]);

/** One that ended in an error of its second step. */
export function failedWith(error: string, more: Parameters<typeof step>[2] = {}): Timeline {
  return timeline(
    [
      step(1, 'FROM alpine', { instruction: 'FROM' }),
      step(3, 'RUN make', { status: 'error', error, ...more }),
    ],
    { outcome: 'failed', error: { line: 9, text: `error: failed to solve: ${error}` } },
  );
}

/** A lane as it was read: its log is `LANE.stderr`. */
export function readLane(lane: string, of: Timeline = built, more: Partial<LaneRecord> = {}): ReadLane {
  const record = laneRecord(lane, { exitCode: of.outcome === 'failed' ? 1 : 0, ...more });
  const evidence: LaneEvidence = {
    lane,
    timeline: of,
    outcome: record.exitCode === 0 ? 'succeeded' : 'failed',
    exitCode: record.exitCode,
    timedOut: record.timedOut,
    context: record.context,
    step: 0,
    mustBeCached: [],
    mustRunOnce: [],
    image: null,
  };
  const log = new JoinedStreams('nowhere', [`${lane}.stderr`]);
  return { record, evidence, kept: null, tail: '', place: (line) => ({ file: `${lane}.stderr`, line }), log };
}

export function readIteration(
  lanes: readonly ReadLane[],
  more: Partial<IterationFinished> = {},
): ReadIteration {
  const event = iterationFinished({ lanes: lanes.map(({ record }) => record), ...more });
  return {
    event,
    lanes,
    evidence: {
      lanes: lanes.map(({ evidence }) => evidence),
      builderGone: event.builderGone,
      cacheChecks: [],
      daemonLog: null,
      daemonLogHidden: null,
    },
  };
}

/** What a detector saw: lanes with a finding, and lanes that it could not look at. */
export function sight(
  signal: Signal,
  found: readonly string[],
  blind: Readonly<Record<string, string>> = {},
): Sight {
  return {
    signal,
    findings: found.map((lane) => ({
      signal,
      lane,
      message: `seen in ${lane}`,
      evidence: [{ line: 3, text: 'RUN make' }],
    })),
    blind: new Map(Object.entries(blind)),
  };
}

export function judgement(sights: readonly Sight[], more: Partial<Judgement> = {}): Judgement {
  return { read: readIteration([readLane('a'), readLane('b')]), invalid: null, sights, ...more };
}

/** k of n iterations of one signal. */
export function tally(signal: Signal, count: number, of: number, blind = 0): Tally {
  return {
    signal,
    iterations: { count, of, blind },
    builds: { count, of: 2 * of },
    course: '1'.repeat(count) + '0'.repeat(of - count) + '-'.repeat(blind),
    blindReasons: [],
    examples: [],
  };
}

/** A reproduce arm that expects drift, five iterations planned and all of them valid. */
export function armCounts(more: Partial<ArmCounts> & Pick<ArmCounts, 'tallies'>): ArmCounts {
  return {
    name: 'main',
    role: 'reproduce',
    of: null,
    expects: ['platform-drift'],
    concurrent: true,
    planned: 5,
    valid: 5,
    ...more,
  };
}
