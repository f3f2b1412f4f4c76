import { describe, expect, it } from 'vitest';
import { rateBars, shortened } from '../../src/reports/rate-bars.js';
import { columns } from '../../src/reports/width.js';
import { wilson } from '../../src/stats/interval.js';

const row = (label: string, count: number, of: number, beside?: string) => ({
  label,
  count,
  of,
  interval: of === 0 ? null : wilson(count, of),
  ...(beside === undefined ? {} : { beside }),
});

describe('bars of rates', () => {
  it('draw the rate and both ends of its interval, and say it in figures', () => {
    const head = { label: 'DELAY', beside: 'CONTROL' };
    const lines = rateBars(
      [
        row('0ms', 0, 10, '0/10'),
        row('50ms', 5, 10, '0/10'),
        row('1s', 10, 10, '1/10'),
        row('2s', 0, 0, '–'),
      ],
      { head },
    );
    expect(lines).toEqual([
      '  DELAY   SEEN  INTERVAL                        CONTROL',
      '  0ms     0/10    0–28 %  ──────                0/10',
      '  50ms    5/10   24–76 %  █████▓▓▓▓▓─────       0/10',
      '  1s     10/10  72–100 %  ██████████████▓▓▓▓▓▓  1/10',
      '  2s         –                                  –',
    ]);
  });

  it('draw something where something was seen', () => {
    expect(rateBars([row('x', 1, 1_000)])[0]).toContain('▓');
    expect(rateBars([row('x', 0, 1_000)])[0]).not.toContain('▓');
  });

  it.each([80, 60, 50, 40])('keep within %d columns, figures and control last to go', (width) => {
    const labels = [
      'short',
      'a label that is much longer than a label should ever be, also here',
      '字'.repeat(40),
    ];
    const lines = rateBars(
      labels.map((label) => row(label, 5, 10, '0/10')),
      { width, head: { label: 'FACTOR', beside: 'CONTROL' } },
    );
    for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width);
    for (const line of lines.slice(1)) expect(line).toContain('5/10');
    for (const line of lines.slice(1)) expect(line).toContain('0/10');
  });

  it('take no orders from a label', () => {
    expect(rateBars([row('a\u001b[2Jb\nc', 1, 2)])[0]).toMatch(/^ {2}ab c {2}1\/2/);
  });
});

it('a text that is cut shows it', () => {
  expect(shortened('abcdef', 6)).toBe('abcdef');
  expect(shortened('abcdefg', 6)).toBe('abcde…');
  expect(columns(shortened('字字字字', 5))).toBeLessThanOrEqual(5);
});
