import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { compare } from '../../src/judgement/comparison/compare.js';
import { simulatedBanner } from '../../src/reports/banner.js';
import { renderComparison } from '../../src/reports/comparison-table.js';
import { columns } from '../../src/reports/width.js';
import type { Comparison } from '../../src/results/comparison.js';
import { comparable, comparableArm, drift, seen } from '../judgement/sample-comparable.js';
import { sampleComparison } from './sample-comparison.js';

const plain = pc.createColors(false);
const lines = (comparison: Comparison, width?: number) =>
  renderComparison(comparison, width === undefined ? { colors: plain } : { width, colors: plain }).split(
    '\n',
  );

describe('a comparison in a terminal', () => {
  it('says the verdict first, then what was compared, and a line for each rate', () => {
    const text = lines(sampleComparison());
    expect(text[0]).toBe('Regression: 1 of 5 rates went up by more than chance explains.');
    expect(text.join(' ')).toContain(
      'Base: baseline 2026-11-20T10-15-00-000Z-chaos-1506-buildctl-a, buildctl v0.32.2, 2026-11-20',
    );
    expect(text).toContain('Note: alone was left out: not in the base.');
    expect(text).toContain('explicit-variant: reproduce');
    expect(text).toContain('  platform-drift     0/20  20/20  +100 (+77 to +100)  < 0.001  REGRESSION');
    expect(text).toContain('  build-failed      20/20   0/20  −100 (−100 to −77)  < 0.001  improvement');
    expect(text).toContain('  platform-drift     0/20   0/20      0 (−16 to +16)   > 0.99  unchanged');
    expect(text).toContain('  context-failed     0/20      –                   –        –  undetermined');
    expect(text).toContain('    the run has no iteration in which it could be seen');
  });

  it('says what would settle an undetermined row', () => {
    const { rows } = sampleComparison();
    const n = rows.find(({ signal }) => signal === 'copy-from-failed')?.iterationsToSettle;
    expect(n).toBeGreaterThan(20);
    expect(lines(sampleComparison())).toContain(`    about ${n} iterations of each would settle it`);
  });

  it.each([
    [20, 20, 'Undetermined: of 1 rate, 1 can be called neither changed nor unchanged (margin'],
    [20, 0, 'Improvement: 1 of 1 rate went down by more than chance explains, and none went'],
    [0, 0, 'Unchanged: 1 rate stays within 20 points of the base.'],
    [0, 20, 'Regression: 1 of 1 rate went up by more than chance explains.'],
  ])('has a sentence for %i of 20 then %i', (there, here, sentence) => {
    const few = there === here && there > 0 ? 4 : 20;
    const comparison = compare(
      drift('base', Math.min(there, few), few),
      drift('run', Math.min(here, few), few),
      0.2,
    );
    expect(lines(comparison)[0]).toBe(sentence);
  });

  it('says once what holds for all rows', () => {
    const { machine } = drift('base', 0);
    const text = lines(sampleComparison({ machine: { ...machine, cpus: 64 } }))
      .join(' ')
      .replace(/\s+/g, ' ');
    expect(text).toContain('Undetermined: of 5 rates, 5');
    expect(text.split('number of CPUs 2 there, 64 here')).toHaveLength(2);
  });

  it.each([200, 80, 72, 60, 50, 40])('no line is wider than %i columns', (width) => {
    const long = compare(
      comparable('b'.repeat(90), [
        comparableArm('界'.repeat(50), { signals: [seen('cache-export-incomplete', 3)] }),
      ]),
      comparable('r'.repeat(90), [
        comparableArm('界'.repeat(50), { signals: [seen('cache-export-incomplete', 5)] }),
      ]),
      0.2,
    );
    for (const comparison of [sampleComparison(), long]) {
      for (const line of lines(comparison, width)) expect(columns(line), line).toBeLessThanOrEqual(width);
    }
  });

  it('80 columns are the default', () => {
    expect(lines(sampleComparison())).toEqual(lines(sampleComparison(), 80));
  });

  it('shows other people’s text without what a terminal obeys', () => {
    const evil = '\u001b[31mevil\u0007\u202e';
    const run = comparable(evil, [comparableArm('main', { signals: [seen('hang', 0)] })], {
      builder: { kind: evil, name: null, version: evil, daemonVersion: null, simulated: false },
    });
    const skipped = comparableArm('other', { skipped: evil });
    const base = comparable(evil, [comparableArm('main', { signals: [seen('hang', 0)] }), skipped]);
    const text = lines(compare(base, run, 0.2)).join('');
    expect(text).toContain('evil');
    expect(text).not.toMatch(/[\u0007\u001b\u202e]/);
  });

  it('says in capital letters that a builder was simulated', () => {
    const builder = { kind: 'simulated', name: null, version: '0.1.0', daemonVersion: null, simulated: true };
    const simulated = compare(drift('a', 0, 20, { builder }), drift('b', 0, 20, { builder }), 0.2);
    expect(lines(simulated)).toContain(simulatedBanner);
    expect(lines(sampleComparison())).not.toContain(simulatedBanner);
  });
});
