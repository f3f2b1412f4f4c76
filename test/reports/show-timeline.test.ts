import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { timelineText } from '../../src/reports/show-timeline.js';
import { columns } from '../../src/reports/width.js';
import type { IterationDetail } from '../../src/results/detail.js';
import { laneRecord, plannedArm, samplePlan } from '../results/sample-run.js';
import { finding, iterationDetail, laneDetail, timedStep } from './sample-detail.js';

const plan = samplePlan({ arms: [plannedArm()] });
const render = (iteration: IterationDetail, width = 80, colors = pc.createColors(false)) =>
  timelineText({ plan, iteration, width, colors });
const lines = (iteration: IterationDetail, width?: number) => render(iteration, width).split('\n');
const one = (more: Parameters<typeof laneDetail>[1], detail: Partial<IterationDetail> = {}) =>
  iterationDetail({ lanes: [laneDetail('a', more)], ...detail });
const rowOf = (index: number, text: string) =>
  text.split('\n').find((line) => new RegExp(`^[! ] +${index}  `).test(line)) ?? '';

test('says which iteration it is, and what was seen', () => {
  expect(lines(iterationDetail())[0]).toBe(
    'sample on buildctl v0.32.2: iteration 1 of main (reproduce), nothing seen',
  );
  const seen = iterationDetail({ findings: [finding(), finding({ signal: 'hang', expected: false })] });
  expect(render(seen, 120)).toContain('seen: platform-drift, hang (not expected)\n');
});

test('says why it does not count, and never that nothing was seen in it', () => {
  const text = render(iterationDetail({ invalid: 'lane b never started' }));
  expect(text).toContain('! invalid, and left out of every rate: lane b never started\n');
  expect(text).not.toContain('nothing seen');
});

test('a simulated run says so before anything else', () => {
  const simulated = samplePlan({ builder: { ...plan.builder, simulated: true } });
  const text = timelineText({
    plan: simulated,
    iteration: iterationDetail(),
    width: 80,
    colors: pc.createColors(false),
  });
  expect(text).toMatch(/^SIMULATED BUILDER/);
});

test('bars stand on one clock in every lane', () => {
  const text = render(
    iterationDetail({
      spanMs: 1_000,
      lanes: [
        laneDetail('a', { steps: [timedStep(1, { startMs: 0, endMs: 500 })] }),
        laneDetail('b', { steps: [timedStep(2, { startMs: 500, endMs: 1_000 })] }),
      ],
    }),
  );
  const [first, second] = [rowOf(1, text), rowOf(2, text)];
  // The second begins where the first ends, and both together take the whole axis.
  expect(second.indexOf('█')).toBe(first.lastIndexOf('█') + 1);
  const head = text.split('\n').find((line) => line.includes('STEP')) ?? '';
  expect(head.indexOf('0 ')).toBe(first.indexOf('█'));
  expect(columns(head)).toBe(columns(second));
  expect(head).toMatch(/0 +1\.00 s$/);
});

test('a step shorter than a column is still drawn, at the very end too', () => {
  for (const ms of [0, 500, 1_000]) {
    const text = render(one({ steps: [timedStep(1, { startMs: ms, endMs: ms })] }));
    expect(rowOf(1, text)).toMatch(/ █$/);
  }
});

test('what is no done step looks another way, and the status says it', () => {
  const steps = (['done', 'cached', 'error', 'cancelled', 'unfinished'] as const).map((status, i) =>
    timedStep(i + 1, { status, endMs: status === 'unfinished' ? null : 900 }),
  );
  const text = render(one({ steps }));
  const marks = [1, 2, 3, 4, 5].map((index) => rowOf(index, text).at(-1));
  expect(marks).toEqual(['█', '░', '▓', '▒', '─']);
  expect(rowOf(3, text)).toContain('error');
  expect(text).toContain('█ ran, ░ cached, ▓ error, ▒ cancelled, ─ no end in the log');
});

test('a step without times has no bar, and is there', () => {
  const text = render(one({ steps: [timedStep(1, { startMs: null, endMs: null, clock: null })] }));
  expect(rowOf(1, text)).toMatch(/RUN echo 1 +done$/);
});

test('steps that a finding names have a sign that needs no colour; COPY --from names its source', () => {
  const [first, copy] = laneDetail('a').steps;
  const text = render(one({ steps: [{ ...first, marked: ['platform-drift'] } as never, copy as never] }));
  expect(rowOf(1, text)).toMatch(/^! /);
  expect(rowOf(2, text)).toMatch(/^ {2}/);
  expect(rowOf(2, text)).toMatch(/COPY .*← #1 /);
  for (const width of [80, 60, 45]) expect(render(one({}), width)).toContain('← #1');
});

test('findings name the file and its line, of a log of two files too', () => {
  const log = {
    ...laneDetail('a').log,
    files: [
      { file: 'iterations/main/0001/a.stdout', firstLine: 1 },
      { file: 'iterations/main/0001/a.stderr', firstLine: 11 },
    ],
  };
  const detail = one({ log }, { findings: [finding({ evidence: [{ line: 13, text: 'here' }] })] });
  expect(lines(detail)).toContain('    iterations/main/0001/a.stderr:3');
  expect(lines(detail)).toContain('      here');
});

test('what nobody could look for is said once for all lanes', () => {
  const blind = ['a', 'b'].map((lane) => ({
    signal: 'platform-drift' as const,
    lane,
    reason: 'no platforms',
  }));
  expect(lines(iterationDetail({ blind }))).toContain('  platform-drift (a, b): no platforms');
});

describe('how a lane ended', () => {
  test.each([
    [{ exitCode: 1 }, 'lane a: failed with exit code 1, '],
    [{ exitCode: null, signal: 'SIGKILL' }, 'lane a: ended by SIGKILL, '],
    [{ timedOut: true, exitCode: null }, 'lane a: ended at its time limit, '],
    [{ cancelled: true }, 'lane a: ended on purpose, '],
    [{ delayMs: 50 }, 'lane a: succeeded, 0.00–1.00 s, started after 50 ms'],
  ])('%o', (record, said) => {
    expect(render(one({ record: laneRecord('a', record) }))).toContain(said);
  });

  test('never started, printed nothing', () => {
    const lane = {
      startMs: null,
      endMs: null,
      steps: [],
      outcome: 'failed' as const,
      record: laneRecord('a', { exitCode: null }),
    };
    expect(render(one(lane))).toContain('lane a: failed\n  no step was recognized in what it printed\n');
  });
});

test('steps that are left out are counted', () => {
  expect(render(one({ stepsOmitted: 7 }))).toContain('  and 7 steps that are not shown');
});

const wide = '構'.repeat(30);
test.each([
  [120, 123_456],
  [80, 123_456],
  [60, 123_456],
  [50, 123_456],
  [40, 123_456],
  [20, 999],
])('no line but a path is wider than %i columns, with steps up to %i', (width, index) => {
  const steps = [
    timedStep(1, { stage: wide, platform: 'linux/arm64/v8', text: `RUN ${wide}`, marked: ['hang'] }),
    timedStep(index, {
      stage: 'a'.repeat(80),
      text: 'COPY --from=x '.repeat(20),
      source: 0,
      status: 'unfinished',
      endMs: null,
    }),
  ];
  const detail = one(
    { steps },
    { findings: [finding({ message: wide.repeat(3), evidence: [{ line: 1, text: wide.repeat(4) }] })] },
  );
  for (const line of lines(detail, width))
    if (!line.includes('.stderr:')) expect(columns(line), line).toBeLessThanOrEqual(width);
});

test('of very long and of very odd times a page is made all the same', () => {
  const steps = [timedStep(1, { startMs: 1e15, endMs: 2e15 }), timedStep(2, { startMs: 0, endMs: 0 })];
  for (const spanMs of [2e15, 0])
    for (const line of lines(one({ steps }, { spanMs }))) expect(columns(line)).toBeLessThan(81);
});

test('nothing that a log says reaches the terminal as anything but text', () => {
  const evil = '\x1b]0;title\x07\x1b[31mred\u202e\r\n';
  const detail = one(
    { steps: [timedStep(1, { text: evil, stage: evil, platform: evil })], truncated: evil },
    { findings: [finding({ message: evil, evidence: [{ line: 1, text: evil }] })], invalid: evil },
  );
  expect(render(detail).replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('colours only where they are asked for', () => {
  expect(render(one({}), 80, pc.createColors(true))).toContain('\x1b[');
  expect(render(one({}))).not.toContain('\x1b[');
});
