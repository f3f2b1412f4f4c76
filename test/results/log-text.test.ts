import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cutLog,
  inPieces,
  type LogText,
  levelFor,
  missingLines,
  placeInFiles,
} from '../../src/results/log-text.js';

const log = (lines: readonly string[]): LogText => ({
  files: [
    { file: 'a.stdout', firstLine: 1 },
    { file: 'a.stderr', firstLine: 4 },
  ],
  lines: lines.length,
  bytes: 0,
  pieces: [{ firstLine: 1, lines }],
});
const numbered = (n: number): string[] => Array.from({ length: n }, (_, i) => `line ${i + 1}`);
const cost = (line: string): number => line.length + 1;
const costOf = ({ pieces }: LogText): number =>
  pieces.flatMap(({ lines }) => lines).reduce((sum, line) => sum + cost(line), 0);
const shown = ({ pieces }: LogText): string[] =>
  pieces.flatMap(({ firstLine, lines }) => lines.map((text, i) => `${firstLine + i}: ${text}`));

describe('a log that is cut', () => {
  test('stays as it is where there is room', () => {
    const whole = log(numbered(5));
    expect(cutLog(whole, 100, cost)).toBe(whole);
  });

  test('keeps head and tail, and says how many lines are missing', () => {
    const cut = cutLog(log(numbered(100)), 40, cost);
    expect(cut.pieces.map(({ firstLine, lines }) => [firstLine, lines.length])).toEqual([
      [1, 3],
      [99, 2],
    ]);
    expect(missingLines(cut)).toBe(95);
  });

  test('keeps the wanted lines before head and tail, the nearest around them first', () => {
    const cut = cutLog(log(numbered(100)), 32, cost, [50], 1);
    expect(shown(cut)).toEqual(['1: line 1', '49: line 49', '50: line 50', '51: line 51']);
    expect(shown(cutLog(log(numbered(100)), 8, cost, [50]))).toEqual(['50: line 50']);
  });

  test('may have no room for anything', () => {
    expect(cutLog(log(numbered(3)), 5, cost).pieces).toEqual([]);
  });

  test('never costs more than its budget, keeps lines in order under their own numbers, and can be cut again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 20 }), { maxLength: 60 }),
        fc.nat(300),
        fc.nat(300),
        fc.array(fc.integer({ min: 1, max: 70 }), { maxLength: 5 }),
        (lines, budget, second, wanted) => {
          const all = shown(log(lines));
          const once = cutLog(log(lines), budget, cost, wanted);
          const twice = cutLog(once, second, cost, wanted);
          for (const [cut, most] of [
            [once, budget],
            [twice, Math.max(second, 0)],
          ] as const) {
            expect(costOf(cut)).toBeLessThanOrEqual(Math.max(most, 0));
            const kept = shown(cut);
            expect(kept).toEqual(all.filter((line) => kept.includes(line)));
            expect(missingLines(cut)).toBe(lines.length - kept.length);
          }
        },
      ),
    );
  });
});

test('lines become pieces wherever one is missing', () => {
  const lines = [1, 2, 4, 5, 9].map((line) => ({ line, text: `${line}` }));
  expect(inPieces(lines)).toEqual([
    { firstLine: 1, lines: ['1', '2'] },
    { firstLine: 4, lines: ['4', '5'] },
    { firstLine: 9, lines: ['9'] },
  ]);
});

test('a line of a joined log is found in its file', () => {
  expect(placeInFiles(log([]), 3)).toEqual({ file: 'a.stdout', line: 3 });
  expect(placeInFiles(log([]), 4)).toEqual({ file: 'a.stderr', line: 1 });
  expect(placeInFiles({ ...log([]), files: [] }, 4)).toBeNull();
});

describe('the level to which the largest are cut', () => {
  test('is none where all fit', () => {
    expect(levelFor([3, 4, 5], 12)).toBe(Number.POSITIVE_INFINITY);
    expect(levelFor([], 0)).toBe(Number.POSITIVE_INFINITY);
  });

  test('leaves the small ones whole', () => {
    expect(levelFor([1, 2, 100, 200], 23)).toBe(10);
  });

  test('is as high as the budget allows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_000), { minLength: 1, maxLength: 20 }),
        fc.nat(5_000),
        (costs, budget) => {
          const total = (level: number): number => costs.reduce((sum, one) => sum + Math.min(one, level), 0);
          const level = levelFor(costs, budget);
          expect(total(level)).toBeLessThanOrEqual(Math.max(budget, 0));
          if (Number.isFinite(level)) expect(total(level + 1)).toBeGreaterThan(budget);
        },
      ),
    );
  });
});
