import type { Comparison, ComparisonRow } from '../../src/results/comparison.js';

export function comparisonRow(more: Partial<ComparisonRow> = {}): ComparisonRow {
  return {
    scenario: 'lost-output',
    arm: 'identical',
    role: 'reproduce',
    signal: 'output-lost',
    expected: true,
    base: { count: 0, of: 20 },
    run: { count: 15, of: 20 },
    difference: { estimate: 0.75, low: 0.5, high: 0.9, level: 0.95, method: 'Newcombe' },
    p: 0.0001,
    pAdjusted: 0.0002,
    verdict: 'regression',
    reason: null,
    iterationsToSettle: null,
    ...more,
  };
}

export function comparison(rows: readonly ComparisonRow[], more: Partial<Comparison> = {}): Comparison {
  const builder = {
    kind: 'buildkitd',
    name: null,
    version: 'v0.32.2',
    daemonVersion: 'v0.32.2',
    simulated: false,
  };
  return {
    schemaVersion: 1,
    verdict: rows[0]?.verdict ?? 'unchanged',
    base: {
      name: 'lost-output-buildkitd',
      file: '/home/ada/results/baselines/lost-output-buildkitd.json',
      isBaseline: true,
      builder,
      startedAt: '2026-11-20T10:15:00.000Z',
    },
    run: {
      name: '2026-11-21T10-15-00-000Z-lost-output-buildkitd-abc',
      file: '/home/ada/results/2026-11-21T10-15-00-000Z-lost-output-buildkitd-abc',
      isBaseline: false,
      builder,
      startedAt: '2026-11-21T10:15:00.000Z',
    },
    margin: 0.1,
    reason: null,
    notes: [],
    rows,
    ...more,
  };
}
