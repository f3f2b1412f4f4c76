import { mkdir, readFile, rename } from 'node:fs/promises';
import { afterEach, describe, expect, vi } from 'vitest';
import { makeHolder } from '../../../src/cli/run/hold-against.js';
import { UserError } from '../../../src/errors.js';
import { baselineName } from '../../../src/results/baseline.js';
import { saveBaseline } from '../../../src/results/baselines.js';
import { comparableOf } from '../../../src/results/comparable.js';
import type { RunResult } from '../../../src/results/result.js';
import { arm, run, signal } from '../../reports/sample-result.js';
import { type Folder, test } from '../../scenario/folder.js';

const going = new AbortController().signal;

/** A run that showed the drift in `count` of 20 iterations. */
async function result(folder: Folder, name: string, count: number, day = 21): Promise<RunResult> {
  const directory = folder.at(name);
  await mkdir(directory);
  const iterations = { planned: 20, valid: 20, invalid: 0 };
  const signals = [signal('platform-drift', count, 20, { expected: true })];
  return run([arm('main', { iterations, signals })], {
    directory,
    startedAt: `2026-11-${day}T10:15:00.000Z`,
  });
}

async function holderIn(folder: Folder, named: 'auto' | 'file' = 'file') {
  const base = await result(folder, 'base', 0, 20);
  const { file } = await saveBaseline(comparableOf(base), folder.path, 'refuse');
  return makeHolder({ named: named === 'file' ? file : named, margin: 0.2 }, folder.path, []);
}

const never = (): Promise<never> => {
  throw new Error('nothing was to be run again');
};

describe('a run that is held against a baseline', () => {
  const said: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  afterEach(() => said.splice(0));

  test('is run once where it is no worse, and what it said is kept', async ({ folder }) => {
    const holder = await holderIn(folder);
    const held = await holder.hold(await result(folder, 'run', 0), never, going);
    expect(held.exitCode).toBe(0);
    expect(held.runs).toHaveLength(1);
    const { comparison } = held.runs[0] ?? {};
    expect(comparison).toMatchObject({ verdict: 'unchanged', base: { name: 'base', isBaseline: true } });
    expect(JSON.parse(await readFile(folder.at('run/comparison.json'), 'utf8'))).toEqual(comparison);
  });

  test('is run again where it is worse, and both say regression', async ({ folder }) => {
    const holder = await holderIn(folder);
    const again = await result(folder, 'again', 18);
    const { runs } = await holder.hold(await result(folder, 'run', 20), async () => again, going);
    expect(runs.map(({ directory }) => directory)).toEqual([folder.at('run'), folder.at('again')]);
    expect(runs.map(({ comparison }) => comparison?.verdict)).toEqual(['regression', 'regression']);
    expect(runs[0]?.comparison?.notes).toEqual(['another run, again, says so too']);
    const kept = JSON.parse(await readFile(folder.at('again/comparison.json'), 'utf8'));
    expect(kept).toEqual(runs[1]?.comparison);
  });

  test('is undetermined where the second run is no worse', async ({ folder }) => {
    const holder = await holderIn(folder);
    const again = await result(folder, 'again', 0);
    const { runs } = await holder.hold(await result(folder, 'run', 20), async () => again, going);
    expect(runs.map(({ comparison }) => comparison?.verdict)).toEqual(['undetermined', 'unchanged']);
    expect(runs[0]?.comparison?.reason).toBe(
      'run shows a regression, and again, which ran the same, does not',
    );
  });

  test('is undetermined where the second run was cut off, and says how far it came', async ({ folder }) => {
    const holder = await holderIn(folder);
    const again = { ...(await result(folder, 'again', 0)), stopped: 'stopped by SIGINT' };
    const cut = again.arms.map((one) => ({ ...one, iterations: { planned: 20, valid: 2, invalid: 1 } }));
    const { runs } = await holder.hold(
      await result(folder, 'run', 20),
      async () => ({ ...again, arms: cut }),
      going,
    );
    expect(runs[0]?.comparison).toMatchObject({
      verdict: 'undetermined',
      reason:
        'run shows a regression, and again does not confirm it: it ended early (stopped by SIGINT) after 3 of 20 iterations',
    });
  });

  test.for([{ severalMachines: true }, { severalBuilders: true }] as const)(
    'is undetermined, and not run again, where it is a mixture (%o)',
    async (mixture, { folder }) => {
      const holder = await holderIn(folder, 'auto');
      const mixed = { ...(await result(folder, 'run', 20)), ...mixture };
      const { runs } = await holder.hold(mixed, never, going);
      expect(runs).toHaveLength(1);
      expect(runs[0]?.comparison).toMatchObject({
        verdict: 'undetermined',
        reason: expect.stringMatching(/^the iterations of the run ran on different/),
      });
    },
  );

  test('is undetermined where the second run is a mixture', async ({ folder }) => {
    const holder = await holderIn(folder);
    const again = { ...(await result(folder, 'again', 20)), severalBuilders: true as const };
    const { runs } = await holder.hold(await result(folder, 'run', 20), async () => again, going);
    expect(runs.map(({ comparison }) => comparison)).toMatchObject([
      { verdict: 'undetermined', reason: 'run shows a regression, and again does not confirm it' },
      { verdict: 'undetermined', reason: expect.stringContaining('different versions of the builder') },
    ]);
  });

  test('and can become no baseline is not said to', async ({ folder }) => {
    const holder = await holderIn(folder, 'auto');
    const other = { ...(await result(folder, 'other', 20)), scenario: 'context-race' };
    const alone = await holder.hold({ ...other, severalBuilders: true }, never, going);
    expect(alone).toMatchObject({ exitCode: 0, runs: [{ comparison: null }] });
    expect(said.join('')).toBe(
      'no baseline fits this run; other has iterations of different versions of the builder, so its rates are of none; make a baseline on one version\n',
    );
  });

  test('is undetermined where it could not be run again', async ({ folder }) => {
    const holder = await holderIn(folder);
    const gone = async () => {
      throw new UserError('the builder is gone');
    };
    const { runs } = await holder.hold(await result(folder, 'run', 20), gone, going);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.comparison).toMatchObject({
      verdict: 'undetermined',
      reason: expect.stringContaining('the builder is gone'),
    });
  });

  test('is not run again once somebody wants to stop', async ({ folder }) => {
    const holder = await holderIn(folder);
    const { runs } = await holder.hold(await result(folder, 'run', 20), never, AbortSignal.abort());
    expect(runs[0]?.comparison).toMatchObject({ verdict: 'undetermined' });
  });

  test('finds its baseline, and says where there is none and how to make one', async ({ folder }) => {
    const holder = await holderIn(folder, 'auto');
    const held = await holder.hold(await result(folder, 'run', 0), never, going);
    expect(held.runs[0]?.comparison?.base.name).toBe('base');
    const other = { ...(await result(folder, 'other', 20)), scenario: 'context-race' };
    const alone = await holder.hold(other, never, going);
    expect(alone).toMatchObject({ exitCode: 0, runs: [{ directory: other.directory, comparison: null }] });
    expect(said.join('')).toBe(
      `no baseline fits this run; make one of it with: buildrace baseline save other --out ${folder.path}\n`,
    );
  });

  test('is not held against nothing where its baseline is of the scenario as it was', async ({ folder }) => {
    const holder = await holderIn(folder, 'auto');
    const changed = { ...(await result(folder, 'run', 20)), contentSha256: 'changed' };
    const held = await holder.hold(changed, never, going);
    expect(held).toMatchObject({
      exitCode: 4,
      runs: [{ comparison: null, notCompared: expect.stringContaining('before it was changed') }],
    });
    expect(said.join('')).toMatch(/baseline save run --out \S+ --replace\n$/);
  });

  test('is not held against nothing where its baseline, or which one fits, cannot be read', async ({
    folder,
  }) => {
    const bad = await folder.write(
      `baselines/${baselineName(comparableOf(await result(folder, 'base', 0)))}`,
      '{',
    );
    const older = { ...(await result(folder, 'older', 0, 20)) };
    const builder = { ...older.builder, version: 'v0.1.0', daemonVersion: 'v0.1.0' };
    const lost = async (name: string) => {
      const holder = await makeHolder({ named: 'auto', margin: 0.2 }, folder.path, []);
      const { runs, exitCode } = await holder.hold(await result(folder, name, 20), never, going);
      expect(exitCode).toBe(4);
      return runs[0]?.notCompared;
    };
    expect(await lost('nothing-else')).toContain(`${bad} is no baseline`);
    await saveBaseline(comparableOf({ ...older, builder }), folder.path, 'refuse');
    expect(await lost('another-fits')).toContain(`${bad} is no baseline`);
    const stray = folder.at('baselines/stray.json');
    await rename(bad, stray);
    const holder = await makeHolder({ named: 'auto', margin: 0.2 }, folder.path, []);
    const held = await holder.hold(await result(folder, 'run', 0), never, going);
    expect(held.runs[0]?.comparison).toMatchObject({ verdict: 'unchanged', base: { name: 'older' } });
  });

  test('that nothing can be told of ends with 4, and is kept', async ({ folder }) => {
    const holder = await holderIn(folder);
    const empty = await result(folder, 'run', 0);
    const held = await holder.hold({ ...empty, arms: [] }, never, going);
    expect(held).toMatchObject({ exitCode: 4, runs: [{ comparison: null }] });
    expect(said.join('')).toContain('run has no valid iteration');
  });
});
