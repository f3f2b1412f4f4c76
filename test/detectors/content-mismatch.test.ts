import { describe, expect, test } from 'vitest';
import { contentMismatch } from '../../src/detectors/content-mismatch.js';
import type { Step, Timeline } from '../../src/progress/timeline.js';
import { iteration, lane, line, step, timeline, verdictOn } from './timelines.js';

const wanted = 'a'.repeat(64);
const other = 'b'.repeat(64);
const context = { files: 400, sha256: wanted };
const mark = (at: number, name: string, files: number | string, sha256: string) =>
  line(at, `buildrace: ${name} files=${files} sha256=${sha256}`);
const marked = (marks: Step['marks'], more: Partial<Step> = {}) => step(10, 'RUN count', { marks, ...more });
const verdict = (log: Timeline) => verdictOn(contentMismatch, lane(log, { context }));

test.each([
  ['the same number and hash', mark(11, 'builder', 400, wanted), 'clean'],
  ['a hash in capital letters', mark(11, 'builder', 400, wanted.toUpperCase()), 'clean'],
  ['a number that wc pads with blanks', mark(11, 'builder', '     400', wanted), 'clean'],
  ['fewer files', mark(11, 'builder', 329, other), 'found'],
  ['more files', mark(11, 'builder', 401, wanted), 'found'],
  ['as many files, other contents', mark(11, 'builder', 400, other), 'found'],
])('%s', (_, one, expected) => {
  expect(verdict(timeline([marked([one])]))).toBe(expected);
});

test('a failed build with a wrong mark is found as well', () => {
  expect(verdict(timeline([marked([mark(11, 'builder', 3, other)])], { outcome: 'failed' }))).toBe('found');
});

test('a build that was ended at its time limit had more to count', () => {
  const ended = (one: Step['marks'][number]) =>
    verdictOn(
      contentMismatch,
      lane(timeline([marked([one])]), { context, timedOut: true, outcome: 'failed' }),
    );
  expect(ended(mark(11, 'builder', 400, wanted))).toBe('blind: the build was ended at its time limit');
  expect(ended(mark(11, 'builder', 3, other))).toBe('found');
});

test('says what was wanted and what arrived, for each place and platform, with the marks as evidence', () => {
  const log = timeline([
    marked([mark(11, 'builder', 400, wanted), mark(12, 'runtime', 329, other)], { platform: 'linux/arm64' }),
    marked([mark(21, 'runtime', 400, other)], { platform: 'linux/amd64' }),
  ]);
  const [finding] = contentMismatch.detect(iteration([lane(log, { context })])).findings;
  expect(finding?.message).toBe(
    'runtime (linux/arm64) holds 329 files where the context held 400 (sha256 bbbbbbbbbbbb instead of aaaaaaaaaaaa); ' +
      'runtime (linux/amd64) holds 400 files as the context did, but other ones (sha256 bbbbbbbbbbbb instead of aaaaaaaaaaaa)',
  );
  expect(finding?.evidence.map((one) => one.line)).toEqual([12, 21]);
});

describe('is blind where a context was made and nothing was counted', () => {
  const foreign = marked([line(11, 'buildrace: cache seen=1'), line(12, 'buildrace: x files= sha256=')]);

  test.each([
    ['no step printed what it counted', timeline([foreign])],
    ['the build failed before a step printed what it counted', timeline([foreign], { outcome: 'failed' })],
    [
      'no step printed what it counted: RUN steps came from the cache',
      timeline([step(1, 'RUN count', { status: 'cached' })]),
    ],
    ['terminal output does not keep what steps print', timeline([step(1, 'RUN count')], { format: 'tty' })],
    ['the log was cut: no end', timeline([step(1, 'RUN count')], { truncated: 'no end' })],
    ["no builder's output was recognized in the log", timeline([], { format: 'unknown' })],
  ])('%s', (reason, log) => {
    expect(verdict(log)).toBe(`blind: ${reason}`);
  });
});

test('applies only where a context was made, and passes over lanes without one', () => {
  const without = lane(timeline([marked([mark(11, 'builder', 3, other)])]));
  expect(contentMismatch.appliesTo(iteration([without]))).toBe(false);
  const both = iteration([
    without,
    lane(timeline([marked([mark(11, 'builder', 400, wanted)])]), { lane: 'b', context }),
  ]);
  expect(contentMismatch.appliesTo(both)).toBe(true);
  expect(contentMismatch.detect(both)).toEqual({ findings: [], blind: [] });
});

test('shows six marks at most and tells of four places, however many are wrong', () => {
  const marks = Array.from({ length: 9 }, (_, i) => mark(11 + i, `place-${i}${'x'.repeat(900)}`, i, other));
  const [finding] = contentMismatch.detect(
    iteration([lane(timeline([marked(marks)]), { context })]),
  ).findings;
  expect(finding?.evidence.map((one) => one.line)).toEqual([11, 12, 13, 14, 15, 16]);
  expect(finding?.message).toMatch(/^place-0x{32}… holds .*; and 5 more places$/);
  expect(finding?.message.length).toBeLessThan(600);
});
