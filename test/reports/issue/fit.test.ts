import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyLength, fitted, logLines } from '../../../src/reports/issue/fit.js';
import { type CodePart, chunk, linesAsLog, type Part, text } from '../../../src/reports/issue/parts.js';
import { logText } from '../sample-detail.js';

const code = (lines: readonly string[], wanted: readonly number[] = []): CodePart => ({
  kind: 'code',
  summary: null,
  language: 'text',
  chunks: [chunk(linesAsLog(lines), wanted)],
});
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `line ${i + 1}`);

describe('a body of at most so many characters', () => {
  test('is whole where it fits', () => {
    expect(fitted([text('Head'), code(['a', 'b'])], 100)).toBe('Head\n\n```text\na\nb\n```\n');
  });

  test('loses the middle of its longest log first; wanted lines, head and tail stay', () => {
    const body = fitted([code(numbered(5)), code(numbered(1_000), [500])], 600);
    expect(body).toContain('line 1\nline 2\nline 3\nline 4\nline 5\n```');
    expect(body).toMatch(
      /line 1\n[\s\S]*lines left out …\n[\s\S]*line 500\n[\s\S]*lines left out …\n[\s\S]*line 1000\n/,
    );
    expect(bodyLength(body)).toBeLessThanOrEqual(600);
    expect(bodyLength(body)).toBeGreaterThan(450);
  });

  test('shows files whole or not at all, the first of them first', () => {
    const file = (name: string, size: number): Part => ({
      kind: 'whole',
      summary: null,
      language: 'sh',
      content: `${name}${'x'.repeat(size)}\n`,
      otherwise: `${name} is elsewhere.`,
    });
    const body = fitted([file('one', 300), file('two', 300), file('three', 10)], 500);
    expect(body).toContain('```sh\nonexxx');
    expect(body).toContain('two is elsewhere.');
    expect(body).toContain('threexxx');
  });

  test('leaves room for logs in front of files', () => {
    const script: Part = {
      kind: 'whole',
      summary: null,
      language: 'sh',
      content: 'x\n'.repeat(16_000),
      otherwise: 'elsewhere',
    };
    const body = fitted([script, code(numbered(5_000))], 60_000);
    expect(body).toContain('elsewhere');
    expect(bodyLength(body)).toBeGreaterThan(40_000);
    expect(fitted([script, code(numbered(5))], 60_000)).not.toContain('elsewhere');
  });

  test('leaves out texts that can be spared, and says how many', () => {
    const parts = [
      text('kept'),
      text('a'.repeat(200), 1),
      text('b'.repeat(200), 2),
      text('c'.repeat(200), 2),
    ];
    const body = fitted(parts, 320);
    expect(body).toContain('aaa');
    expect(body).not.toMatch(/bbb|ccc/);
    expect(body).toContain('Left out, to stay within what an issue can hold: 2 paragraphs.');
  });

  test('holds for all logs and limits that leave room for fences', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.constantFrom('`'.repeat(500), 'x'.repeat(5_000), '\u{1f600}'.repeat(400)),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(line, { maxLength: 60 }), { maxLength: 5 }),
        fc.integer({ min: 7_000, max: 20_000 }),
        (logs, limit) => {
          const parts = logs.map((lines) => code(lines, [30]));
          const body = fitted(parts, limit);
          expect(bodyLength(body)).toBeLessThanOrEqual(limit);
          expect(body.match(/^`{3,}text$/gm) ?? []).toHaveLength(logs.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('a line break counts twice, as browsers send it', () => {
  expect(bodyLength('a\nb\n')).toBe(6);
  expect(bodyLength('\u{1f600}')).toBe(2);
});

test('a log says where lines are missing', () => {
  const log = {
    ...logText([]),
    lines: 9,
    pieces: [
      { firstLine: 3, lines: ['c', 'd'] },
      { firstLine: 7, lines: ['g'] },
    ],
  };
  expect(logLines(log)).toEqual([
    '… 2 lines left out …',
    'c',
    'd',
    '… 2 lines left out …',
    'g',
    '… 2 lines left out …',
  ]);
  expect(logLines({ ...log, pieces: [] })).toEqual(['… 9 lines left out …']);
  expect(logLines(logText([]))).toEqual(['(empty)']);
});
