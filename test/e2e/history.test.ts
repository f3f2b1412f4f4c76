import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildrace, scratchFolder } from './program.js';

describe('history', () => {
  it('tells how often the fault showed in each run, with simulated ones marked', async () => {
    const folder = scratchFolder();
    const surroundings = { cwd: folder, env: { BUILDRACE_SIMULATOR_STATE: path.join(folder, 'state') } };
    const args = ['run', 'chaos-1506', '--builder', 'simulated', '--arm', 'as-reported', '--iterations', '1'];
    await buildrace(args, surroundings);
    await buildrace(args, surroundings);
    const [first = '', second = ''] = readdirSync(path.join(folder, 'results')).sort();
    const json = await buildrace(['history', '--json'], surroundings);
    expect(json.exitCode).toBe(0);
    const { runs, series } = JSON.parse(json.stdout);
    expect(runs).toMatchObject([
      { run: first, state: 'finished', scenario: 'chaos-1506', verdict: 'reproduced' },
      { run: second, builder: { kind: 'simulated', simulated: true } },
    ]);
    expect(series[0]).toMatchObject({
      ...{ scenario: 'chaos-1506', builder: 'simulated', arm: 'as-reported', signal: 'platform-drift' },
      points: [
        { run: first, count: 1, of: 1 },
        { run: second, count: 1, of: 1 },
      ],
    });
    writeFileSync(path.join(folder, 'results', second, 'result.json'), '{');
    const text = await buildrace(['history'], surroundings);
    expect(text.exitCode).toBe(0);
    expect(text.stdout).toContain(': unreadable');
    expect(text.stdout).toContain(
      'chaos-1506 on simulated (SIMULATED BUILDER)\n  as-reported platform-drift: 1/1',
    );
    const none = await buildrace(['history', '--builder', 'buildctl', '--limit', '1'], surroundings);
    expect([none.exitCode, none.stdout]).toEqual([
      0,
      'there is no run on buildctl in results yet; make one with buildrace run\n',
    ]);
  });

  it('says in one sentence that a folder is empty, is missing, or a limit is none', async () => {
    const folder = scratchFolder();
    mkdirSync(path.join(folder, 'empty'));
    const empty = await buildrace(['history', '--out', 'empty'], { cwd: folder });
    expect([empty.exitCode, empty.stdout]).toEqual([
      0,
      'there is no run in empty yet; make one with buildrace run\n',
    ]);
    for (const args of [
      ['--out', 'missing'],
      ['--limit', '0'],
      ['--limit', 'x'],
    ]) {
      const ended = await buildrace(['history', ...args], { cwd: folder });
      expect(ended.exitCode, args.join(' ')).toBe(2);
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});
