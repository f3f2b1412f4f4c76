import { expect, test } from 'vitest';
import { builderCrashed } from '../../src/detectors/builder-crashed.js';
import { cacheMountLost } from '../../src/detectors/cache-mount-lost.js';
import { cacheMountShared } from '../../src/detectors/cache-mount-shared.js';
import { contentMismatch } from '../../src/detectors/content-mismatch.js';
import { contextFailed } from '../../src/detectors/context-failed.js';
import { copyFromEarly } from '../../src/detectors/copy-from-early.js';
import { copyFromFailed } from '../../src/detectors/copy-from-failed.js';
import type { Detector, LaneEvidence } from '../../src/detectors/detector.js';
import { outputLost } from '../../src/detectors/output-lost.js';
import { sourceLost } from '../../src/detectors/source-lost.js';
import { leftOutOfMiddle } from '../../src/progress/left-out.js';
import type { Step, Timeline } from '../../src/progress/timeline.js';
import { copyFrom, internal, iteration, lane, step, timeline } from './timelines.js';

interface Case {
  readonly detector: Detector;
  /** A log that shows nothing, and in whose gap what is looked for may have stood. */
  readonly sound: LaneEvidence;
  /** The same log where it is whole. */
  readonly whole: 'clean' | 'found';
  /** A log that shows it beside the gap; null: what is looked for is that something is missing. */
  readonly faulty: LaneEvidence | null;
  /** Other lanes of the iteration. */
  readonly beside?: readonly LaneEvidence[];
}

const error = { line: 90, text: 'ERROR: failed to solve: process "/bin/sh -c make" did not complete' };
const failed: Partial<Timeline> = { outcome: 'failed', error };
const failing = (more: Partial<Step> = {}) =>
  step(20, '[builder 2/2] RUN make', { status: 'error', error: 'exit code: 1', stage: 'builder', ...more });
const marked = (...texts: string[]) =>
  timeline([
    step(4, 'RUN look', { marks: texts.map((text, i) => ({ line: 5 + i, text: `buildrace: ${text}` })) }),
  ]);
const builder = step(4, '[builder 2/2] RUN make', { stage: 'builder' });
const copyThatFailed = copyFrom(20, 'builder', { status: 'error', error: 'not found' });
const context = { files: 2, sha256: 'aa'.repeat(32) };
const counted = (files: number) => `context files=${files} sha256=${'aa'.repeat(32)}`;
const twin = (more: Partial<Step>, rest: Partial<Timeline>) =>
  lane(timeline([failing(more)], { ...failed, ...rest }), { lane: 'b' });
const failedLane = (steps: readonly Step[], more: Partial<Timeline> = {}) =>
  lane(timeline(steps, { ...failed, ...more }));

const cases: readonly (readonly [string, Case])[] = [
  [
    'copy-from-early: another COPY',
    {
      detector: copyFromEarly,
      sound: failedLane([builder, failing({ line: 30, endLine: 31 })]),
      whole: 'clean',
      faulty: failedLane([{ ...builder, endLine: 25 }, copyThatFailed]),
    },
  ],
  [
    'copy-from-early: the end of its source',
    {
      detector: copyFromEarly,
      sound: failedLane([{ ...builder, status: 'unfinished', endLine: null }, copyThatFailed]),
      whole: 'found',
      faulty: failedLane([{ ...builder, status: 'cancelled' }, copyThatFailed]),
    },
  ],
  [
    'copy-from-failed: a COPY',
    {
      detector: copyFromFailed,
      sound: failedLane([builder, failing()]),
      whole: 'clean',
      faulty: failedLane([builder, copyThatFailed]),
    },
  ],
  [
    'context-failed: a transfer',
    {
      detector: contextFailed,
      sound: failedLane([internal(3, 'load build context'), failing()]),
      whole: 'clean',
      faulty: failedLane([internal(3, 'load build context', { status: 'error', error: 'EOF' })]),
    },
  ],
  [
    'source-lost: the source block',
    {
      detector: sourceLost,
      sound: failedLane([failing()]),
      whole: 'found',
      faulty: null,
      beside: [twin({}, { source: { line: 80, text: 'Dockerfile:6' } })],
    },
  ],
  [
    'output-lost: what the step printed',
    {
      detector: outputLost,
      sound: failedLane([failing()]),
      whole: 'found',
      faulty: null,
      beside: [twin({ outputLines: 3 }, {})],
    },
  ],
  [
    'content-mismatch: another count',
    {
      detector: contentMismatch,
      sound: lane(marked(counted(2)), { context }),
      whole: 'clean',
      faulty: lane(marked(counted(2), counted(1)), { context }),
    },
  ],
  [
    'cache-mount-lost: another marker',
    {
      detector: cacheMountLost,
      sound: lane(marked('cache-mount marker=a found=yes')),
      whole: 'clean',
      faulty: lane(marked('cache-mount marker=a found=yes', 'cache-mount marker=b found=no')),
    },
  ],
  [
    'cache-mount-shared: another mount',
    {
      detector: cacheMountShared,
      sound: lane(marked('cache-mount of=amd64 holds=amd64')),
      whole: 'clean',
      faulty: lane(marked('cache-mount of=amd64 holds=amd64', 'cache-mount of=amd64 holds=arm64')),
    },
  ],
  [
    'builder-crashed: a panic',
    {
      detector: builderCrashed,
      sound: failedLane([builder, failing()]),
      whole: 'clean',
      faulty: failedLane([builder], { trouble: [{ line: 50, text: 'panic: runtime error' }] }),
    },
  ],
];

const withGap = (of: LaneEvidence): LaneEvidence => ({
  ...of,
  timeline: { ...of.timeline, truncated: leftOutOfMiddle },
});

/** What is said of the first lane. */
function said(detector: Detector, first: LaneEvidence, beside: readonly LaneEvidence[] = []): string {
  const { findings, blind } = detector.detect(iteration([first, ...beside]));
  if (findings.some((one) => one.lane === first.lane)) return 'found';
  return blind.find((one) => one.lane === first.lane)?.reason ?? 'clean';
}

const cut = `the log was cut: ${leftOutOfMiddle}`;

test.each(cases)('%s may have stood where a part was left out', (_, { detector, sound, whole, beside }) => {
  expect(said(detector, sound, beside)).toBe(whole);
  expect(said(detector, withGap(sound), beside)).toBe(cut);
});

test.each(cases.filter(([, { faulty }]) => faulty !== null))(
  '%s that is there is found, whatever was left out',
  (_, { detector, faulty, sound }) => {
    expect(said(detector, withGap(faulty ?? sound))).toBe('found');
  },
);

test.each(cases.filter(([, { beside }]) => beside !== undefined))(
  '%s is missed in a whole log also where that of the build beside it has a gap',
  (_, { detector, sound, beside = [] }) => {
    expect(said(detector, sound, beside.map(withGap))).toBe('found');
  },
);

test.each(cases.filter(([, { whole }]) => whole === 'clean'))(
  '%s in a build that succeeded: its end hides nothing',
  (_, { detector, sound }) => {
    const succeeded = { ...withGap(sound), outcome: 'succeeded' as const };
    const told = said(detector, succeeded);
    // Marks are printed by builds that succeed, and every one of them counts.
    const byMarks = [contentMismatch, cacheMountLost, cacheMountShared].includes(detector);
    if (byMarks) expect(told).toBe(cut);
    else expect(told).not.toBe(cut);
  },
);
