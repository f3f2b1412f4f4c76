import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { markdownReport } from '../../src/reports/markdown.js';
import { plainText } from '../../src/reports/sentence.js';
import { renderTable } from '../../src/reports/table.js';
import { columns } from '../../src/reports/width.js';
import { conclusions, windowDrawing } from '../../src/reports/window.js';
import type { RunResult, WindowResult } from '../../src/results/result.js';
import { arm, run, signal } from './sample-result.js';

const searched = [
  { offsetMs: 0, count: 0, of: 3 },
  { offsetMs: 50, count: 3, of: 3 },
  { offsetMs: 63, count: 5, of: 5 },
  { offsetMs: 1_000, count: 0, of: 0 },
];

const measured = (count: number): RunResult =>
  run(
    [
      arm('main', {
        lanes: { count: 2, builds: 2, startSpreadMs: 0.1, delaysMs: [0, 63] },
        iterations: { planned: 20, valid: 20, invalid: 0 },
        signals: [
          signal('cache-mount-lost', count, 20, { expected: true, verdict: 'reproduced' }),
          signal('hang', 1, 20),
        ],
      }),
    ],
    { window: { phase: 'confirm', searched, bestMs: 63, runs: ['one', 'two'] } },
  );

const searching = (window: Partial<WindowResult> = {}): RunResult =>
  run(
    [
      arm('main-delay-0ms', {
        point: { arm: 'main', factors: { delay: '0ms' } },
        signals: [signal('cache-mount-lost', 0, 3, { expected: true, verdict: 'not-reproduced' })],
      }),
    ],
    {
      verdict: 'not-reproduced',
      window: {
        phase: 'search',
        searched: searched.map((point) => ({ ...point, count: 0 })),
        bestMs: null,
        runs: ['one'],
        ...window,
      },
    },
  );

const said = (result: RunResult): string => conclusions(result).map(plainText).join('\n');

describe('the drawing', () => {
  it('has a row for each offset, the one that was measured marked, and the fresh rate below', () => {
    expect(windowDrawing(measured(19))).toEqual([
      'By offset between lanes (searched to choose one; not the rate):',
      '  OFFSET   SEEN  INTERVAL',
      '     0 ms   0/3    0–56 %  ───────────',
      '    50 ms   3/3  44–100 %  █████████▓▓▓▓▓▓▓▓▓▓▓',
      '    63 ms   5/5  57–100 %  ███████████▓▓▓▓▓▓▓▓▓  ← measured',
      '  1000 ms     –',
      'Measured on fresh iterations 63 ms apart:',
      '  main cache-mount-lost  19/20  76–99 %  ███████████████▓▓▓▓─',
      '  █ to the lower limit, ▓ to the rate, ─ to the upper limit',
    ]);
  });

  it('shows no fresh rate where there is none, and nothing where nothing was searched', () => {
    expect(windowDrawing(searching()).join()).not.toContain('fresh');
    expect(windowDrawing(run([]))).toEqual([]);
  });

  it.each([40, 60, 80])('keeps within %i columns of a terminal, but for a path', (width) => {
    const result = measured(19);
    const text = renderTable(result, { width, colors: pc.createColors(false) });
    expect(text).toContain('50 ms');
    for (const line of text.split('\n').filter((one) => one !== result.directory))
      expect(columns(line), line).toBeLessThanOrEqual(width);
  });
});

describe('what is said', () => {
  it('of a confirmation: its verdict, and that the search counts in no rate', () => {
    expect(said(measured(19))).toContain('was reproduced in 19 of 20');
    expect(said(measured(19))).toContain(
      'The lanes were let go 63 ms apart. That offset was chosen by 11 iterations at 3 offsets (0 to 63 ms)',
    );
    expect(said(measured(19))).not.toContain('the fresh iterations in none');
  });

  it('of one that did not see what the search saw', () => {
    expect(said(measured(0))).toContain(
      'The search saw it in 8 of 11 iterations, the fresh iterations in none',
    );
  });

  const notLookedAt = {
    'was stopped before its first fresh iteration ended': { valid: 0, invalid: 0, blind: 0 },
    'has invalid fresh iterations only': { valid: 0, invalid: 20, blind: 0 },
    'has blind fresh iterations only': { valid: 20, invalid: 0, blind: 20 },
  };

  it.each(Object.entries(notLookedAt))('of a confirmation that %s: no more than that', (_, counts) => {
    const { blind, ...iterations } = counts;
    const open = signal('cache-mount-lost', 0, 0, {
      expected: true,
      verdict: 'inconclusive',
      iterations: { count: 0, of: 0, blind },
      blindReasons: blind === 0 ? [] : [{ reason: 'the log was cut', count: blind }],
    });
    const none = arm('main', {
      iterations: { planned: 20, ...iterations },
      signals: [open, signal('hang', 0, iterations.valid)],
    });
    // A control that could be looked at is no fresh look at the arm.
    const control = arm('apart', {
      role: 'control',
      of: 'main',
      signals: [signal('cache-mount-lost', 0, 20, { expected: true })],
    });
    const result = { ...measured(0), arms: [none, control], stopped: 'stopped by SIGINT' };
    expect(said(result)).toContain(
      'The search saw it in 8 of 11 iterations; no fresh iteration counts, so that this is neither confirmed nor refuted.',
    );
    expect(said(result)).not.toContain('rarer');
    expect(
      conclusions(result)
        .at(-1)
        ?.some(({ strong }) => strong),
    ).toBe(false);
  });

  it('of a search that found nothing: how often it can still show, there and over all, and what to try', () => {
    const text = said(searching());
    // Clopper and Pearson, one-sided: 1 - 0.05^(1/5) and 1 - 0.05^(1/11).
    expect(text).toContain('at most 45 % of the iterations where most was looked at (63 ms, 5)');
    expect(text).toContain('at most 24 % over all offsets together');
    expect(text).toContain('look further: --max-iterations for a narrower or rarer window.');
    expect(text).not.toContain('main-delay-0ms');
  });

  it('of one whose lanes still overlapped at the end: to look later as well', () => {
    const text = said(searching({ searched: searched.slice(0, 3).map((one) => ({ ...one, count: 0 })) }));
    expect(text).toContain('rarer window, --window 0ms..126ms for a later one.');
  });

  it('of one in which nobody could look anywhere', () => {
    const blind = searched.map(({ offsetMs }) => ({ offsetMs, count: 0, of: 0 }));
    expect(said(searching({ searched: blind }))).toContain(
      'Nobody could look: at none of 4 offsets is there an iteration that says anything.',
    );
    expect(said(searching({ searched: [] }))).not.toContain('at most');
  });

  it('of a search that goes on: that its rates are none', () => {
    expect(said(searching({ searched, bestMs: 63 }))).toContain(
      'This run only searched: it would measure 63 ms apart',
    );
  });

  it('of an arm that the builder cannot run: once, not for each of its points', () => {
    const point = (delay: string) =>
      arm(`main-${delay}`, { point: { arm: 'main', factors: { delay } }, skipped: 'no arm64 here' });
    const result = { ...searching({ searched: [] }), arms: [point('0ms'), point('50ms')] };
    expect(said(result).match(/main was skipped: no arm64 here\./g)).toHaveLength(1);
  });
});

describe('the reports', () => {
  const table = (result: RunResult): string => renderTable(result, { colors: pc.createColors(false) });

  it('show the points of a search in its drawing alone', () => {
    for (const text of [table(searching()), markdownReport.render(searching())]) {
      expect(text).toContain('   50 ms');
      expect(text).not.toMatch(/main-delay-0ms.*cache-mount-lost/);
    }
  });

  it('show both the rates and where they were looked for', () => {
    for (const text of [table(measured(19)), markdownReport.render(measured(19))]) {
      expect(text).toContain('← measured');
      expect(text).toMatch(/cache-mount-lost.*19\/20/);
    }
  });
});
