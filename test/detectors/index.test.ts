import { expect, test } from 'vitest';
import { detectors } from '../../src/detectors/index.js';
import { signals } from '../../src/signals.js';
import { copyFrom, internal, iteration, lane, line, step, timeline, verdictOn } from './timelines.js';

test('each detector is listed once, under a signal that exists', () => {
  const listed = detectors.map(({ signal }) => signal);
  expect(new Set(listed).size).toBe(listed.length);
  for (const detector of detectors) {
    expect(signals).toContain(detector.signal);
  }
  expect(listed).toEqual([...signals]);
});

test('everything that a detector says carries its own signal and the lane it was seen in', () => {
  const log = timeline([], { format: 'unknown', outcome: 'unknown' });
  const asked = { context: { files: 1, sha256: '' }, mustBeCached: ['RUN a'], mustRunOnce: ['RUN a'] };
  const lanes = [lane(log, { lane: 'a', ...asked }), lane(log, { lane: 'b' })];
  for (const detector of detectors) {
    if (detector.signal === 'daemon-error' || detector.signal === 'cache-export-incomplete') continue;
    const { findings, blind } = detector.detect(iteration(lanes));
    expect(findings).toEqual([]);
    expect(blind.length, detector.signal).toBeGreaterThan(0);
    for (const one of blind)
      expect(one).toMatchObject({ signal: detector.signal, lane: expect.stringMatching(/^[ab]$/) });
  }
});

test('a log that somebody has is only asked for what a log alone can show', () => {
  const log = timeline([step(1, 'RUN make')]);
  const applying = detectors.filter((one) => one.appliesTo(iteration([lane(log)])));
  expect(applying.map(({ signal }) => signal)).toEqual([
    'platform-drift',
    'copy-from-failed',
    'copy-from-early',
    'context-failed',
    'build-failed',
    'transient-error',
    'builder-crashed',
    'hang',
  ]);
});

test('a build that was ended at its time limit is a hang, and no other find: they are blind to how it would have ended', () => {
  const log = timeline(
    [
      internal(1, 'load build context', { status: 'error', error: 'EOF' }),
      copyFrom(5, 'builder', { status: 'error', error: 'not found' }),
      step(9, 'RUN make', { status: 'unfinished', endLine: null }),
    ],
    {
      outcome: 'failed',
      error: line(20, 'error: failed to solve: rpc error: code = Unavailable desc = EOF'),
    },
  );
  const asked = { context: { files: 1, sha256: '' }, mustBeCached: ['RUN make'], mustRunOnce: ['RUN make'] };
  const ended = lane(log, { timedOut: true, ...asked });
  const seen = detectors
    .filter((one) => one.appliesTo(iteration([ended, lane(log, { lane: 'b', outcome: 'succeeded' })])))
    .map((one) => [one.signal, verdictOn(one, ended)]);
  const blind = 'blind: the build was ended at its time limit';
  const nothing = lane(timeline([], { format: 'unknown', outcome: 'unknown' }), {
    ...asked,
    outcome: 'failed',
    timedOut: true,
  });
  for (const one of detectors)
    if (seen.some(([signal]) => signal === one.signal && signal !== 'hang'))
      expect([one.signal, verdictOn(one, nothing)]).toEqual([one.signal, blind]);
  expect(seen).toHaveLength(13);
  for (const [signal, verdict] of seen)
    expect([signal, verdict]).toEqual([signal, signal === 'hang' ? 'found' : blind]);
});
