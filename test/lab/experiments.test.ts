import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { boschloo } from '../../src/stats/boschloo.js';
import { armOf, type RunDocument, signalOf } from '../e2e/contract.js';
import { mainFile, projectRoot } from '../e2e/paths.js';
import { type buildkitVersions, lab, labVariable, runInLab } from './lab.js';

type Version = (typeof buildkitVersions)[number];

const results = mkdtempSync(path.join(os.tmpdir(), 'buildrace-lab-'));
afterAll(() => rmSync(results, { recursive: true, force: true }));

const daemonOf = (version: Version): string[] => [
  '--builder',
  `buildkitd:${labVariable(`LAB_BUILDKIT_${version.replaceAll('.', '_')}_BIN`)}`,
];
const newest = daemonOf('0.32.2');

/** Rate of the one signal that the scenario's race shows. */
function lost(run: RunDocument, arm: string): { readonly count: number; readonly of: number } {
  return signalOf(armOf(run, arm), 'cache-mount-lost').iterations;
}

describe('no-cache-empties-mount on BuildKit v0.32.2', () => {
  test('until the verdict it is reproduced, and its control is clean at most', async () => {
    const { run, exitCode } = await runInLab(
      ['no-cache-empties-mount', ...newest, '--until', 'verdict'],
      results,
    );
    expect(exitCode).toBe(0);
    expect(run.verdict).toBe('reproduced');
    const seen = signalOf(armOf(run, 'no-cache'), 'cache-mount-lost');
    const clean = signalOf(armOf(run, 'with-cache'), 'cache-mount-lost');
    expect(seen).toMatchObject({ verdict: 'reproduced', sequential: { answer: 'at-least' } });
    expect(clean).toMatchObject({ iterations: { count: 0 }, sequential: { answer: 'at-most' } });
    expect(clean.atMost).toBeGreaterThan(0);
    expect(clean.interval?.method).toBe('confidence-sequence');
  });

  test('a sweep of the delay draws the window of the race', async () => {
    const delays = ['0ms', '50ms', '100ms', '200ms', '300ms', '500ms'];
    const { run } = await runInLab(
      [
        ...['no-cache-empties-mount', '--arm', 'no-cache', ...newest],
        ...['--sweep', `delay=${delays.join(',')}`, '--iterations', '4'],
      ],
      results,
    );
    const rates = new Map(
      run.arms.map((arm) => {
        const { factors } = arm.point as { factors: Record<string, string> };
        return [factors.delay, lost(run, arm.name).count / lost(run, arm.name).of];
      }),
    );
    expect([...rates.keys()]).toEqual(delays);
    // Open behind the first build, and hardly where both begin together (research: 2 of 8 together, 8 of 8 behind).
    for (const delay of ['100ms', '200ms', '300ms']) expect(rates.get(delay), delay).toBeGreaterThan(0.6);
    expect(rates.get('0ms')).toBeLessThan(0.7);
  });

  test('a search finds the window, and what it measures there holds on a plain run', async () => {
    const scenario = path.join(projectRoot, 'test/lab/scenarios/no-cache-window.yaml');
    const { run, exitCode } = await runInLab(
      [
        ...[scenario, ...newest, '--find-window', '--window', '0ms..600ms'],
        ...['--max-iterations', '30', '--iterations', '8'],
      ],
      results,
    );
    expect(exitCode).toBe(0);
    const { window } = run as unknown as { window: { phase: string; bestMs: number } };
    expect(window.phase).toBe('confirm');
    expect(window.bestMs).toBeGreaterThanOrEqual(40);
    expect(window.bestMs).toBeLessThanOrEqual(550);
    const measured = signalOf(armOf(run, 'no-cache'), 'cache-mount-lost');
    expect(measured.iterations.of).toBeGreaterThanOrEqual(6);
    expect(measured.iterations.count / measured.iterations.of).toBeGreaterThan(0.5);
    expect(lost(run, 'with-cache').count).toBe(0);

    const plain = await runInLab(
      [
        ...[scenario, '--arm', 'no-cache', ...newest],
        ...['--delay', `0ms,${window.bestMs}ms`, '--iterations', '8'],
      ],
      results,
    );
    const { count, of } = lost(plain.run, 'no-cache');
    // Both are samples: what the interval has to hold is the rate, not each other's count.
    expect(boschloo(measured.iterations.count, measured.iterations.of, count, of)).toBeGreaterThan(0.01);
  });
});

describe('lost-output from version to version', () => {
  const compare = async (base: string, run: string, ...more: readonly string[]) => {
    const args = [mainFile, 'compare', base, run, '--json', ...more];
    const ended = await execa(process.execPath, args, { env: lab, reject: false, stdin: 'ignore' });
    return { document: JSON.parse(ended.stdout), exitCode: ended.exitCode };
  };
  const verdictOf = (document: { rows: { signal: string; verdict: string }[] }, signal: string) =>
    document.rows.find((row) => row.signal === signal)?.verdict;

  test('is an improvement, the other way a regression, and of one version neither', async () => {
    const directories: string[] = [];
    for (const version of ['0.10.4', '0.23.2', '0.23.2'] as const) {
      const { run } = await runInLab(
        ['lost-output', '--arm', 'identical', ...daemonOf(version), '--iterations', '15'],
        results,
      );
      directories.push(run.directory);
    }
    const [old = '', newer = '', again = ''] = directories;

    const forward = await compare(old, newer);
    expect(verdictOf(forward.document, 'output-lost')).toBe('improvement');
    expect(['unchanged', 'undetermined']).toContain(verdictOf(forward.document, 'source-lost'));

    const backward = await compare(newer, old, '--fail-on', 'regression');
    expect(backward.document.verdict).toBe('regression');
    expect(verdictOf(backward.document, 'output-lost')).toBe('regression');
    expect(backward.exitCode).toBe(1);

    const same = await compare(newer, again, '--fail-on', 'regression');
    for (const row of same.document.rows) expect(['unchanged', 'undetermined']).toContain(row.verdict);
    expect(same.exitCode).not.toBe(1);
  });
});
