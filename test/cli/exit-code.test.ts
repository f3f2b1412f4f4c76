import { describe, expect, it } from 'vitest';
import { comparisonExitCode, endExitCode, gravest, runExitCode } from '../../src/cli/exit-code.js';
import { heldExitCode } from '../../src/cli/run/holder.js';
import { compare } from '../../src/judgement/comparison/compare.js';
import type { Comparison } from '../../src/results/comparison.js';
import type { RunResult, Verdict } from '../../src/results/result.js';
import { scratchVanished } from '../../src/runner/vanished.js';
import { drift } from '../judgement/sample-comparable.js';
import { run } from '../reports/sample-result.js';

const result = (verdict: Verdict | null, stopped: string | null = null): RunResult => ({
  ...run([]),
  verdict,
  stopped,
});

describe('the exit code of a run', () => {
  it.each([
    ['reproduced', 'never', 0],
    ['not-reproduced', 'never', 0],
    ['inconclusive', 'never', 4],
    [null, 'never', 0],
    ['reproduced', 'reproduced', 1],
    ['not-reproduced', 'reproduced', 0],
    ['not-reproduced', 'not-reproduced', 1],
    ['inconclusive', 'reproduced', 4],
  ] as const)('%s with --fail-on %s ends with %d', (verdict, failOn, code) => {
    expect(runExitCode(result(verdict), failOn)).toBe(code);
  });

  it('is 3 where the builder went away before anything could be told', () => {
    const reason = 'the builder stopped answering: no such socket';
    expect(runExitCode(result('inconclusive', reason), 'never')).toBe(3);
    expect(runExitCode(result('reproduced', reason), 'never')).toBe(0);
    const notStarted = 'the builder did not start for main: buildkitd ended with exit code 1';
    expect(runExitCode(result('inconclusive', notStarted), 'never')).toBe(3);
  });
});

it('is 2 for a run whose scratch folder was removed, whatever it showed, and not when it is analyzed later', () => {
  const cut = { ...result('reproduced', scratchVanished), comparison: null };
  expect(endExitCode(cut)).toBe(2);
  expect(heldExitCode({ runs: [cut], exitCode: 0 }, 'reproduced')).toBe(2);
  expect(runExitCode(cut, 'never')).toBe(0);
  expect(endExitCode(result(null, 'stopped by SIGINT'))).toBe(0);
});

describe('the exit code of a comparison', () => {
  const comparisons: Readonly<Record<Comparison['verdict'], Comparison>> = {
    regression: compare(drift('base', 0), drift('run', 20), 0.2),
    undetermined: compare(drift('base', 3), drift('run', 6), 0.2),
    improvement: compare(drift('base', 20), drift('run', 0), 0.2),
    unchanged: compare(drift('base', 0), drift('run', 0), 0.2),
  };

  it.each([
    ['regression', 'regression', 1, 1],
    ['regression', 'never', 0, 0],
    ['undetermined', 'regression', 4, 4],
    ['undetermined', 'never', 4, 0],
    ['improvement', 'regression', 0, 0],
    ['unchanged', 'regression', 0, 0],
  ] as const)('%s with --fail-on %s: compare ends with %d, run with %d', (verdict, failOn, alone, ofRun) => {
    const comparison = comparisons[verdict];
    expect(comparison.verdict).toBe(verdict);
    expect(comparisonExitCode(comparison, failOn)).toBe(alone);
    expect(runExitCode(result('reproduced'), failOn, comparison)).toBe(ofRun);
  });

  it('does not hide what the run itself asks for', () => {
    expect(runExitCode(result('inconclusive'), 'regression', comparisons.unchanged)).toBe(4);
    expect(runExitCode(result('inconclusive'), 'regression', comparisons.regression)).toBe(1);
    expect(runExitCode(result('reproduced'), 'reproduced', comparisons.unchanged)).toBe(1);
  });
});

it('of several runs the gravest counts', () => {
  expect(gravest([])).toBe(0);
  expect(gravest([0, 4])).toBe(4);
  expect(gravest([4, 1, 0])).toBe(1);
  expect(gravest([1, 3, 4])).toBe(3);
  expect(gravest([3, 2])).toBe(2);
  expect(gravest([2, 70])).toBe(70);
});
