import { describe, expect, it } from 'vitest';
import { baselineTable } from '../../src/reports/baseline-table.js';
import { columns } from '../../src/reports/width.js';

const row = (name: string) => ({
  name,
  startedAt: '2026-11-21T10:15:00.000Z',
  iterations: 20,
  simulated: true,
});

describe('the table of baselines', () => {
  it('has a line for each where that fits', () => {
    expect(baselineTable([row('one\u001b[2J'), { ...row('other'), simulated: false }])).toBe(
      'BASELINE  MADE        ITERATIONS\none       2026-11-21  20          SIMULATED\nother     2026-11-21  20',
    );
  });

  it('has the rest below the name, which stays whole, where it does not', () => {
    const name = 'x'.repeat(50);
    const text = baselineTable([row(name), row('other')], 40);
    expect(text.split('\n')).toEqual([
      name,
      '  made 2026-11-21, 20 iterations,',
      '  SIMULATED',
      'other',
      '  made 2026-11-21, 20 iterations,',
      '  SIMULATED',
    ]);
    for (const line of text.replaceAll(name, '').split('\n')) expect(columns(line)).toBeLessThanOrEqual(40);
  });
});
