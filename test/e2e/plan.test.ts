import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { buildrace, scratchFolder } from './program.js';

describe('plan', () => {
  it('measures a few iterations, and keeps their run', async () => {
    const folder = scratchFolder();
    const surroundings = { cwd: folder, env: { BUILDRACE_SIMULATOR_STATE: path.join(folder, 'state') } };
    const args = ['--builder', 'simulated', '--arm', 'as-reported', '--measure', '2', '--rate', '0.05'];
    const ended = await buildrace(['plan', 'chaos-1506', ...args, '--json'], surroundings);
    expect(ended.exitCode, ended.stderr).toBe(0);
    const { measured, see, estimates } = JSON.parse(ended.stdout);
    expect(see).toEqual({ rate: 0.05, confidence: 0.95, iterations: 59 });
    expect(measured).toMatchObject({ iterations: 2, arms: ['as-reported'], builder: { kind: 'simulated' } });
    const { median, low, high } = measured.iterationMs;
    expect(low).toBeGreaterThan(0);
    expect(median).toBe((low + high) / 2);
    expect(estimates[0]).toMatchObject({ of: 'see', iterations: 59, bytes: 59 * measured.iterationBytes });
    const measurements = path.join(folder, 'results', 'measurements');
    expect(measured.directory).toBe(path.join(measurements, readdirSync(measurements)[0] ?? ''));
    // Runs that were not asked for are no run of the folder, so that nobody takes them for a baseline.
    const latest = await buildrace(['baseline', 'save', 'latest'], surroundings);
    expect([latest.exitCode, latest.stderr]).toEqual([
      2,
      expect.stringContaining('there is no run in results'),
    ]);
    const history = await buildrace(['history', '--json'], surroundings);
    expect(JSON.parse(history.stdout).runs).toEqual([]);
    const prune = await buildrace(['results', 'prune', '--keep', '0', '--json'], surroundings);
    expect(JSON.parse(prune.stdout).removed).toEqual([]);
    const again = await buildrace(['analyze', measured.directory, '--json'], surroundings);
    expect(JSON.parse(again.stdout).runs[0].arms[0].iterations).toEqual({ planned: 2, valid: 2, invalid: 0 });
  });

  it('says that it ended early, and what to mend', async () => {
    const folder = scratchFolder();
    const temporary = path.join(folder, 'tmp');
    mkdirSync(temporary);
    const measurements = path.join(folder, 'results', 'measurements');
    const measuring = buildrace(
      ['plan', 'chaos-1506', '--builder', 'simulated', '--arm', 'as-reported', '--measure', '100'],
      { cwd: folder, env: { TMPDIR: temporary, BUILDRACE_SIMULATOR_STATE: path.join(folder, 'state') } },
    );
    const hasFinished = (): boolean =>
      (existsSync(measurements) ? readdirSync(measurements) : [])
        .map((name) => path.join(measurements, name, 'journal.jsonl'))
        .some((file) => existsSync(file) && readFileSync(file, 'utf8').includes('iteration-finished'));
    while (!hasFinished()) await sleep(20);
    for (const name of readdirSync(temporary)) rmSync(path.join(temporary, name), { recursive: true });
    const ended = await measuring;
    expect(ended.exitCode, ended.stderr).toBe(2);
    expect(ended.stderr).toContain(
      'it was measured by fewer iterations (the scratch folder was removed while the run used it; set TMPDIR',
    );
    expect(ended.stdout).toContain('Measured');
  });

  it('needs no builder where nothing is to be measured', async () => {
    const folder = scratchFolder();
    const env = { PATH: '/nowhere' };
    const ended = await buildrace(['plan', 'chaos-1506', '--measure', '0'], { cwd: folder, env });
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toContain('within\n9 iterations.');
    expect(existsSync(path.join(folder, 'results'))).toBe(false);
    const none = await buildrace(['plan', 'chaos-1506', '--builder', 'buildctl'], { cwd: folder, env });
    expect([none.exitCode, none.stdout]).toEqual([3, '']);
    expect(none.stderr).toContain('buildctl is not on PATH');
  });

  it.each([
    [['--p0', '0.3'], 'p0 has to be below p1'],
    [['--p0', '0.2', '--p1', '0.1'], 'p0 has to be below p1'],
    [['--rate', '0'], '--rate 0: expected a rate between 0 and 1'],
    [['--confidence', '95'], '--confidence 95: expected a probability between 0 and 1, such as 0.95'],
    [['--measure', 'some'], '--measure some: expected a whole number'],
    [['--lanes', '0'], '--lanes 0'],
    [['--builder', 'simulated', '--builder', 'buildctl'], 'plan measures on one builder'],
    [['--arm', 'nothing', '--builder', 'simulated'], 'nothing'],
  ])('%j is refused in one sentence', async (args, sentence) => {
    const folder = scratchFolder();
    const ended = await buildrace(['plan', 'chaos-1506', ...args], { cwd: folder });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain(sentence);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(path.join(folder, 'results'))).toBe(false);
  });
});
