import { describe, expect, it } from 'vitest';
import { gravest, runExitCode } from '../../src/cli/exit-code.js';
import type { RunResult, Verdict } from '../../src/results/result.js';
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

it('of several runs the gravest counts', () => {
  expect(gravest([])).toBe(0);
  expect(gravest([0, 4])).toBe(4);
  expect(gravest([4, 1, 0])).toBe(1);
  expect(gravest([1, 3, 4])).toBe(3);
  expect(gravest([3, 2])).toBe(2);
  expect(gravest([2, 70])).toBe(70);
});
