import { describe, expect, test } from 'vitest';
import { doubts, markdownText, plainText, verdictSentences } from '../../src/reports/sentence.js';
import type { ArmResult, RunResult, SignalResult } from '../../src/results/result.js';
import { arm, fullRun, run, signal } from './sample-result.js';

const drift = (count: number, of: number, more: Partial<SignalResult> = {}): SignalResult =>
  signal('platform-drift', count, of, {
    expected: true,
    verdict: count > 0 ? 'reproduced' : 'not-reproduced',
    ...more,
  });
const said = (...arms: readonly ArmResult[]) => verdictSentences(run(arms)).map(plainText);
const reproduce = (one: SignalResult, more: Partial<ArmResult> = {}) =>
  arm('explicit', { signals: [one], ...more });
const control = (name: string, count: number, of: number, more: Partial<ArmResult> = {}) =>
  arm(name, { role: 'control', of: 'explicit', signals: [signal('platform-drift', count, of)], ...more });

describe('one paragraph for each expected signal', () => {
  test('reproduced, with a clean control, and no race at all', () => {
    expect(plainText(verdictSentences(fullRun())[0] ?? [])).toBe(
      'platform-drift was reproduced in 5 of 5 iterations (57–100 %, Wilson 95 %) of explicit-variant; its control ' +
        'explicit-plain was clean in 5 of 5 (at most 45 %). It does not need concurrency: builds one at a time ' +
        'showed it in 5 of 5.',
    );
  });

  test('signals that nothing was seen of share one, as long as the same is to be said of them', () => {
    const none = (name: SignalResult['signal'], of: number) =>
      signal(name, 0, of, { expected: true, verdict: 'not-reproduced' });
    const signals = [
      none('context-failed', 5),
      none('hang', 4),
      none('cache-miss', 5),
      none('output-lost', 5),
    ];
    const paragraphs = said(arm('together', { signals }));
    expect(paragraphs).toEqual([
      'context-failed, cache-miss and output-lost were not reproduced: 0 of 5 iterations (at most 45 %) of together showed ' +
        'them; this run has no control for it.',
      'hang was not reproduced: 0 of 4 iterations (at most 53 %) of together showed it; this run has no control for it.',
    ]);
  });

  test('what stays open is said once for all signals', () => {
    const open = (name: SignalResult['signal']) =>
      signal(name, 0, 1, { expected: true, verdict: 'inconclusive' });
    const [first] = said(
      arm('together', {
        signals: [open('hang'), open('cache-miss')],
        iterations: { planned: 20, valid: 1, invalid: 0 },
      }),
    );
    expect(first).toContain(
      'hang and cache-miss stay open for together: only 1 of 20 planned iterations was',
    );
    expect(first).toContain('they were seen in 0 of 1');
  });

  test('not reproduced never stands without its limit', () => {
    const [first] = said(reproduce(drift(0, 5)), control('plain', 0, 5));
    expect(first).toBe(
      'platform-drift was not reproduced: 0 of 5 iterations (at most 45 %) of explicit showed it; its control plain ' +
        'was clean in 5 of 5 (at most 45 %).',
    );
  });

  test.each([
    ['no control', [], '; this run has no control for it.'],
    [
      'a control that was skipped',
      [control('plain', 0, 0, { skipped: 'no emulation' })],
      'plain was skipped.',
    ],
    ['a blind control', [control('plain', 0, 0)], 'its control plain could not be looked at.'],
    [
      'a control that the run did not reach',
      [control('plain', 0, 0, { iterations: { planned: 5, valid: 0, invalid: 0 } })],
      'of its control plain no iteration was finished.',
    ],
    [
      'two clean controls',
      [control('a', 0, 5), control('b', 0, 2)],
      'control a was clean in 5 of 5 (at most 45 %); its control b was clean in 2 of 2 (at most 78 %).',
    ],
  ])('%s', (_, controls, expected) => {
    expect(said(reproduce(drift(5, 5)), ...controls)[0]).toContain(expected);
  });

  test('a control that shows it too is said in a strong sentence, with the test of both arms', () => {
    const dirty = drift(5, 5, {
      controlDirty: true,
      againstControl: { control: 'plain', p: 0.0833, count: 2, of: 5 },
    });
    const [paragraph = []] = verdictSentences(run([reproduce(dirty), control('plain', 2, 5)]));
    const strong = paragraph.filter((one) => one.strong);
    expect(plainText(strong)).toBe(
      'The control is not clean: plain showed it too, in 2 of 5 iterations (Boschloo, the two arms: p = 0.08).',
    );
    expect(plainText(paragraph)).not.toContain('clean in');
    expect(markdownText(strong)).toMatch(/^\*\*The control is not clean: `plain`.*\*\*$/);
  });
});

describe('inconclusive', () => {
  const open = { verdict: 'inconclusive' } as const;

  test.each([
    [{ planned: 5, valid: 0, invalid: 5 }, drift(0, 0, open), 'none of 5 planned iterations was valid.'],
    [{ planned: 5, valid: 0, invalid: 0 }, drift(0, 0, open), 'none of 5 planned iterations was finished.'],
    [
      { planned: 5, valid: 2, invalid: 0 },
      drift(0, 2, open),
      'only 2 of 5 planned iterations were finished, and it was seen in 0 of 2 (at most 78 %).',
    ],
    [
      { planned: 5, valid: 2, invalid: 3 },
      drift(0, 2, open),
      'only 2 of 5 planned iterations were valid, and it was seen in 0 of 2 (at most 78 %).',
    ],
    [
      { planned: 5, valid: 5, invalid: 0 },
      drift(0, 0, {
        ...open,
        iterations: { count: 0, of: 0, blind: 5 },
        blindReasons: [
          { reason: 'no step carries a platform', count: 4 },
          { reason: 'cut', count: 1 },
        ],
      }),
      'all 5 valid iterations were blind (no step carries a platform, and 1 other reason).',
    ],
  ])('%j', (iterations, one, expected) => {
    expect(said(reproduce(one, { iterations }))[0]).toBe(
      `platform-drift stays open for explicit: ${expected}`,
    );
  });
});

test('blind iterations are told beside the others, and never as clean', () => {
  const one = drift(3, 3, {
    iterations: { count: 3, of: 3, blind: 2 },
    blindReasons: [{ reason: 'the log was cut', count: 2 }],
  });
  expect(said(reproduce(one))[0]).toContain('in 3 of 3 iterations');
  expect(said(reproduce(one))[0]).toContain('2 more iterations were blind (the log was cut).');
});

describe('whether it needs concurrency', () => {
  const asked = (
    answer: SignalResult['needsConcurrency']['answer'],
    p: number | null,
    count: number,
    of: number,
  ) => said(reproduce(drift(5, 5, { needsConcurrency: { answer, p, alone: { count, of } } })))[0];

  test.each([
    [
      asked('yes', 0.0079, 0, 5),
      'It needs concurrency: builds one at a time showed it in 0 of 5 (Boschloo p = 0.008).',
    ],
    [
      asked('yes', 0.012, 3, 60),
      'Concurrency makes it more frequent: builds one at a time showed it in 3 of 60',
    ],
    [asked('no', 1, 5, 5), 'It does not need concurrency: builds one at a time showed it in 5 of 5.'],
    [
      asked('undetermined', 0.21, 0, 5),
      'is undetermined: builds one at a time showed it in 0 of 5 (Boschloo p = 0.21).',
    ],
    [asked('undetermined', null, 0, 0), 'is undetermined: builds one at a time could not be looked at.'],
    [asked('not-tested', null, 0, 0), 'Whether it needs concurrency was not tested.'],
  ])('%s', (text, expected) => {
    expect(text).toContain(expected);
  });

  test.each([
    [{}, 'is undetermined: no iteration of builds one at a time was finished.'],
    [
      { stopping: { rule: 'first', maxIterations: 20 } as const },
      'is undetermined: the run stopped before builds one at a time.',
    ],
  ])('is not called blind where builds one at a time were not reached (%j)', (more, expected) => {
    const alone = arm('alone', {
      role: 'alone',
      of: 'explicit',
      iterations: { planned: 5, valid: 0, invalid: 0 },
    });
    const undetermined = drift(1, 1, {
      needsConcurrency: { answer: 'undetermined', p: null, alone: { count: 0, of: 0 } },
    });
    expect(plainText(verdictSentences(run([reproduce(undetermined), alone], more))[0] ?? [])).toContain(
      expected,
    );
  });

  test('is no question where nothing was seen', () => {
    expect(said(reproduce(drift(0, 5)))[0]).not.toContain('concurrency');
  });
});

test('what was reproduced is said first, then what stays open, then what was not', () => {
  const of = (name: string, verdict: 'reproduced' | 'inconclusive' | 'not-reproduced') =>
    arm(name, {
      signals: [signal('hang', verdict === 'reproduced' ? 1 : 0, 5, { expected: true, verdict })],
    });
  const firstWords = said(
    of('absent', 'not-reproduced'),
    of('open', 'inconclusive'),
    arm('emulated', { skipped: 'no arm64 emulation' }),
    of('one', 'reproduced'),
    of('two', 'reproduced'),
  ).map((text) => /\b(absent|open for open|emulated|one|two)\b/.exec(text)?.[0]);
  expect(firstWords).toEqual(['one', 'two', 'open for open', 'emulated', 'absent']);
});

test('an arm that was skipped, a run that expects nothing, and what was seen unasked', () => {
  expect(said(arm('emulated', { skipped: 'no arm64 emulation' }))).toEqual([
    'emulated was skipped: no arm64 emulation.',
  ]);
  expect(said(arm('a', { signals: [signal('build-failed', 2, 5)] }))).toEqual([
    'No arm of this run expects a signal.',
    'Also seen: build-failed in 2 of 5 iterations of a.',
  ]);
});

describe('what was seen unasked', () => {
  const of = (name: string, role: ArmResult['role'], ...signals: readonly SignalResult[]) =>
    arm(name, { role, of: role === 'reproduce' ? null : 'copies', signals });
  const other = (count: number, n = 5) => signal('platform-drift', count, n);
  const copies = (count: number) =>
    signal('copy-from-failed', count, 5, { expected: true, verdict: 'not-reproduced' });
  const unasked = (...arms: readonly ArmResult[]) => said(reproduce(drift(5, 5)), ...arms).at(-1);

  test('is told of arms that are not asked about it, though another one is; the same of several in one sentence', () => {
    expect(
      unasked(
        of('copies', 'reproduce', other(5), copies(0)),
        of('apart', 'control', other(5)),
        of('alone', 'alone', other(5)),
      ),
    ).toBe('Also seen: platform-drift in 5 of 5 iterations each of copies, apart and alone.');
  });

  test('shares no sentence where counts differ, or signals', () => {
    const failed = signal('build-failed', 5, 5);
    expect(
      unasked(
        of('copies', 'reproduce', other(5), failed, copies(0)),
        of('apart', 'control', other(4)),
        of('alone', 'alone', other(4, 4), failed),
      ),
    ).toBe(
      'Also seen: platform-drift in 5 of 5 iterations of copies. ' +
        'Also seen: build-failed in 5 of 5 iterations each of copies and alone. ' +
        'Also seen: platform-drift in 4 of 5 iterations of apart. ' +
        'Also seen: platform-drift in 4 of 4 iterations of alone.',
    );
  });

  test('of a run that stopped at its first sight has no rate, so that counts part no arms', () => {
    const arms = [of('copies', 'reproduce', other(1, 2), copies(0)), of('apart', 'control', other(2, 2))];
    const result = run([reproduce(drift(0, 2)), ...arms], { stopping: { rule: 'first' } });
    expect(plainText(verdictSentences(result).at(-1) ?? [])).toBe(
      'Also seen: platform-drift in copies and apart.',
    );
  });
});

test('what a verdict speaks of is not told again', () => {
  expect(said(reproduce(drift(5, 5)), control('plain', 2, 5)).join()).not.toContain('Also seen');
});

test('doubts: an early end, what was left out and why, warnings', () => {
  const weak = arm('a', {
    iterations: { planned: 5, valid: 1, invalid: 2 },
    invalidReasons: [
      { reason: 'no network', count: 1 },
      { reason: 'no space left', count: 1 },
    ],
  });
  const texts = doubts(run([weak], { stopped: 'SIGINT', warnings: ['a log was cut'] }));
  expect(texts.map((one) => plainText([one]))).toEqual([
    'The run did not reach its end: SIGINT.',
    '2 of 3 iterations of a are invalid and left out: no network (1); no space left (1).',
    'Warning: a log was cut',
  ]);
  expect(texts[0]?.strong).toBe(true);
  expect(doubts(run([arm('a')]))).toEqual([]);
});

test('other people’s words are harmless in both targets', () => {
  const paragraph =
    verdictSentences(run([arm('emulated', { skipped: 'ask @ada\u001b[2J about #5' })]))[0] ?? [];
  expect(plainText(paragraph)).toBe('emulated was skipped: ask @ada about #5.');
  expect(markdownText(paragraph)).toBe('`emulated` was skipped: ask `@ada about #5`.');
});

describe('a run that hung on what it saw', () => {
  const sequential = (answer: 'at-least' | 'at-most' | 'open') => ({
    answer,
    p0: 0.05,
    p1: 0.3,
    error: 0.05,
  });
  const stopped = (stopping: RunResult['stopping'], one: SignalResult) =>
    verdictSentences(run([reproduce(one), control('plain', 0, 12)], { stopping })).map(plainText)[0];
  const verdict = { rule: 'verdict', p0: 0.05, p1: 0.3, error: 0.05 } as const;

  test('says what it was settled as', () => {
    expect(stopped(verdict, drift(12, 12, { sequential: sequential('at-least') }))).toContain(
      'of explicit, which rules out a rate of 5 % or less (sequential test of 5 % against 30 %, errors 5 %); its control plain was clean',
    );
    expect(stopped(verdict, drift(0, 12, { sequential: sequential('at-most') }))).toContain(
      'of explicit showed it, which rules out a rate of 30 % or more',
    );
  });

  test('says what is known where it is open', () => {
    const open = drift(1, 9, { sequential: sequential('open'), verdict: 'inconclusive' });
    expect(stopped(verdict, open)).toContain(
      'platform-drift stays open for explicit: 1 of 9 iterations (2–43 %, Wilson 95 %) showed it, which rules out neither a rate of at least 30 % nor one of at most 5 % yet',
    );
  });

  test('says after how many iterations it stopped, and nothing of a plan', () => {
    const open = drift(0, 3, { verdict: 'inconclusive' });
    const [text] = verdictSentences(
      run([reproduce(open, { iterations: { planned: 1_000, valid: 3, invalid: 0 } })], {
        stopping: { rule: 'first' },
      }),
    ).map(plainText);
    expect(text).toContain('the run stopped after 3 valid iterations, and it was seen in 0 of 3');
  });

  test('says why builds alone differ, without a p', () => {
    const apart = drift(12, 12, {
      sequential: sequential('at-least'),
      needsConcurrency: { answer: 'yes', p: null, alone: { count: 0, of: 12 } },
    });
    expect(stopped(verdict, apart)).toContain(
      'It needs concurrency: builds one at a time showed it in 0 of 12 (the two confidence sequences do not meet).',
    );
  });

  test('a part of a plan without iterations of an arm has nothing to say of it', () => {
    const none = reproduce(drift(0, 0, { verdict: null }), {
      iterations: { planned: 0, valid: 0, invalid: 0 },
    });
    expect(said(none)).toEqual(['This part of the plan has no iteration of explicit.']);
  });

  test('prints no rate where it stopped at the first sight', () => {
    const course = `00-00000${'1'}`;
    const text = stopped(
      { rule: 'first' },
      drift(1, 8, { course, interval: { low: 0.01, high: 0.6, level: 0.95, method: 'confidence-sequence' } }),
    );
    expect(text).toContain(
      'platform-drift was first seen in the 8th iteration of explicit, where the run stopped',
    );
    expect(text).toContain('its rate lies in 1–60 %, confidence sequence 95 %');
    expect(text).not.toContain('1 of 8');
  });
});

describe('a rate that drifted', () => {
  test('is a doubt, once it is more than chance among all that were tested', () => {
    const course = '1'.repeat(10) + '0'.repeat(10);
    const one = drift(10, 20, { course, drift: { runs: 2, p: 0.0001 } });
    const even = signal('hang', 10, 20, { drift: { runs: 9, p: 0.03 } });
    expect(
      doubts(run([arm('explicit', { signals: [one, even] })])).map((sentence) => plainText([sentence])),
    ).toEqual(
      [
        'The rate of platform-drift in explicit drifted during the run: 10 of the first 10 iterations, 0 of the last 10 (runs test, p < 0.001).',
      ].concat(
        'The rate of hang in explicit drifted during the run: 10 of the first 10 iterations, 0 of the last 10 (runs test, p = 0.03).',
      ),
    );
    const many = Array.from({ length: 10 }, () => even);
    expect(doubts(run([arm('explicit', { signals: many })]))).toEqual([]);
  });
});
