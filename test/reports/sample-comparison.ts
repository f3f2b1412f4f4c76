import { compare } from '../../src/judgement/comparison/compare.js';
import type { Comparable } from '../../src/results/comparable.js';
import type { Comparison } from '../../src/results/comparison.js';
import { comparable, comparableArm, seen } from '../judgement/sample-comparable.js';

/** One row of each verdict, and a note; `more` is of the run. */
export function sampleComparison(more: Partial<Comparable> = {}): Comparison {
  const arms = (drifted: number, failed: number, copied: number, late: number) => [
    comparableArm('explicit-variant', {
      signals: [seen('platform-drift', drifted), seen('build-failed', failed, 20, false)],
    }),
    comparableArm('explicit-plain', {
      ...{ role: 'control', of: 'explicit-variant' },
      signals: [seen('platform-drift', 0, 20, false)],
    }),
    comparableArm('copy-context', {
      signals: [seen('copy-from-failed', copied), seen('context-failed', 0, late)],
    }),
  ];
  return compare(
    comparable('2026-11-20T10-15-00-000Z-chaos-1506-buildctl-a', arms(0, 20, 2, 20), {
      isBaseline: true,
      file: '/results/baselines/chaos-1506--buildctl--v0.32.2--linux-x64.json',
    }),
    comparable(
      '2026-11-21T10-15-00-000Z-chaos-1506-buildctl-b',
      [...arms(20, 0, 5, 0), comparableArm('alone')],
      more,
    ),
    0.2,
  );
}
