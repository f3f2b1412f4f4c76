import pc from 'picocolors';
import { expect, test } from 'vitest';
import { logPage } from '../../src/reports/show-log.js';
import { columns } from '../../src/reports/width.js';
import type { IterationDetail, LaneDetail } from '../../src/results/detail.js';
import type { LogText } from '../../src/results/log-text.js';
import { samplePlan } from '../results/sample-run.js';
import { finding, iterationDetail, laneDetail, logText } from './sample-detail.js';

const page = (
  log: LogText,
  detail: Partial<IterationDetail> = {},
  lane: LaneDetail | null = laneDetail('a'),
  width = 80,
) =>
  logPage(
    { plan: samplePlan(), iteration: iterationDetail(detail), width, colors: pc.createColors(false) },
    lane,
    log,
  );
const rows = (...args: Parameters<typeof page>) =>
  page(...args)
    .split('\n\n')
    .slice(1)
    .join('\n\n')
    .split('\n');

test('a whole log, its lines numbered', () => {
  const ten = Array.from({ length: 10 }, (_, i) => `text ${i + 1}`);
  expect(rows(logText(ten)).slice(0, 3)).toEqual([
    'iterations/main/0001/a.stderr',
    '   1  text 1',
    '   2  text 2',
  ]);
  expect(rows(logText(ten))).toContain('  10  text 10');
  expect(page(logText(ten))).not.toContain('left out');
});

test('evidence has a sign in the margin and the signals below; other lanes’ evidence has none', () => {
  const evidence = [{ line: 2, text: 'y' }];
  const findings = [
    finding({ evidence }),
    finding({ signal: 'build-failed', evidence }),
    finding({ lane: 'b', evidence: [{ line: 1, text: 'x' }] }),
    finding({ lane: null, evidence: [{ line: 3, text: 'z' }] }),
  ];
  expect(rows(logText(['x', 'y', 'z']), { findings }).slice(1, 5)).toEqual([
    '  1  x',
    '> 2  y',
    '     ^ platform-drift, build-failed',
    '  3  z',
  ]);
});

test('the closing error is marked', () => {
  const lane = laneDetail('a', { error: { line: 2, text: 'error: failed to solve' } });
  expect(rows(logText(['x', 'error: failed to solve']), {}, lane)).toContain(
    '     ^ the build’s closing error',
  );
});

test('the daemon’s log has the marks of findings without a lane', () => {
  const findings = [finding({ lane: null, signal: 'daemon-error', evidence: [{ line: 1, text: 'x' }] })];
  const text = page(logText(['x']), { findings }, null);
  expect(text).toContain('> 1  x\n     ^ daemon-error\n');
  expect(text).toContain('the daemon’s log while it ran');
});

test('of two files, each is named, and lines have its numbers', () => {
  const files = [
    { file: 'a.stdout', firstLine: 1 },
    { file: 'a.stderr', firstLine: 3 },
  ];
  expect(rows({ ...logText(['1', '2', '3']), files })).toEqual([
    'a.stdout',
    '  1  1',
    '  2  2',
    'a.stderr',
    '  1  3',
    '',
  ]);
});

test('what is left out is said, where it is and how much', () => {
  const log = {
    ...logText([]),
    lines: 100,
    pieces: [
      { firstLine: 3, lines: ['three'] },
      { firstLine: 50, lines: ['fifty'] },
    ],
  };
  expect(rows(log)).toEqual([
    '       … 2 lines left out …',
    'iterations/main/0001/a.stderr',
    '    3  three',
    '       … 46 lines left out …',
    '   50  fifty',
    '       … 50 lines left out …',
    '',
  ]);
  expect(page(log)).toContain('! 98 lines of 100 are left out, the log is too long');
});

test('an empty log says that it is', () => {
  expect(rows(logText([]))).toEqual(['it printed nothing', '']);
});

test('a log that cannot be read is not said to be empty', () => {
  expect(rows({ ...logText([]), files: [] })).toEqual(['its log cannot be read', '']);
  const narrow = page({ ...logText([]), files: [] }, {}, laneDetail('a'), 20);
  for (const line of narrow.split('\n')) expect(columns(line), line).toBeLessThanOrEqual(20);
});

test('a log that cannot be obeyed', () => {
  const text = page(logText(['\x1b]0;title\x07a\x1b[2Jb\u202ec\0d\u009b31m']));
  expect(text).toContain('  1  abcd');
});
