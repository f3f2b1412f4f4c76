import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { writeJson } from '../../src/results/directory.js';
import { readHistory } from '../../src/results/history.js';
import type { RunResult } from '../../src/results/result.js';
import { arm, run, signal } from '../reports/sample-result.js';
import { type Folder, test } from '../scenario/folder.js';
import { samplePlan, writeRun } from './sample-run.js';

const all = { scenario: null, builder: null, limit: null };
const drifted = signal('platform-drift', 3, 5, { expected: true });
const nameOf = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T01-00-00-000Z-x`;

/** A run of that day as it lies in a results folder; `count` of 5 iterations showed the drift. */
async function store(
  folder: Folder,
  day: number,
  count: number,
  more: Partial<RunResult> = {},
): Promise<string> {
  const name = nameOf(day);
  await writeRun(folder.at(name), { plan: samplePlan({ run: name }) });
  const arms = [
    arm('main', { signals: [signal('platform-drift', count, 5, { expected: true }), signal('hang', 0, 5)] }),
    arm('apart', { role: 'control', signals: [signal('platform-drift', 1, 5)] }),
  ];
  const result = run(arms, { startedAt: `${name.slice(0, 10)}T01:00:00.000Z`, ...more });
  await writeJson(folder.at(name, 'result.json'), result);
  return name;
}

describe('a history', () => {
  test('has the runs newest last, and a point of each for what is expected', async ({ folder }) => {
    await store(folder, 2, 3, { builder: { ...run([]).builder, version: 'v2', daemonVersion: 'v2' } });
    await store(folder, 1, 5);
    const { runs, series } = await readHistory(folder.path, all);
    expect(runs.map(({ run, state, verdict }) => [run, state, verdict])).toEqual([
      [nameOf(1), 'finished', 'reproduced'],
      [nameOf(2), 'finished', 'reproduced'],
    ]);
    expect(series).toEqual([
      {
        scenario: 'chaos-1506',
        builder: 'buildctl',
        simulated: false,
        arm: 'main',
        signal: 'platform-drift',
        setup: {
          builderName: null,
          lanes: 2,
          delaysMs: [],
          stopping: 'fixed',
          contentSha256: run([]).contentSha256,
          machine: {
            os: 'Debian GNU/Linux 13 (trixie)',
            kernel: '6.12.38+deb13-amd64',
            arch: 'x64',
            host: '1f2e3d4c5b6a',
            cpus: 2,
            cpuModel: 'AMD EPYC 7763 64-Core Processor',
          },
        },
        points: [
          {
            run: nameOf(1),
            startedAt: '2026-11-01T01:00:00.000Z',
            version: 'v0.32.2',
            daemonVersion: 'v0.32.2',
            count: 5,
            of: 5,
          },
          {
            run: nameOf(2),
            startedAt: '2026-11-02T01:00:00.000Z',
            version: 'v2',
            daemonVersion: 'v2',
            count: 3,
            of: 5,
          },
        ],
      },
    ]);
  });

  test('follows an unexpected signal once a reproduce arm ever showed it, in all runs', async ({
    folder,
  }) => {
    await store(folder, 1, 5);
    await store(folder, 2, 5, { arms: [arm('main', { signals: [signal('hang', 2, 5)] })] });
    const { series } = await readHistory(folder.path, all);
    expect(series.map(({ signal, points }) => [signal, points.map(({ count }) => count)])).toEqual([
      ['platform-drift', [5]],
      ['hang', [0, 2]],
    ]);
  });

  test('keeps builders, and simulated from real, apart', async ({ folder }) => {
    await store(folder, 1, 5);
    await store(folder, 2, 5, { builder: { ...run([]).builder, simulated: true } });
    await store(folder, 3, 5, { builder: { ...run([]).builder, kind: 'buildx' } });
    const { series } = await readHistory(folder.path, all);
    expect(series.map(({ builder, simulated }) => [builder, simulated])).toEqual([
      ['buildctl', false],
      ['buildctl', true],
      ['buildx', false],
    ]);
  });

  test('lists parts of a plan, that are no points', async ({ folder }) => {
    await store(folder, 1, 5, { shard: { index: 1, of: 2 } });
    const { runs, series } = await readHistory(folder.path, all);
    expect(runs[0]?.part).toBe('1/2');
    expect(series).toEqual([]);
  });

  test('has no point of a run that stopped at the first sight, as that has no rate', async ({ folder }) => {
    await store(folder, 1, 5, { stopping: { rule: 'first' } });
    await store(folder, 2, 3);
    const { runs, series } = await readHistory(folder.path, all);
    expect(runs.map(({ leftOut }) => leftOut)).toEqual(['stopped-at-first-sight', null]);
    expect(series.map(({ points }) => points.map(({ count }) => count))).toEqual([[3]]);
  });

  test('has no point of a search, whose points are a few iterations each', async ({ folder }) => {
    const search = { phase: 'search' as const, searched: [], bestMs: null, runs: [] };
    await store(folder, 1, 5, { window: search });
    await store(folder, 2, 3, { window: { ...search, phase: 'confirm' } });
    const { runs, series } = await readHistory(folder.path, all);
    expect(runs.map(({ leftOut }) => leftOut)).toEqual(['search', null]);
    expect(series.map(({ points }) => points.map(({ count }) => count))).toEqual([[3]]);
  });

  test.for([
    ['several-machines', { severalMachines: true }],
    ['several-builders', { severalBuilders: true }],
  ] as const)('has no point of a run that is a mixture (%s)', async ([why, more], { folder }) => {
    await store(folder, 1, 5, more);
    await store(folder, 2, 3);
    const { runs, series } = await readHistory(folder.path, all);
    expect(runs.map(({ leftOut }) => leftOut)).toEqual([why, null]);
    expect(series.map(({ points }) => points.map(({ count }) => count))).toEqual([[3]]);
  });

  test('has a line for each machine, and one for what tells of none', async ({ folder }) => {
    const { environment } = run([]);
    const others = [
      ...[{ os: 'Darwin' }, { kernel: '7' }, { arch: 'arm64' }, { host: 'x' }, { cpus: 64 }],
      ...[{ cpuModel: 'Apple M4' }, { host: null }],
    ];
    await store(folder, 1, 5);
    for (const [i, more] of others.entries())
      await store(folder, i + 2, 5, { environment: { ...environment, ...more } });
    // What moves from run to run is no other machine.
    await store(folder, 9, 4, { environment: { ...environment, load: 7, node: 'v99', memoryBytes: 1 } });
    const silent = await store(folder, 10, 3);
    const { environment: _, ...without } = run([arm('main', { signals: [drifted] })]);
    await writeJson(folder.at(silent, 'result.json'), without);
    const { runs, series } = await readHistory(folder.path, all);
    expect(runs.map(({ state }) => state)).toEqual(Array.from({ length: 10 }, () => 'finished'));
    const days = series.map(({ points }) => points.map((one) => Number(one.run.slice(8, 10))));
    expect(days).toHaveLength(9);
    expect(days).toEqual(expect.arrayContaining([[1, 9], [2], [3], [4], [5], [6], [7], [8], [10]]));
    expect(series.find(({ points }) => points[0]?.run === silent)?.setup.machine).toEqual({
      ...{ os: null, kernel: null, arch: null, host: null, cpus: null, cpuModel: null },
    });
  });

  test('keeps apart what is not alike', async ({ folder }) => {
    const lanes = (count: number, delaysMs: number[]) => ({
      arms: [
        arm('main', {
          lanes: { count, startSpreadMs: null, delaysMs, builds: count },
          signals: [signal('platform-drift', 1, 5, { expected: true })],
        }),
      ],
    });
    const simulated = (name: string) => ({ builder: { ...run([]).builder, simulated: true, name } });
    await store(folder, 1, 1, lanes(2, [0, 0]));
    await store(folder, 2, 1, lanes(4, [0, 0, 0, 0]));
    await store(folder, 3, 1, lanes(2, [0, 50]));
    await store(folder, 4, 1, { ...lanes(2, [0, 0]), contentSha256: 'other' });
    await store(folder, 5, 1, simulated('apple'));
    await store(folder, 6, 1, simulated('apple-fixed'));
    await store(folder, 7, 1, { stopping: { rule: 'verdict', p0: 0.1, p1: 0.5, error: 0.05 } });
    // Another address is no other builder.
    await store(folder, 8, 1, { builder: { ...run([]).builder, name: 'tcp://elsewhere' } });
    const { series } = await readHistory(folder.path, all);
    expect(series.map(({ points }) => points.map((one) => Number(one.run.slice(8, 10))))).toEqual([
      [1, 8],
      ...[[2], [3], [4], [5], [6], [7]],
    ]);
  });

  test('takes the newest so many of those that are asked for', async ({ folder }) => {
    for (let day = 1; day <= 40; day++) await store(folder, day, 1, { scenario: day === 1 ? 'old' : 'new' });
    const names = async (filter: Partial<typeof all>) =>
      (await readHistory(folder.path, { ...all, ...filter } as never)).runs.map(({ run }) => run);
    expect(await names({ limit: 2 as never })).toEqual([nameOf(39), nameOf(40)]);
    expect(await names({ scenario: 'old' as never, limit: 1 as never })).toEqual([nameOf(1)]);
    expect(await names({ builder: 'buildx' as never })).toEqual([]);
  });

  test('lists what is unfinished or damaged as that', async ({ folder }) => {
    const spoil = [
      (file: string) => rm(file),
      (file: string) => writeFile(file, '{"schemaVersion": 1'),
      (file: string) => writeFile(file, 'null'),
      (file: string) => writeFile(file, '{"schemaVersion": 2}'),
      async (file: string) => {
        await rename(file, folder.at('elsewhere.json'));
        await symlink(folder.at('elsewhere.json'), file);
      },
      async (file: string) => {
        await rm(file);
        execFileSync('mkfifo', [file]);
      },
      async (file: string) => {
        await rm(file);
        await mkdir(file);
      },
    ];
    for (const [i, how] of spoil.entries()) {
      await how(path.join(folder.at(await store(folder, i + 1, 5)), 'result.json'));
    }
    await writeFile(folder.at(await store(folder, 9, 5), 'plan.json'), 'damaged, and not asked');
    const { runs, series } = await readHistory(folder.path, all);
    expect(runs.map(({ state }) => state)).toEqual([
      'unfinished',
      ...Array.from({ length: 6 }, () => 'unreadable'),
      'finished',
    ]);
    // What the plan says is shown all the same.
    expect(runs[0]).toMatchObject({ scenario: 'sample', builder: { kind: 'buildctl' }, verdict: null });
    expect(series).toHaveLength(1);
  });

  test('leaves aside what is no run, and links', async ({ folder }) => {
    await store(folder, 1, 5);
    await folder.write('baselines/chaos-1506.json', '{}');
    await folder.write('notes.txt', '');
    await folder.write('.merging-x/plan.json', '{}');
    await symlink(folder.at(nameOf(1)), folder.at('link'));
    expect((await readHistory(folder.path, all)).runs).toHaveLength(1);
  });

  test('of a folder that is not there cannot be read', async ({ folder }) => {
    await expect(readHistory(folder.at('none'), all)).rejects.toThrow(
      `the results folder ${folder.at('none')} cannot be read (no such file or directory)`,
    );
  });
});
