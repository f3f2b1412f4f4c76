import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { sweepResult } from '../../src/judgement/sweep.js';
import { markdownReport } from '../../src/reports/markdown.js';
import { plainText, verdictSentences } from '../../src/reports/sentence.js';
import { moverSentence } from '../../src/reports/swept.js';
import { renderTable } from '../../src/reports/table.js';
import type { ArmResult, RunResult, SignalResult, SweepResult } from '../../src/results/result.js';
import { arm, run, signal } from './sample-result.js';

/** A point over delay with `count` of 10, beside a control that is clean unless told otherwise. */
function point(delay: string, count: number, more: Partial<ArmResult> = {}, dirty = 0): ArmResult[] {
  const at = (name: string) => ({ name: `${name}-delay-${delay}`, point: { arm: name, factors: { delay } } });
  const race = at('race');
  const calm = at('calm');
  return [
    arm(race.name, {
      point: race.point,
      iterations: { planned: 10, valid: 10, invalid: 0 },
      signals: [
        signal('hang', count, 10, { expected: true, verdict: count > 0 ? 'reproduced' : 'not-reproduced' }),
      ],
      ...more,
    }),
    arm(calm.name, {
      point: calm.point,
      role: 'control',
      of: race.name,
      signals: [signal('hang', dirty, 10)],
    }),
  ];
}

function sweep(...points: readonly ArmResult[][]): RunResult {
  const arms = points.flat();
  return run(arms, { sweep: sweepResult(arms, { seed: 1, stopping: { rule: 'fixed' } }) });
}

const usual = sweep(point('0ms', 0), point('50ms', 3), point('100ms', 10));
const table = (result: RunResult, width = 80) =>
  renderTable(result, { width, colors: pc.createColors(false) });
const paragraphs = (result: RunResult) => verdictSentences(result).map(plainText);

describe('the table of a sweep', () => {
  it('is one block of rows in the order of the levels, with the control, and what moves the rate', () => {
    const shown = table(usual);
    expect(shown).toContain(
      [
        'race: hang',
        '  DELAY   SEEN  INTERVAL                        CONTROL',
        '  0ms     0/10    0–28 %  ──────                0/10',
        '  50ms    3/10   11–60 %  ██▓▓▓▓──────          0/10',
        '  100ms  10/10  72–100 %  ██████████████▓▓▓▓▓▓  0/10',
        '  delay moves it (p < 0.001).',
        '',
        '█ to the lower limit, ▓ to the rate, ─ to the upper limit',
        'p: permutation test within the levels of the other factors',
      ].join('\n'),
    );
    expect(shown).not.toContain('race-delay');
    expect(shown).not.toContain('calm-delay');
  });

  it.each([120, 80, 60, 40])('keeps within %d columns, but for a path', (width) => {
    for (const line of table(usual, width)
      .split('\n')
      .filter((one) => one !== usual.directory))
      expect(line.length).toBeLessThanOrEqual(width);
  });

  it('stands beside arms that are no points', () => {
    const other = arm('other', {
      signals: [signal('hang', 5, 10, { expected: true, verdict: 'reproduced' })],
    });
    const shown = table({ ...usual, arms: [...usual.arms, other] });
    expect(shown).toMatch(/other: reproduce, 2 lanes\n {2}hang +5\/10 .*reproduced/);
    expect(shown).toContain('race: hang');
  });

  it('shows controls by themselves where their reproduce arm was not run', () => {
    const controls = usual.arms.filter(({ role }) => role === 'control');
    expect(table(run(controls))).toContain('calm-delay-50ms: control');
  });

  it('takes no orders from a level', () => {
    const hostile = sweep(point('\u001b[2J|<b>\n# x', 1), point('`', 0));
    expect(table(hostile)).not.toContain('\u001b');
    const markdown = markdownReport.render(hostile);
    expect(markdown).not.toContain('\u001b');
    expect(markdown).not.toMatch(/^# x/m);
    const row = markdown.split('\n').find((line) => line.includes('1/10'));
    expect(row?.split('|')).toHaveLength(7);
  });
});

describe('the Markdown of a sweep', () => {
  const markdown = markdownReport.render(usual);

  it('has the rates by point', () => {
    expect(markdown).toContain('`hang` in `race`:\n\n| `delay` | Iterations | Interval | Rate | Control |');
    expect(markdown).toContain('| `50ms` | 3/10 | 11–60 % | ██▓▓▓▓────── | 0/10 |');
    expect(markdown).toContain('`delay` moves it (p < 0.001).');
  });

  it('tells how one point was run, and of how many it is', () => {
    expect(markdown.match(/^- Arm `race-.*$/gm)).toEqual([
      expect.stringMatching(/`race-delay-0ms` .* One of 3 points of `race`, which differ in `delay`\.$/),
    ]);
  });

  it('has no table of arms that would be empty', () => {
    expect(markdown).not.toContain('How often');
    expect(markdown).not.toContain('| Arm | Role |');
  });
});

describe('the sentences of a sweep', () => {
  it('are one paragraph for the arm', () => {
    expect(paragraphs(usual)).toEqual([
      'hang was seen at 2 of 3 points of race; most at delay 100ms: 10 of 10 iterations (72–100 %, Wilson 95 %). ' +
        'Its control calm was clean at all 3 points. ' +
        'A sweep leaves out builds one at a time: whether it needs concurrency was not tested.',
    ]);
  });

  it('name one of the points at which it was seen most, and say how many others there are', () => {
    expect(paragraphs(sweep(point('0ms', 5), point('50ms', 5), point('1s', 1)))[0]).toContain(
      'most at delay 0ms (as often at 1 more): 5 of 10 iterations',
    );
  });

  it('say that nothing was seen, with the limit that holds at each point', () => {
    expect(paragraphs(sweep(point('0ms', 0), point('50ms', 0)))).toEqual([
      'hang was seen at none of 2 points of race (at most 26 % at each). Its control calm was clean at all 2 points.',
    ]);
  });

  it('say at which point a control was not clean, in a line of its own', () => {
    const dirty = sweep(point('0ms', 1), point('50ms', 1, {}, 2), point('100ms', 1, {}, 3));
    expect(paragraphs(dirty)[0]).toContain(
      'The control is not clean: calm showed hang too, at 2 of 3 points, first at delay 50ms in 2 of 10.',
    );
    expect(table(dirty)).toMatch(/^! The control is not clean/m);
  });

  it('say where points were skipped, blind or spoilt', () => {
    const skipped = point('1s', 0, {
      skipped: 'it asks for 8 processors',
      signals: [signal('hang', 0, 0, { expected: true, verdict: 'inconclusive' })],
    });
    const blind = point('2s', 0, {
      signals: [
        signal('hang', 0, 0, {
          expected: true,
          verdict: 'inconclusive',
          blindReasons: [{ reason: 'the log was cut', count: 10 }],
        }),
      ],
    });
    const spoilt = point('3s', 0, {
      iterations: { planned: 10, valid: 0, invalid: 10 },
      invalidReasons: [{ reason: 'no space', count: 10 }],
      signals: [signal('hang', 0, 0, { expected: true, verdict: 'inconclusive' })],
    });
    const result = sweep(point('0ms', 4), skipped, blind, spoilt);
    expect(paragraphs(result)[0]).toContain('race was skipped at 1 of 4 points: it asks for 8 processors.');
    expect(paragraphs(result)[0]).toContain(
      'hang was seen at 1 of 3 points of race; most at delay 0ms: 4 of 10',
    );
    expect(paragraphs(result)[0]).toContain('hang stays open at 1 of 3 points: blind (the log was cut).');
    expect(paragraphs(result)[0]).toContain('hang stays open at 1 of 3 points: no valid iteration.');
    expect(table(result)).toMatch(/^ {2}1s +– +skipped$/m);
    expect(table(result).replaceAll('\n', ' ')).toContain('iterations at the points of race are invalid');
  });

  it('name unexpected signals once for each arm', () => {
    const more = { signals: [signal('build-failed', 2, 10)] };
    const result = sweep(point('0ms', 0, more), point('50ms', 0, more));
    expect(paragraphs(result).at(-1)).toBe('Also seen: build-failed at all 2 points of race.');
  });

  it('tell unexpected signals of arms that are not asked about them, though another arm is', () => {
    const copies = (delay: string, ...signals: readonly SignalResult[]) =>
      arm(`copies-${delay}`, {
        point: { arm: 'copies', factors: { delay } },
        signals: [
          signal('copy-from-failed', 0, 10, { expected: true, verdict: 'not-reproduced' }),
          ...signals,
        ],
      });
    const apart = (delay: string, ...signals: readonly SignalResult[]) =>
      arm(`apart-${delay}`, {
        ...{ role: 'control', of: `copies-${delay}`, signals },
        point: { arm: 'apart', factors: { delay } },
      });
    const hang = signal('hang', 3, 10);
    const last = (...arms: readonly ArmResult[]) => paragraphs(sweep(point('0ms', 4), [...arms])).at(-1);
    expect(last(copies('0ms', hang), copies('50ms'))).toBe('Also seen: hang at 1 of 2 points of copies.');
    expect(last(copies('0ms', hang), copies('50ms'), apart('0ms', hang), apart('50ms'))).toBe(
      'Also seen: hang at 1 of 2 points each of copies and apart.',
    );
    expect(last(copies('0ms', hang), copies('50ms', hang), apart('0ms', hang), apart('50ms'))).toBe(
      'Also seen: hang at all 2 points of copies. Also seen: hang at 1 of 2 points of apart.',
    );
    expect(last(copies('0ms', hang), copies('50ms'), apart('0ms', hang))).toBe(
      'Also seen: hang at 1 of 2 points of copies. Also seen: hang at its one point of apart.',
    );
    expect(last(copies('0ms', hang), apart('0ms', hang))).toBe(
      'Also seen: hang at the one point each of copies and apart.',
    );
    // A control is asked about what its arm expects.
    expect(paragraphs(sweep(point('0ms', 4, {}, 2))).join()).not.toContain('Also seen');
  });
});

describe('which factor moves a rate', () => {
  const said = (tests: readonly [factor: string, pAdjusted: number][]) => {
    const sweep: SweepResult = {
      factors: [],
      tests: tests.map(([factor, pAdjusted]) => ({ arm: 'race', signal: 'hang', factor, p: 0, pAdjusted })),
    };
    const sentence = moverSentence(run([], { sweep }), 'race', 'hang');
    return sentence === null ? null : plainText([sentence]);
  };

  it('is said in one sentence, those that do first', () => {
    expect(said([])).toBeNull();
    expect(
      said([
        ['lanes', 0.6],
        ['delay', 0.001],
      ]),
    ).toBe('delay moves it (p = 0.001); nothing says that lanes do (p = 0.6).');
    expect(
      said([
        ['files', 0.01],
        ['delay', 0.04],
        ['arg.A', 0.05],
        ['lanes', 1],
      ]),
    ).toBe(
      'files move it (p = 0.01); delay moves it (p = 0.04); nothing says that arg.A does (p = 0.05), or that lanes do (p > 0.99).',
    );
    expect(
      said([
        ['delay', 0.3],
        ['lanes', 0.5],
      ]),
    ).toBe('Nothing says that delay moves it (p = 0.3), or that lanes do (p = 0.5).');
  });
});
