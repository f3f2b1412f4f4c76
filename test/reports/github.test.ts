import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simulatedBanner } from '../../src/reports/banner.js';
import { annotations, jobSummary, maxAnnotations, maxSummaryBytes } from '../../src/reports/github.js';
import type { ArmResult, RunResult } from '../../src/results/result.js';
import { arm, fullRun, run, signal } from './sample-result.js';
import { comparison, comparisonRow } from './sample-rows.js';

const point = (delay: string, count: number): ArmResult =>
  arm(`race-delay-${delay}`, {
    point: { arm: 'race', factors: { delay } },
    signals: [
      signal('hang', count, 10, { expected: true, verdict: count > 0 ? 'reproduced' : 'not-reproduced' }),
      signal('build-failed', count > 5 ? 1 : 0, 10),
    ],
  });

const searchedPoints = [
  { offsetMs: 0, count: 0, of: 3 },
  { offsetMs: 50, count: 3, of: 3 },
];

const simulated = (result: RunResult): RunResult => ({
  ...result,
  builder: { ...result.builder, simulated: true },
});

describe('the summary of a job', () => {
  test('is the verdict, its sentences and the table of rates, of each run', () => {
    const text = jobSummary([fullRun(), run([], { scenario: 'other', verdict: null })], []);
    expect(text).toMatch(
      /^## `chaos-1506` on buildctl v0\.32\.2, daemon v0\.32\.2: reproduced\n\n`platform-drift` was reproduced in 5 of 5/,
    );
    expect(text).toContain(
      '| `explicit-variant` | reproduce | `platform-drift` | 5/5 | 57–100 % | 10/10 | reproduced |',
    );
    expect(text).toContain('**The control is not clean: `context-alone` showed it too');
    expect(text).toContain('Warning: the warm-up of');
    expect(text).toContain(
      'Again: `buildrace run chaos-1506 --builder buildctl --iterations 5 --seed 4711`\n\n## `other`',
    );
  });

  test('of a sweep has its points', () => {
    const text = jobSummary([run([point('0ms', 0), point('50ms', 9)])], []);
    expect(text).toContain('`hang` was seen at 1 of 2 points of `race`');
    expect(text).toContain('| `50ms` | 9/10 |');
    expect(text).not.toMatch(/\n{3}/);
  });

  test('of a search has its drawing', () => {
    const window = { phase: 'search' as const, searched: searchedPoints, bestMs: 50, runs: ['one'] };
    const text = jobSummary([run([point('50ms', 3)], { window })], []);
    expect(text).toContain('**This run only searched: it would measure 50 ms apart');
    expect(text).toMatch(/```text\nBy offset between lanes .*\n {2}OFFSET/);
  });

  test('begins with what was compared', () => {
    expect(jobSummary([fullRun()], ['# compared\n'])).toMatch(/^# compared\n\n## `chaos-1506`/);
  });

  test('of a simulated run says so', () => {
    expect(jobSummary([simulated(fullRun())], [])).toContain(`**${simulatedBanner}**`);
    expect(jobSummary([fullRun()], [])).not.toContain(simulatedBanner);
  });

  test('keeps within what GitHub takes, and says that it was cut', () => {
    const arms = Array.from({ length: 700 }, (_, i) => arm(`arm-${i}`, { skipped: 'x'.repeat(1000) }));
    const cut = jobSummary([run(arms)], []);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxSummaryBytes);
    expect(Buffer.byteLength(cut)).toBeGreaterThan(maxSummaryBytes * 0.99);
    expect(cut).toMatch(/\n\*\*The rest is left out, to stay within what GitHub takes/);
    expect(jobSummary([fullRun()], [])).not.toContain('left out, to stay');
    expect(jobSummary([fullRun()], [], 10)).toBe('');
  });

  test('other people’s text is no markup in it', () => {
    const bad = '<img src=x>\n# Head\n@somebody | **x**';
    const text = jobSummary([fullRun({ scenario: bad, warnings: [bad], again: bad, directory: bad })], []);
    const bare = text.replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
    expect(bare).not.toMatch(/<img|^# Head|@somebody/m);
  });
});

describe('annotations', () => {
  const of = (level: string, lines: readonly string[]) =>
    lines.filter((line) => line.startsWith(`::${level} `));

  test('a regression is an error, with both rates', () => {
    const lines = annotations([], [comparison([comparisonRow()])]);
    expect(lines).toEqual([
      '::error title=regression%3A output-lost in lost-output::' +
        '2026-11-21T10-15-00-000Z-lost-output-buildkitd-abc against the baseline lost-output-buildkitd: ' +
        'identical (reproduce): 15 of 20 iterations, was 0 of 20',
    ]);
  });

  test('a regression that a second run confirms is one error', () => {
    const first = comparison([comparisonRow()]);
    const again = comparison([comparisonRow({ run: { count: 14, of: 20 } })], {
      run: { ...first.run, name: 'again', file: '/again' },
    });
    expect(annotations([], [first, again])).toEqual(annotations([], [first]));
    const others = [
      comparison([comparisonRow({ arm: 'other' })]),
      { ...again, run: { ...again.run, builder: { ...again.run.builder, kind: 'buildx' } } },
      { ...again, base: { ...again.base, file: '/another' } },
    ];
    expect(annotations([], [first, ...others])).toHaveLength(4);
  });

  test('what stays open is a warning, an improvement and what is unchanged are notices', () => {
    const lines = annotations(
      [],
      [
        comparison([
          comparisonRow({ verdict: 'undetermined', reason: 'too few', iterationsToSettle: 60 }),
          comparisonRow({ verdict: 'improvement' }),
          comparisonRow({ verdict: 'unchanged' }),
          comparisonRow({ verdict: 'unchanged' }),
        ]),
      ],
    );
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^::warning title=undetermined%3A .*; too few; about 60 iterations of each would settle it$/,
    );
    expect(lines[1]).toMatch(/^::notice title=improvement%3A /);
    expect(lines[2]).toMatch(/^::notice title=unchanged::.*: 2 of 4 rates unchanged$/);
  });

  test('figures of another machine give one warning, whatever the rows say', () => {
    const other = comparison([comparisonRow(), comparisonRow()], {
      verdict: 'undetermined',
      reason: 'another machine',
    });
    expect(annotations([], [other])).toEqual([
      expect.stringMatching(/^::warning title=undetermined::.*: another machine$/),
    ]);
  });

  test('reproduced, not clean and inconclusive are warnings, the rest are notices', () => {
    const lines = annotations([fullRun({ stopped: 'stopped by SIGTERM' })], []);
    const warnings = of('warning', lines).join('\n');
    expect(of('error', lines)).toEqual([]);
    expect(warnings).toContain('::platform-drift was reproduced in 5 of 5 iterations (57–100 %25, Wilson');
    expect(warnings).toContain('The control is not clean: context-alone');
    expect(of('warning', lines)).toHaveLength(2);
    const notices = of('notice', lines).join('\n');
    expect(notices).toContain('::two-platforms was skipped: no arm64 emulation');
    expect(notices).toContain('::Also seen: build-failed in 1 of 5 iterations of explicit-variant.');
    expect(notices).toContain('::The run did not reach its end: stopped by SIGTERM.');
    const open = run([arm('two', { signals: [signal('hang', 0, 0, { verdict: 'inconclusive' })] })]);
    const expected = {
      ...open,
      arms: open.arms.map((one) => ({
        ...one,
        signals: one.signals.map((s) => ({ ...s, expected: true })),
      })),
    };
    expect(annotations([expected], [])).toEqual([
      expect.stringMatching(/^::warning .*::hang stays open for two/),
    ]);
    const clean = run([
      arm('two', { signals: [signal('hang', 0, 5, { expected: true, verdict: 'not-reproduced' })] }),
    ]);
    expect(annotations([clean], [])).toEqual([
      expect.stringMatching(/^::notice .*::hang was not reproduced/),
    ]);
  });

  test('of a sweep are its paragraphs: what a point reproduces is a warning', () => {
    const lines = annotations([run([point('0ms', 0), point('50ms', 9)])], []);
    expect(of('warning', lines)).toEqual([
      expect.stringContaining('::hang was seen at 1 of 2 points of race'),
    ]);
    expect(of('notice', lines)).toEqual([
      expect.stringContaining('::Also seen: build-failed at 1 of 2 points of race.'),
    ]);
    expect(annotations([run([point('0ms', 0), point('50ms', 0)])], [])).toEqual([
      expect.stringMatching(/^::notice .*::hang was seen at none of 2 points of race/),
    ]);
  });

  test('of a search are its conclusions, and no rate of a point', () => {
    const window = { phase: 'search' as const, searched: searchedPoints, bestMs: 50, runs: ['one'] };
    const lines = annotations([run([point('50ms', 9)], { window })], []);
    expect(lines).toEqual([
      expect.stringMatching(/^::warning .*::This run only searched: it would measure 50 ms apart/),
      expect.stringMatching(/^::notice .*::Also seen: build-failed at its one point of race\.$/),
    ]);
    const fresh = run(
      [arm('race', { signals: [signal('hang', 0, 9, { expected: true, verdict: 'not-reproduced' })] })],
      {
        window: { ...window, phase: 'confirm' },
      },
    );
    expect(annotations([fresh], [])).toEqual([
      expect.stringMatching(
        /^::warning .*The search saw it in 3 of 6 iterations, the fresh iterations in none/,
      ),
      expect.stringMatching(/^::notice .*::hang was not reproduced/),
    ]);
  });

  test('of a simulated builder say so', () => {
    const sides = comparison([comparisonRow()]);
    const lines = annotations(
      [simulated(fullRun())],
      [{ ...sides, run: { ...sides.run, builder: { ...sides.run.builder, simulated: true } } }],
    );
    for (const line of lines) expect(line).toContain(`::${simulatedBanner}. `);
  });

  test('of each kind there are as many as GitHub shows, the last tells of the others', () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, i) => comparisonRow({ arm: `arm-${i}` }));
    expect(annotations([], [comparison(rows(maxAnnotations))])).toHaveLength(maxAnnotations);
    const lines = annotations([], [comparison([...rows(14), comparisonRow({ verdict: 'improvement' })])]);
    expect(of('error', lines)).toHaveLength(maxAnnotations);
    expect(of('error', lines).at(-1)).toMatch(/::5 more of this kind/);
    expect(of('notice', lines)).toHaveLength(1);
  });

  test('whatever a text holds, it is one command, and the runner reads it back', () => {
    const text = fc.string({
      unit: fc.constantFrom(
        '%',
        '%0A',
        '%25',
        '\r',
        '\n',
        ':',
        '::',
        ',',
        ' x',
        '##[error]',
        '\u001b[1m',
        '–',
      ),
    });
    fc.assert(
      fc.property(text, (scenario) => {
        const [line = '', ...more] = annotations([run([arm('a', { skipped: scenario })], { scenario })], []);
        expect(more).toEqual([]);
        expect(line).not.toMatch(/[\r\n\u001b]/);
        const [, title = '', message = ''] = /^::notice title=([^:,]*)::(.*)$/.exec(line) ?? [];
        expect(unescaped(title, true)).toContain(' on buildctl v0.32.2, daemon v0.32.2');
        expect(unescaped(message, false)).toMatch(/^a was skipped: .*\.$/);
        expect(message.replace(/%(25|0A|0D)/g, '')).not.toContain('%');
      }),
    );
  });
});

/** As the runner does it: `%25` last. */
function unescaped(text: string, isProperty: boolean): string {
  const data = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  const more = isProperty ? data.replaceAll('%3A', ':').replaceAll('%2C', ',') : data;
  return more.replaceAll('%25', '%');
}
