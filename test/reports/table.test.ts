import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { simulatedBanner } from '../../src/reports/banner.js';
import { renderTable } from '../../src/reports/table.js';
import { columns } from '../../src/reports/width.js';
import type { RunResult } from '../../src/results/result.js';
import { arm, fullRun, run, signal } from './sample-result.js';

const plain = pc.createColors(false);
const lines = (result: RunResult, width?: number) =>
  renderTable(result, width === undefined ? { colors: plain } : { width, colors: plain }).split('\n');
const text = (result: RunResult, width = 400) => renderTable(result, { width, colors: plain });

const longNames = () =>
  fullRun({
    scenario: 'a-scenario-with-quite-a-long-name-that-nobody-shortened',
    arms: fullRun().arms.map((one, i) => ({
      ...one,
      name: `${one.name}-${'very-long-'.repeat(9)}${'界'.repeat(i * 9)}`,
    })),
  });

test('a row says how often, how sure, and what it means', () => {
  const rows = lines(fullRun());
  expect(rows).toContain('                    SEEN  INTERVAL  BUILDS  MEANING');
  expect(rows).toContain('explicit-variant: reproduce, 2 lanes');
  expect(rows).toContain('  platform-drift     5/5  57–100 %   10/10  reproduced');
  expect(rows).toContain('explicit-plain: control, 2 lanes');
  expect(rows).toContain('  platform-drift     0/5    0–43 %    0/10  clean, at most 45 %');
  expect(rows).toContain('one-at-a-time: alone, 2 lanes, one at a time');
  expect(rows).toContain('  content-mismatch   1/5    4–62 %    1/10  CONTROL IS NOT CLEAN');
  expect(rows).toContain('  skipped: no arm64 emulation; install qemu-user-static');
});

test('signals that nobody expects are left out unless they were seen', () => {
  expect(text(fullRun())).not.toContain('context-failed');
  expect(text(fullRun())).toMatch(/build-failed +1\/5 +4–62 % +1\/10 +seen, not expected/);
});

test('a control shows what its own arm expects, and not what others do', () => {
  const expecting = (name: string, one: 'platform-drift' | 'content-mismatch') =>
    arm(name, { signals: [signal(one, 5, 5, { expected: true, verdict: 'reproduced' })] });
  const clean = [signal('platform-drift', 0, 5), signal('content-mismatch', 0, 5)];
  const [, after = ''] = text(
    run([
      expecting('a', 'platform-drift'),
      expecting('b', 'content-mismatch'),
      arm('c', { role: 'control', of: 'a', signals: clean }),
    ]),
  ).split('c: control');
  const [rows = ''] = after.split('\n\n');
  expect(rows).toContain('platform-drift');
  expect(rows).not.toContain('content-mismatch');
});

/** Names as long as a scenario may have them, titles and levels in wide letters, figures with many digits. */
const longest = (text: string) => `${text}-${'n'.repeat(63)}`.slice(0, 63);
const wide = '二つのビルドが一つのプラットフォームを二通りに綴る'.repeat(4);
const manyArms = () =>
  run(
    Array.from({ length: 30 }, (_, i) =>
      arm(longest(`arm-${i}`), {
        role: i % 2 === 0 ? 'reproduce' : 'control',
        of: i % 2 === 0 ? null : longest(`arm-${i - 1}`),
        signals: [
          signal('cache-export-incomplete', i % 2 === 0 ? 12_345 : 0, 100_000, {
            expected: i % 2 === 0,
            verdict: 'reproduced',
          }),
        ],
      }),
    ),
    { title: wide, scenario: longest('s') },
  );
const wideSweep = () =>
  run(
    ['x'.repeat(200), wide, '0ms'].flatMap((level, i) => {
      const point = { factors: { ['ARGUMENT_'.repeat(9)]: level, lanes: String(i + 2) } };
      return [
        arm(longest(`a${i}`), {
          point: { arm: longest('a'), ...point },
          signals: [signal('cache-export-incomplete', i, 10, { expected: true, verdict: 'reproduced' })],
        }),
        arm(longest(`b${i}`), {
          role: 'control',
          of: longest(`a${i}`),
          point: { arm: longest('b'), ...point },
          signals: [signal('cache-export-incomplete', 0, 10)],
        }),
      ];
    }),
    { title: wide },
  );

test.each([200, 100, 80, 72, 60, 50, 40])('no line but a path is wider than %i columns', (width) => {
  for (const result of [fullRun(), longNames(), manyArms(), wideSweep()]) {
    for (const line of lines(result, width))
      if (line !== result.directory) expect(columns(line), line).toBeLessThanOrEqual(width);
  }
});

test('the path of the run stays whole, for whoever copies it', () => {
  const directory = `/home/ada/${'long-'.repeat(30)}results/2026-11-21T10-15-00-000Z-chaos-1506`;
  expect(lines(fullRun({ directory }), 60)).toContain(directory);
});

test('the delays of very many lanes are the first and the last, with all their digits', () => {
  const delaysMs = Array.from({ length: 256 }, (_, i) => i * 10.5 + (i === 0 ? 0 : 1_000));
  const of = (delays: number[]) =>
    text(
      run([
        arm('a', {
          lanes: { count: delays.length, startSpreadMs: 1, delaysMs: delays, builds: delays.length },
        }),
      ]),
    );
  expect(of(delaysMs)).toContain('started after 0, 1010.5, 1021, 1031.5, 1042, 1052.5, …, 3677.5 ms');
  expect(of([0, 1_250])).toContain('started after 0, 1250 ms');
});

test('80 columns are the default', () => {
  expect(lines(longNames())).toEqual(lines(longNames(), 80));
});

test('the meaning gets a line of its own where there is no room beside the figures', () => {
  const rows = lines(fullRun(), 44);
  expect(rows[rows.indexOf('  platform-drift     5/5  57–100 %   10/10') + 1]).toBe('    reproduced');
});

describe('blind is not clean', () => {
  const blind = signal('platform-drift', 0, 0, {
    iterations: { count: 0, of: 0, blind: 5 },
    builds: { count: 0, of: 0 },
    blindReasons: [{ reason: 'no step carries a platform', count: 5 }],
  });
  const expecting = arm('a', {
    signals: [signal('platform-drift', 5, 5, { expected: true, verdict: 'reproduced' })],
  });

  test.each(['control', 'alone'] as const)('%s', (role) => {
    const shown = text(run([expecting, arm('b', { role, of: 'a', signals: [blind] })]));
    expect(shown).toMatch(/platform-drift +– +– +blind: no step carries a platform/);
    expect(shown).not.toMatch(/\bclean\b|not seen/);
  });
});

test('a signal that no valid iteration had anything to show by is not called invalid', () => {
  const shown = text(
    run([arm('a', { signals: [signal('digest-drift', 0, 0, { expected: true, verdict: 'inconclusive' })] })]),
  );
  expect(shown).toMatch(/digest-drift +– +– +blind: there was nothing to look at/);
});

test('colours come from the instance that was passed, and only from it', () => {
  const sequence = /\u001b\[/;
  expect(renderTable(fullRun(), { colors: plain })).not.toMatch(sequence);
  const coloured = renderTable(fullRun(), { colors: pc.createColors(true) });
  expect(coloured).toMatch(sequence);
  expect(coloured).toContain(
    pc
      .createColors(true)
      .bold('! The control is not clean: context-alone showed it too, in 1 of 5 iterations'),
  );
});

test('a simulated run begins with the banner, a real one has none', () => {
  const { builder } = fullRun();
  expect(lines(fullRun({ builder: { ...builder, simulated: true } }))[0]).toBe(simulatedBanner);
  expect(text(fullRun())).not.toContain('SIMULATED');
});

test('a part of a plan says which part, a whole one nothing', () => {
  const part = lines({ ...fullRun(), shard: { index: 1, of: 2 } });
  expect(part).toContain('Part 1 of 2 of a plan.');
  expect(text(fullRun())).not.toContain('of a plan');
});

test('sentences, doubts, failures and spellings stand below', () => {
  const shown = text(fullRun({ stopped: 'stopped by SIGINT' }));
  expect(shown).toContain('It does not need concurrency: builds one at a time showed it in 5 of 5.');
  expect(shown).toContain('\n! The control is not clean: context-alone');
  expect(shown).toContain('\n! The run did not reach its end: stopped by SIGINT.');
  expect(shown).toContain(
    '2 of 5 iterations of context are invalid and left out: the lanes did not overlap (2).',
  );
  expect(shown).toContain('Warning: the warm-up of Dockerfile.plain failed: exit code 1');
  expect(shown).toContain(
    '  1 build: failed to calculate checksum of ref <id>::<id>: "/install/src/f<n>.txt": not found',
  );
  expect(shown).toContain('    iterations/explicit-variant/0003/b.stderr:41');
  expect(shown).toMatch(/ {2}builder RUN +10 +–\n {2}runtime COPY +– +10/);
  expect(shown.endsWith('\n')).toBe(true);
});

test('spellings are shown of arms that drifted, and of no other', () => {
  const spellings = [{ stage: null, instruction: 'RUN', platform: 'linux/arm64', builds: 10 }];
  expect(text(run([arm('a', { spellings, signals: [signal('platform-drift', 0, 5)] })]))).not.toContain(
    'linux/arm64',
  );
  expect(text(run([arm('a', { spellings, signals: [signal('platform-drift', 1, 5)] })]))).toContain(
    '(no stage) RUN',
  );
});

test.each([100, 40])('spellings that are left out are counted, %i columns wide', (width) => {
  const arms = fullRun().arms.map((one) => ({ ...one, spellingsLeftOut: 7_988 }));
  const shown = lines(fullRun({ arms }), width).join(' ').replaceAll(/\s+/g, ' ');
  expect(shown).toContain('And at least 7988 more pairs of step and platform.');
  expect(lines(fullRun(), width).join(' ')).not.toContain('And at least');
});

test('figures that have no room become sentences', () => {
  const rows = lines(fullRun(), 40);
  expect(rows[rows.indexOf('  platform-drift: 5/5, 57–100 %, builds') + 1]).toBe('  10/10: reproduced');
  expect(rows.join()).not.toContain('INTERVAL');
});

test('spellings that do not fit side by side become a list', () => {
  expect(lines(fullRun(), 40)).toContain('  builder RUN: linux/arm64 10');
});

test('nothing hostile reaches the terminal', () => {
  const evil = '\u001b[2J\u202eevil\r\n\u0007';
  const result = fullRun({
    scenario: evil,
    title: evil,
    directory: evil,
    warnings: [evil],
    stopped: evil,
    builder: { kind: evil, name: evil, version: evil, daemonVersion: evil, simulated: false },
    arms: fullRun().arms.map((one) => ({
      ...one,
      name: one.name + evil,
      of: one.of === null ? null : one.of + evil,
      skipped: one.skipped === null ? null : evil,
      invalidReasons: [{ reason: evil, count: 1 }],
      spellings: [{ stage: evil, instruction: evil, platform: evil, builds: 1 }],
    })),
    failures: fullRun().failures.map((one) => ({
      ...one,
      text: evil,
      example: { ...one.example, file: evil },
    })),
  });
  expect(text(result, 80)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(text(result, 80)).toContain('evil');
});
