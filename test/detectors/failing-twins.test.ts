import { describe, expect, test } from 'vitest';
import type { LaneEvidence } from '../../src/detectors/detector.js';
import { outputLost } from '../../src/detectors/output-lost.js';
import { sourceLost } from '../../src/detectors/source-lost.js';
import { parseLog } from '../../src/progress/parse.js';
import type { Step, Timeline } from '../../src/progress/timeline.js';
import { iteration, lane, line, step, timeline, told } from './timelines.js';

const closing = line(30, 'error: failed to solve: exit code: 1');
const failing = (more: Partial<Step> = {}) =>
  step(10, 'RUN false', { status: 'error', error: 'exit code: 1', outputLines: 2, ...more });
const failed = (steps: readonly Step[], more: Partial<Timeline> = {}) =>
  timeline(steps, { outcome: 'failed', error: closing, source: line(20, 'Dockerfile:6'), ...more });
const silent = failing({ outputLines: 0 });
const open = step(10, 'RUN false', { status: 'unfinished', endLine: null });
const pair = (a: Timeline, b: Timeline, more: Partial<LaneEvidence> = {}) =>
  iteration([lane(a), lane(b, { lane: 'b', ...more })]);
const output = (a: Timeline, b: Timeline, more = {}) => told(outputLost.detect(pair(a, b, more)));
const source = (a: Timeline, b: Timeline, more = {}) => told(sourceLost.detect(pair(a, b, more)));
const lostOutput =
  'b: nothing is shown of what the failing step printed: RUN false; lane a has 2 lines of it';

describe('output-lost', () => {
  test('one has it, its twin does not', () => {
    expect(output(failed([failing()]), failed([silent]))).toEqual([lostOutput]);
    expect(outputLost.detect(pair(failed([failing()]), failed([silent]))).findings[0]?.evidence).toEqual([
      line(10, '#10 RUN false'),
      line(11, '#10 ERROR: exit code: 1'),
      closing,
    ]);
  });

  test('a twin that has lost its ERROR line as well is known by its closing error', () => {
    expect(output(failed([failing()]), failed([open]))).toEqual([lostOutput]);
    expect(output(failed([failing()]), failed([]))).toEqual([lostOutput]);
    const other = failed([open], { error: line(30, 'error: failed to solve: exit code: 2') });
    expect(output(failed([failing()]), other)).toEqual([
      'a blind: no build beside it failed at the same step',
      'b blind: no build beside it failed at the same step',
    ]);
  });

  test('both have it', () => {
    expect(output(failed([failing()]), failed([failing({ outputLines: 1 })]))).toEqual([]);
  });

  test('nobody has it', () => {
    expect(output(failed([silent]), failed([silent]))).toEqual([
      'a blind: the failing step printed nothing in any build',
      'b blind: the failing step printed nothing in any build',
    ]);
  });

  test('a log that is cut, or a terminal, may have had it', () => {
    expect(output(failed([failing()]), failed([silent], { truncated: 'no end' }))).toEqual([
      'b blind: the log was cut: no end',
    ]);
    expect(output(failed([failing()]), failed([silent], { format: 'tty' }))).toEqual([
      'b blind: terminal output does not keep what steps print',
    ]);
  });
});

describe('source-lost', () => {
  const without = failed([failing()], { source: null });

  test('one has it, its twin does not', () => {
    const message =
      'b: the log does not show where in the Dockerfile the build failed; lane a shows Dockerfile:6';
    expect(source(failed([failing()]), without)).toEqual([message]);
    expect(source(failed([failing()]), failed([open], { source: null }))).toEqual([message]);
    expect(sourceLost.detect(pair(failed([failing()]), without)).findings[0]?.evidence).toEqual([
      line(10, '#10 RUN false'),
      line(11, '#10 ERROR: exit code: 1'),
      closing,
    ]);
  });

  test('both have it, or nobody', () => {
    expect(source(failed([failing()]), failed([failing()]))).toEqual([]);
    expect(source(without, without)).toEqual([
      'a blind: no build shows where in the Dockerfile it failed',
      'b blind: no build shows where in the Dockerfile it failed',
    ]);
  });

  test('a log that is cut may have had it', () => {
    expect(source(failed([failing()]), { ...without, truncated: 'no end' })).toEqual([
      'b blind: the log was cut: no end',
    ]);
  });
});

describe.each([outputLost, sourceLost])('$signal compares only', (detector) => {
  const lost = failed([silent], { source: null });
  const alone = 'a blind: no build beside it failed at the same step';

  test.each<[string, Partial<LaneEvidence>, readonly string[]]>([
    ['builds that failed', { outcome: 'succeeded' }, [alone, 'b blind: the build did not fail']],
    ['builds of one step', { step: 1 }, [alone, alone.replace('a', 'b')]],
    ['builds that ended', { timedOut: true }, [alone, 'b blind: the build was ended at its time limit']],
  ])('%s', (_, more, expected) => {
    expect(told(detector.detect(pair(failed([failing()]), lost, more)))).toEqual(expected);
  });

  test('builds that failed at one step', () => {
    const elsewhere = failed([step(10, 'RUN other', { status: 'error' })], { source: null });
    expect(told(detector.detect(pair(failed([failing()]), elsewhere)))).toEqual([
      alone,
      alone.replace('a', 'b'),
    ]);
  });

  test('lanes that have company', () => {
    expect(detector.appliesTo(pair(lost, lost))).toBe(true);
    expect(detector.appliesTo(pair(lost, lost, { step: 1 }))).toBe(false);
    const fine = timeline([step(1, 'RUN make')]);
    expect(detector.appliesTo(pair(fine, fine))).toBe(false);
    expect(detector.appliesTo(iteration([lane(lost)]))).toBe(false);
  });
});

test('two logs as v0.10.4 prints them: the second has only the closing error', async () => {
  const head = ['#5 [2/3] COPY Dockerfile .', '#5 CACHED', '', '#6 [3/3] RUN idontexist'];
  const end =
    'error: failed to solve: process "/bin/sh -c idontexist" did not complete successfully: exit code: 127';
  const full = [
    ...head,
    '#6 0.039 /bin/sh: idontexist: not found',
    '#6 ERROR: process "/bin/sh -c idontexist" did not complete successfully: exit code: 127',
    '------',
    ' > [3/3] RUN idontexist:',
    '#6 0.039 /bin/sh: idontexist: not found',
    '------',
    'Dockerfile:3',
    '--------------------',
    '   2 |     COPY Dockerfile .',
    '   3 | >>> RUN idontexist',
    '--------------------',
    end,
  ];
  const read = (lines: readonly string[]) => parseLog([Buffer.from(`${lines.join('\n')}\n`)]);
  const both = pair(await read(full), await read([...head, end]));
  expect(
    outputLost.detect(both).findings.map((one) => [one.lane, one.evidence.map((at) => at.line)]),
  ).toEqual([['b', [4, 5]]]);
  expect(sourceLost.detect(both).findings.map((one) => one.lane)).toEqual(['b']);
});
