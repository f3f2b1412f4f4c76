import { describe, expect, it } from 'vitest';
import { planText } from '../../src/reports/plan-text.js';
import { timeText } from '../../src/reports/time-text.js';
import { columns } from '../../src/reports/width.js';
import type { Estimate, Measured, PlanAnswer } from '../../src/results/plan-answer.js';

const answer: PlanAnswer = {
  schemaVersion: 1,
  scenario: 'sample',
  see: { rate: 0.123, confidence: 0.95, iterations: 23 },
  table: [
    { rate: 0.01, confidence: 0.9, iterations: 230 },
    { rate: 0.01, confidence: 0.99, iterations: 459 },
    { rate: 0.5, confidence: 0.9, iterations: 4 },
    { rate: 0.5, confidence: 0.99, iterations: 7 },
  ],
  tell: { p0: 0.05, p1: 0.3, error: 0.05, fixed: 24, sequential: { atP0: 14.61, atP1: null } },
  measured: null,
  estimates: [],
};
const measured: Measured = {
  iterations: 3,
  iterationMs: { median: 2_000, low: 1_900, high: 65_000 },
  warmUpMs: 500,
  iterationBytes: 47_500,
  directory: '/results/run',
  builder: { kind: 'buildctl', version: 'v1', daemonVersion: 'v2\u001b[2J', simulated: false },
  arms: ['one', 'two'],
};
const day = 86_399_000;
const estimates: Estimate[] = (['see', 'tell-fixed', 'tell-at-p0', 'tell-at-p1'] as const).map((of) => ({
  of,
  iterations: 14.61,
  ms: { median: day, low: day, high: day },
  bytes: 691_600_000,
}));

describe('the text of a plan', () => {
  it('has the figures, and nothing of this machine where nothing was measured', () => {
    const text = planText(answer);
    expect(text).toContain('           90 %    99 %\n    1 %     230     459\n   50 %       4       7\n');
    expect(text.replaceAll('\n', ' ')).toContain(
      '12.3 % of the iterations is seen with 95 % confidence within 23 iterations.',
    );
    expect(text.replaceAll('\n', ' ')).toContain('on average 14.6 at 5 % and more than 10000 at 30 %.');
    expect(text).not.toMatch(/\bhere\b|DISK/);
  });

  it('has rates that differ look it, and no 100 % for less', () => {
    const tell = { ...answer.tell, p0: 0.49999, p1: 0.5 };
    const words = planText({ ...answer, tell, see: { ...answer.see, confidence: 0.999999 } }).replaceAll(
      /\s+/g,
      ' ',
    );
    expect(words).toContain('a rate of 50 % or more from one of 49.999 % or less');
    expect(words).toContain('99.9999 % confidence');
    expect(words).not.toContain('100 %');
  });

  it('says what it takes here', () => {
    const text = planText({ ...answer, measured, estimates });
    const words = text.replaceAll(/\s+/g, ' ');
    expect(words).toContain('Measured here on buildctl v1, daemon v2: 3 iterations of 2 arms.');
    expect(words).toContain('takes 2.0 s (1.9 s to 1 min 5 s) and leaves 47.5 kB');
    expect(words).toContain('Run directory: /results/run');
    expect(words).toContain('verdict at 5 % 14.6 24 h 24 h 24 h 691.6 MB');
    for (const line of text.split('\n')) expect(columns(line)).toBeLessThanOrEqual(80);
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('SIMULATED');
  });

  it('keeps within 40 columns, but for a path', () => {
    const directory = `/${'x'.repeat(60)}`;
    const text = planText({ ...answer, measured: { ...measured, directory }, estimates }, 40);
    for (const line of text.split('\n').filter((one) => one !== directory))
      expect(columns(line)).toBeLessThanOrEqual(40);
    expect(text.split('\n')).toContain(directory);
    const words = text.replaceAll(/\s+/g, ' ');
    expect(words).toContain('To verdict at 5 %: N 14.6, 24 h (24 h to 24 h), 691.6 MB');
  });

  it('warns of the simulated builder', () => {
    const builder = { ...measured.builder, simulated: true };
    expect(planText({ ...answer, measured: { ...measured, builder } })).toMatch(/^SIMULATED BUILDER/);
  });
});

it.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min'],
  [200_000, '3 min 20 s'],
  [3_599_999, '1 h'],
  [7_500_000, '2 h 5 min'],
])('%d ms is %s', (ms, text) => {
  expect(timeText(ms)).toBe(text);
});
