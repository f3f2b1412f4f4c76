import { describe, expect, it } from 'vitest';
import { compare } from '../../src/judgement/comparison/compare.js';
import { simulatedBanner } from '../../src/reports/banner.js';
import { comparisonMarkdown } from '../../src/reports/comparison-markdown.js';
import { comparable, comparableArm, drift, seen } from '../judgement/sample-comparable.js';
import { sampleComparison } from './sample-comparison.js';

describe('a comparison as Markdown', () => {
  it('says the verdict first, and has a row for each rate', () => {
    const lines = comparisonMarkdown(sampleComparison()).split('\n');
    expect(lines[0]).toBe('**Regression: 1 of 5 rates went up by more than chance explains.**');
    expect(lines).toContain('| Arm | Signal | Base | Run | Difference, points | p | Verdict |');
    expect(lines).toContain(
      '| `explicit-variant` | `platform-drift` | 0/20 | 20/20 | +100 (+77 to +100) | < 0.001 | **regression** |',
    );
    expect(lines).toContain(
      '| `copy-context` | `context-failed` | 0/20 | – | – | – | undetermined: the run has no iteration in which it could be seen |',
    );
    expect(lines.filter((line) => line.startsWith('| `'))).toHaveLength(5);
    expect(lines.join('\n')).toMatch(/undetermined: about \d+ iterations of each would settle it \|/);
  });

  it('takes no markup from names and reasons', () => {
    const evil = '`|<img src=x>\n# @everyone';
    const arms = [comparableArm('a|b`c', { signals: [seen('hang', 0)] })];
    const base = comparable(evil, [...arms, comparableArm('other', { skipped: evil })]);
    const text = comparisonMarkdown(compare(base, comparable(evil, arms), 0.2));
    expect(text).not.toMatch(/^# @/m);
    const outside = text.replace(/(`+)[^`][\s\S]*?\1/g, '').replace(/<code>.*?<\/code>/g, '');
    expect(outside).not.toMatch(/<img|@everyone/);
    const row = text.split('\n').find((line) => line.includes('| `hang` |')) ?? '';
    expect(row.split('|')).toHaveLength(9);
  });

  it('says in capital letters that a builder was simulated', () => {
    const builder = { kind: 'simulated', name: null, version: '0.1.0', daemonVersion: null, simulated: true };
    const simulated = compare(drift('a', 0, 20, { builder }), drift('b', 0, 20, { builder }), 0.2);
    expect(comparisonMarkdown(simulated)).toContain(`**${simulatedBanner}**`);
  });
});
