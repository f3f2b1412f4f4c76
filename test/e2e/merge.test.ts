import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RunDocument, runsDocument } from './contract.js';
import { buildrace, type Ended, scratchFolder } from './program.js';

function onlyRun(ended: Ended): RunDocument {
  const [run, ...others] = runsDocument.parse(JSON.parse(ended.stdout)).runs;
  if (run === undefined || others.length > 0) throw new Error('the document does not hold one run');
  return run;
}

const counts = (run: RunDocument) =>
  run.arms.map(({ name, iterations, builds, signals }) => ({
    name,
    iterations,
    builds,
    signals: signals.map(({ signal, iterations }) => [signal, iterations.count, iterations.of]),
  }));

describe('a run in parts', () => {
  const folder = scratchFolder();
  const surroundings = { cwd: folder, env: { BUILDRACE_SIMULATOR_STATE: path.join(folder, 'state') } };
  const run = (...more: string[]) =>
    buildrace(
      [
        'run',
        'chaos-1506',
        '--builder',
        'simulated',
        '--arm',
        'as-reported,explicit-plain',
        '--lanes',
        '1',
        ...more,
      ],
      surroundings,
    );
  const fixed = ['--iterations', '4', '--seed', '11', '--json'];

  it('is merged to what the run of the whole says', async () => {
    const whole = onlyRun(await run(...fixed));
    const parts = [
      onlyRun(await run(...fixed, '--shard', '1/2')),
      onlyRun(await run(...fixed, '--shard', '2/2')),
    ].map(({ directory }) => directory);
    const ended = await buildrace(['merge', ...parts, '--out', 'all', '--json'], surroundings);
    const merged = onlyRun(ended);
    expect(ended.exitCode).toBe(0);
    expect(merged.verdict).toBe(whole.verdict);
    expect(counts(merged)).toEqual(counts(whole));
    expect(merged).toMatchObject({ shard: null, seed: 11, stopped: null, warnings: [], again: whole.again });
    expect(path.dirname(merged.directory)).toBe(path.join(folder, 'all'));
    const kept = JSON.parse(readFileSync(path.join(merged.directory, 'result.json'), 'utf8'));
    expect({ ...kept, comparison: null }).toEqual(JSON.parse(ended.stdout).runs[0]);
    const again = await buildrace(['analyze', 'latest', '--out', 'all', '--json'], surroundings);
    expect(onlyRun(again)).toEqual(merged);
    const summary = path.join(folder, 'summary.md');
    const text = await buildrace(['merge', ...parts.map((one) => path.basename(one))], {
      ...surroundings,
      env: { ...surroundings.env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
    });
    expect(readFileSync(summary, 'utf8')).toMatch(/^## `chaos-1506` on simulated .*: reproduced\n/);
    expect(text.stderr).toMatch(/^::warning title=chaos-1506 on simulated .*platform-drift was reproduced/m);
    expect(text.stdout).toContain('SIMULATED BUILDER');
    expect(text.stdout).toContain('4 of 4');
  });

  it('refuses parts that do not belong together, in one sentence, and writes nothing', async () => {
    const part = onlyRun(await run('--iterations', '2', '--shard', '1/2', '--json'));
    const other = onlyRun(await run('--iterations', '4', '--shard', '2/2', '--json'));
    for (const args of [[part.directory], [part.directory, other.directory], [part.directory, 'nothing']]) {
      const ended = await buildrace(['merge', ...args, '--out', 'none'], surroundings);
      expect(ended.exitCode, ended.stderr).toBe(2);
      expect(ended.stderr.trim().split('\n'), ended.stderr).toHaveLength(1);
      expect(ended.stdout).toBe('');
    }
    expect(readdirSync(folder)).not.toContain('none');
  });
});
