import { describe, expect, test } from 'vitest';
import { buildFailed } from '../../src/detectors/build-failed.js';
import { builderCrashed } from '../../src/detectors/builder-crashed.js';
import { transientError } from '../../src/detectors/transient-error.js';
import { internal, iteration, lane, line, step, timeline, verdictOn, wordFor } from './timelines.js';

const inError = step(5, 'RUN false', { status: 'error', error: 'exit code: 1' });

describe('build-failed', () => {
  test.each([
    ['succeeded', 'clean'],
    ['failed', 'found'],
    ['unknown', 'blind: the log does not say how the build ended'],
  ] as const)('%s', (outcome, expected) => {
    expect(verdictOn(buildFailed, timeline([inError], { outcome }))).toBe(expected);
  });

  test('the journal counts for more than the log', () => {
    expect(verdictOn(buildFailed, lane(timeline([], { outcome: 'unknown' }), { outcome: 'failed' }))).toBe(
      'found',
    );
    expect(
      verdictOn(buildFailed, lane(timeline([inError], { outcome: 'failed' }), { outcome: 'succeeded' })),
    ).toBe('clean');
    const unsure = lane(timeline([inError], { outcome: 'failed' }), { outcome: 'unknown' });
    expect(verdictOn(buildFailed, unsure)).toBe('blind: the log does not say how the build ended');
    expect(
      verdictOn(buildFailed, lane(timeline([step(1, 'RUN true')]), { outcome: 'failed', exitCode: 1 })),
    ).toBe('found');
  });

  test.each([
    ['the build failed: error: failed to solve: x', { error: line(9, 'error: failed to solve: x') }, {}],
    ['the build failed: exit code: 1', {}, {}],
    ['the build failed with exit code 7', { steps: [] }, { exitCode: 7 }],
  ])('%s', (message, log, more) => {
    const failed = timeline([inError], { outcome: 'failed', ...log });
    expect(buildFailed.detect(iteration([lane(failed, more)])).findings[0]?.message).toBe(message);
  });

  test('why nobody knows', () => {
    expect(verdictOn(buildFailed, timeline([], { outcome: 'unknown', truncated: 'no end' }))).toBe(
      'blind: the log was cut: no end',
    );
    const nothing = timeline([], { outcome: 'unknown', format: 'unknown' });
    expect(verdictOn(buildFailed, nothing)).toBe("blind: no builder's output was recognized in the log");
  });
});

describe('transient-error', () => {
  test.each([
    ['an error that was survived', timeline([inError]), 'found'],
    ['a step that was cancelled', timeline([step(1, 'RUN x', { status: 'cancelled' })]), 'clean'],
    ['a build that failed', timeline([inError], { outcome: 'failed' }), 'clean'],
    ['no error', timeline([step(1, 'RUN true')]), 'clean'],
    [
      'an unknown end',
      timeline([inError], { outcome: 'unknown' }),
      'blind: the log does not say whether the build survived its error',
    ],
    ['a cut log', timeline([step(1, 'RUN x')], { truncated: 'no end' }), 'blind: the log was cut: no end'],
    [
      'an unknown format',
      timeline([], { format: 'unknown' }),
      "blind: no builder's output was recognized in the log",
    ],
  ])('%s', (_, log, expected) => {
    expect(verdictOn(transientError, log)).toBe(expected);
  });
});

describe('builder-crashed', () => {
  const steps = [
    internal(1, 'load build definition'),
    step(5, 'RUN make', { status: 'unfinished', endLine: null }),
  ];
  const failed = { outcome: 'failed' } as const;

  test.each([
    'panic: runtime error: index out of range [81] with length 81',
    'fatal error: concurrent map writes',
    'rpc error: code = Unavailable desc = error reading from server: EOF',
    'Error: unavailable: "Transport is closing"',
    'Error: XPC connection error: Connection invalid',
    'error: failed to solve: EOF',
    'ERROR: failed to receive status: rpc error: code = Unavailable desc = connection error',
  ])('finds: %s', (text) => {
    expect(verdictOn(builderCrashed, timeline(steps, { ...failed, trouble: [line(40, text)] }))).toBe(
      'found',
    );
    expect(verdictOn(builderCrashed, timeline(steps, { ...failed, error: line(40, text) }))).toBe('found');
  });

  test.each([
    'error: failed to solve: failed to do request: Head "https://x/v2/": dial tcp 10.0.0.1:443: connect: connection refused',
    'error: failed to solve: failed to do request: Get "https://x/v2/": EOF',
    'error: failed to solve: error from sender: unexpected EOF',
    'error: failed to solve: Canceled: grpc: the client connection is closing: unknown',
    'ERROR: target app: failed to receive status: rpc error: code = NotFound desc = no such job ID',
  ])('is none: %s', (text) => {
    expect(verdictOn(builderCrashed, timeline(steps, { ...failed, error: line(40, text) }))).toBe('clean');
  });

  test('only where steps had run before, and never in a build that succeeded', () => {
    const trouble = [line(40, 'panic: x')];
    expect(verdictOn(builderCrashed, timeline([], { ...failed, trouble }))).toBe('clean');
    expect(verdictOn(builderCrashed, timeline([step(50, 'RUN x')], { ...failed, trouble }))).toBe('clean');
    expect(verdictOn(builderCrashed, timeline(steps, { trouble }))).toBe('clean');
  });

  test('a daemon that was gone afterwards crashed under the lanes that had reached it', () => {
    const reached = lane(timeline(steps, failed));
    const early = lane(timeline([], failed), { lane: 'b' });
    const gone = builderCrashed.detect(iteration([reached, early], 'it no longer answered'));
    expect(gone.findings.map((one) => [one.lane, one.message])).toEqual([
      ['a', 'the builder was lost: it no longer answered'],
    ]);
    expect(wordFor(builderCrashed.detect(iteration([reached])))).toBe('clean');
    const waiting = step(3, '[internal] waiting for connection', {
      ...{ internal: true, text: 'waiting for connection', status: 'error' },
    });
    const connecting = lane(timeline([waiting], { outcome: 'failed' }));
    expect(wordFor(builderCrashed.detect(iteration([connecting], 'it no longer answered')))).toBe('clean');
  });
});

describe('builder-crashed of a build that was ended at its time limit', () => {
  const steps = [step(5, 'RUN make', { status: 'unfinished', endLine: null })];
  const ended = (text: string | null) =>
    lane(timeline(steps, { outcome: 'failed', error: text === null ? null : line(40, text) }), {
      timedOut: true,
    });

  test('a lost connection may be the end that the harness made, a panic is not, and a daemon that hangs is no dead one', () => {
    const blind = 'blind: the build was ended at its time limit';
    expect(verdictOn(builderCrashed, ended('error: failed to solve: EOF'))).toBe(blind);
    expect(verdictOn(builderCrashed, ended(null))).toBe(blind);
    expect(verdictOn(builderCrashed, ended('panic: x'))).toBe('found');
    expect(wordFor(builderCrashed.detect(iteration([ended(null)], 'it no longer answered')))).toBe(blind);
  });
});
