import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { UserError } from '../../src/errors.js';
import { baselineName, readBaseline } from '../../src/results/baseline.js';
import { findBaseline, listBaselines, nearestBaseline, saveBaseline } from '../../src/results/baselines.js';
import type { Comparable } from '../../src/results/comparable.js';
import { drift } from '../judgement/sample-comparable.js';
import { test } from '../scenario/folder.js';

async function complaint(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => null,
    (one: unknown) => one,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as Error).message;
}

const run = (more: Partial<Comparable> = {}) => drift('2026-run', 3, 20, more);
const name = 'chaos-1506--buildctl--v0.32.2--linux-x64';

describe('a baseline', () => {
  test('holds what a comparison needs, and no more', async ({ folder }) => {
    const { file, saved } = await saveBaseline(run(), folder.path, 'refuse');
    expect(saved).toBe(true);
    expect(file).toBe(folder.at('baselines', `${name}.json`));
    expect(await readBaseline(file)).toEqual({ ...run(), file, isBaseline: true });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ schemaVersion: 1, run: '2026-run' });
  });

  test('is not overwritten unless one says so, and left alone where one asks', async ({ folder }) => {
    const { file } = await saveBaseline(run(), folder.path, 'refuse');
    const first = await readFile(file, 'utf8');
    const other = drift('other-run', 9);
    expect(await complaint(saveBaseline(other, folder.path, 'refuse'))).toBe(
      `there is a baseline ${file} already; --replace overwrites it, --if-none keeps it`,
    );
    expect(await saveBaseline(other, folder.path, 'keep')).toEqual({ file, saved: false });
    expect(await readFile(file, 'utf8')).toBe(first);
    expect(await saveBaseline(other, folder.path, 'replace')).toEqual({ file, saved: true });
    expect((await readBaseline(file)).name).toBe('other-run');
    expect(await readdir(folder.at('baselines'))).toEqual([`${name}.json`]);
  });

  test('of several that are saved at once is one of theirs, and the others are told', async ({ folder }) => {
    const runs = Array.from({ length: 8 }, (_, i) => drift(`run-${i}`, i));
    const ends = await Promise.allSettled(runs.map((one) => saveBaseline(one, folder.path, 'refuse')));
    const winners = ends.flatMap(({ status }, i) => (status === 'fulfilled' ? [`run-${i}`] : []));
    expect(winners).toHaveLength(1);
    const [file = ''] = await readdir(folder.at('baselines'));
    expect((await readBaseline(folder.at('baselines', file))).name).toBe(winners[0]);
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason.message).toContain('there is a baseline');
  });

  test('of several of which any may be kept is the first, and none fails', async ({ folder }) => {
    const runs = Array.from({ length: 8 }, (_, i) => drift(`run-${i}`, i));
    const ends = await Promise.all(runs.map((one) => saveBaseline(one, folder.path, 'keep')));
    expect(ends.filter(({ saved }) => saved)).toHaveLength(1);
    expect(await readdir(folder.at('baselines'))).toEqual([`${name}.json`]);
  });

  test('that is damaged is not kept as if it were one, and may be overwritten', async ({ folder }) => {
    const { file } = await saveBaseline(run(), folder.path, 'refuse');
    await writeFile(file, '{');
    expect(await complaint(saveBaseline(run(), folder.path, 'keep'))).toBe(
      `the baseline that is there is of no use: ${file} is no baseline, or is damaged: it is not JSON`,
    );
    expect(await readFile(file, 'utf8')).toBe('{');
    expect(await saveBaseline(run(), folder.path, 'replace')).toEqual({ file, saved: true });
    expect((await readBaseline(file)).name).toBe('2026-run');
  });

  test('of a newer format is not overwritten, nor kept as if it could be read', async ({ folder }) => {
    const { file } = await saveBaseline(run(), folder.path, 'refuse');
    await writeFile(file, '{"schemaVersion":2}');
    for (const ifThere of ['replace', 'keep'] as const) {
      expect(await complaint(saveBaseline(run(), folder.path, ifThere))).toMatch(
        /is a baseline of format 2, .*; update buildrace$/,
      );
    }
    expect(await readFile(file, 'utf8')).toBe('{"schemaVersion":2}');
  });

  test('is not made of a run that ended because of what showed, nor of one without iterations', async ({
    folder,
  }) => {
    const stopped = run({ stopping: { rule: 'first' } });
    expect(await complaint(saveBaseline(stopped, folder.path, 'refuse'))).toMatch(/no fair sample/);
    expect(await complaint(saveBaseline(drift('empty', 0, 0), folder.path, 'refuse'))).toMatch(
      /^empty has no valid iteration/,
    );
    expect(await readdir(folder.path)).toEqual([]);
  });

  test.for([
    [{ phase: 'search' }, /^2026-run only searched for an offset/],
    [{ shard: { index: 2, of: 8 } }, /^2026-run is part 2\/8 of a run; merge the parts/],
    [{ stopped: 'stopped by SIGINT' }, /^2026-run was cut off \(stopped by SIGINT\)/],
    [{ ofSeveralMachines: true }, /^2026-run has iterations of different machines, so its rates are of none/],
    [{ ofSeveralBuilders: true }, /^2026-run has iterations of different versions of the builder, so its/],
  ] as const)('is not made of %o', async ([more, sentence], { folder }) => {
    expect(await complaint(saveBaseline(run(more), folder.path, 'replace'))).toMatch(sentence);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('of a simulated builder keeps its mark', async ({ folder }) => {
    const builder = { kind: 'simulated', name: null, version: '1.0.0', daemonVersion: null, simulated: true };
    const { file } = await saveBaseline(run({ builder }), folder.path, 'refuse');
    expect((await readBaseline(file)).builder.simulated).toBe(true);
    // Whoever takes it away leaves the kind.
    const text = await readFile(file, 'utf8');
    expect(text).toContain('"simulated": true');
    await writeFile(file, text.replace('"simulated": true', '"simulated": false'));
    expect((await readBaseline(file)).builder.simulated).toBe(true);
  });

  test('has a run’s name that a terminal can show, whatever its directory is called', async ({ folder }) => {
    const { file } = await saveBaseline(drift('a\u001b[31m\u202eb', 3), folder.path, 'refuse');
    expect((await readBaseline(file)).name).toBe('a?[31m?b');
    await writeFile(file, (await readFile(file, 'utf8')).replace('a?[31m?b', '\\u001b[31m'));
    expect(await complaint(readBaseline(file))).toMatch(/damaged: run/);
  });

  test('goes where nobody can write: one sentence', async ({ folder }) => {
    const results = await folder.write('file', '');
    expect(await complaint(saveBaseline(run(), results, 'refuse'))).toMatch(/cannot be written/);
  });
});

describe('a baseline file', () => {
  test('has a name of what it was made on, whatever a program calls its version', () => {
    expect(baselineName(run())).toBe(`${name}.json`);
    const version = (text: string | null) =>
      baselineName(
        run({
          builder: { kind: 'buildx', name: null, version: text, daemonVersion: null, simulated: false },
        }),
      );
    expect(version('../../etc/passwd')).toBe('chaos-1506--buildx--etc-passwd--linux-x64.json');
    expect(version('v1.2.3-rc.1+meta \u001b[31m')).toBe(
      'chaos-1506--buildx--v1.2.3-rc.1+meta-31m--linux-x64.json',
    );
    expect(version('///')).toBe('chaos-1506--buildx--unknown--linux-x64.json');
    expect(version(null)).toBe('chaos-1506--buildx--unknown--linux-x64.json');
    expect(version('9'.repeat(500)).length).toBeLessThan(120);
  });

  test('of the simulated builder has its profile in its name, and two profiles have two', async ({
    folder,
  }) => {
    const simulated = (profile: string | null) => ({
      builder: { ...run().builder, kind: 'simulated', simulated: true, name: profile },
    });
    for (const profile of ['apple', 'buildkit'])
      await saveBaseline(run(simulated(profile)), folder.path, 'refuse');
    expect(await readdir(folder.at('baselines'))).toEqual([
      'chaos-1506--simulated-apple--v0.32.2--linux-x64.json',
      'chaos-1506--simulated-buildkit--v0.32.2--linux-x64.json',
    ]);
    expect(baselineName(run(simulated(null)))).toBe('chaos-1506--simulated--v0.32.2--linux-x64.json');
    expect(baselineName(run(simulated('../../x')))).toMatch(/^chaos-1506--simulated-[.x-]+--v0/);
    // Of any other builder the name is an address or a folder of its machine.
    expect(baselineName(run({ builder: { ...run().builder, name: 'tcp://elsewhere' } }))).toBe(
      `${name}.json`,
    );
  });

  test('of old times, that says less, is read', async ({ folder }) => {
    const { file } = await saveBaseline(run(), folder.path, 'refuse');
    const old = JSON.parse(await readFile(file, 'utf8'));
    delete old.arms[0].point;
    delete old.builder.name;
    await writeFile(file, JSON.stringify(old));
    expect(await readBaseline(file)).toEqual({ ...run(), file, isBaseline: true });
  });

  test('of another format, cut off, of something else or missing is one sentence', async ({ folder }) => {
    const { file } = await saveBaseline(run(), folder.path, 'refuse');
    const good = JSON.parse(await readFile(file, 'utf8'));
    const said = async (content: string) => {
      await writeFile(file, content);
      return complaint(readBaseline(file));
    };
    expect(await said(JSON.stringify({ ...good, schemaVersion: 2 }))).toBe(
      `${file} is a baseline of format 2, and this buildrace reads format 1; update buildrace`,
    );
    expect(await said(JSON.stringify({ ...good, schemaVersion: 0 }))).toMatch(
      /reads format 1; save it again$/,
    );
    expect(await said('{"schemaVersion": 1,')).toMatch(/damaged: it is not JSON$/);
    expect(await said('null')).toMatch(/no baseline, or is damaged/);
    expect(await said('{}')).toMatch(/no baseline, or is damaged: schemaVersion/);
    good.arms[0].signals[0].count = 21;
    expect(await said(JSON.stringify(good))).toMatch(/arms\.0\.signals\.0 it was seen in more/);
    good.arms[0].signals[0].count = 20;
    good.arms[0].name = '\u001b[31m';
    expect(await said(JSON.stringify(good))).toMatch(/arms\.0\.name/);
    expect(await complaint(readBaseline(folder.path))).toMatch(/is no file$/);
    expect(await complaint(readBaseline(folder.at('none')))).toMatch(/cannot be read/);
  });

  test('is found by its path, its name and its name without the ending', async ({ folder }) => {
    const { file } = await saveBaseline(run(), folder.path, 'refuse');
    for (const named of [file, `${name}.json`, name])
      expect(await findBaseline(named, folder.path)).toBe(file);
    expect(await findBaseline('none', folder.path)).toBeNull();
    expect(await findBaseline(folder.path, folder.path)).toBeNull();
  });

  test('that is none is passed over in a list, and named', async ({ folder }) => {
    expect(await listBaselines(folder.path)).toEqual({ baselines: [], problems: [] });
    await saveBaseline(run(), folder.path, 'refuse');
    await folder.write('baselines/bad.json', '{');
    await folder.write('baselines/notes.txt', 'x');
    await mkdir(folder.at('baselines/folder.json'));
    const { baselines, problems } = await listBaselines(folder.path);
    expect(baselines.map((one) => one.name)).toEqual(['2026-run']);
    expect(problems).toEqual(
      ['bad.json', 'folder.json'].map((one) => ({
        file: folder.at('baselines', one),
        sentence: expect.stringContaining(one),
      })),
    );
  });
});

describe('the baseline that is found for a run', () => {
  const builder = (version: string | null, kind = 'buildctl', simulated = false) => ({
    builder: { kind, name: null, version: 'client', daemonVersion: version, simulated },
  });
  const at = (day: number) => ({ startedAt: `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z` });
  const machine = (more: Partial<Comparable['machine']>) => ({
    machine: { ...drift('', 0).machine, ...more },
  });
  const base = (label: string, ...more: Partial<Comparable>[]) =>
    drift(label, 0, 20, Object.assign({}, at(1), ...more));
  const found = (one: Comparable, ...baselines: Comparable[]) => {
    const there = nearestBaseline(one, baselines)?.name ?? null;
    expect(nearestBaseline(one, [...baselines].reverse())?.name ?? null).toBe(there);
    return there;
  };
  const now = drift('now', 0, 20, { ...at(20), ...builder('v0.10.0') });

  test('is of its version, or the nearest below', () => {
    const [low, near, high] = ['v0.2.0', 'v0.9.1', 'v0.10.1'].map((one) => base(one, builder(one))) as [
      Comparable,
      Comparable,
      Comparable,
    ];
    expect(found(now, low, near, high)).toBe('v0.9.1');
    expect(found(now, low, near, high, base('same', builder('v0.10.0')))).toBe('same');
    expect(found(now, high)).toBeNull();
  });

  test('is the newest of one version, and of the same host before all', () => {
    const old = base('old', builder('v0.9.0'), at(2));
    const fresh = base('fresh', builder('v0.9.0'), at(3));
    expect(found(now, old, fresh)).toBe('fresh');
    const elsewhere = base('elsewhere', builder('v0.10.0'), at(4), machine({ host: 'ffffffffffff' }));
    expect(found(now, old, fresh, elsewhere)).toBe('fresh');
    expect(found(now, elsewhere)).toBe('elsewhere');
  });

  test('has no version that cannot be ordered, unless it is the same', () => {
    const odd = drift('odd', 0, 20, { ...at(20), ...builder('master-1234') });
    expect(found(odd, base('other', builder('master-0999')), base('number', builder('v0.1.0')))).toBeNull();
    expect(found(odd, base('equal', builder('master-1234')))).toBe('equal');
    expect(found(now, base('other', builder('master-0999')))).toBeNull();
  });

  test('is of its profile, where the builder is simulated', () => {
    const simulated = (profile: string | null) => ({
      builder: { ...builder('0.1.0', 'simulated', true).builder, name: profile },
    });
    const buildkit = drift('now', 0, 20, { ...at(20), ...simulated('buildkit') });
    expect(found(buildkit, base('apple', simulated('apple')))).toBeNull();
    // A baseline of old times does not tell.
    expect(found(buildkit, base('unknown', simulated(null)))).toBeNull();
    expect(found(buildkit, base('its own', simulated('buildkit')), base('apple', simulated('apple')))).toBe(
      'its own',
    );
    // Another's name is an address.
    const named = { builder: { ...builder('v0.10.0').builder, name: 'tcp://elsewhere' } };
    expect(found(now, base('elsewhere', named))).toBe('elsewhere');
  });

  test.for([
    ['of another scenario', { scenario: 'context-race' }],
    ['of a scenario that was changed', { contentSha256: 'other' }],
    ['of another kind of builder', builder('v0.10.0', 'buildx')],
    ['of the simulated builder', builder('v0.10.0', 'buildctl', true)],
    ['of another system', machine({ os: 'Darwin 25' })],
    ['of another architecture', machine({ arch: 'arm64' })],
    ['newer than the run', at(21)],
    ['the run itself', { name: 'now' }],
  ] as const)('is none that is %s', ([, more]) => {
    const fitting = base('fits', builder('v0.10.0'));
    expect(found(now, fitting)).toBe('fits');
    expect(found(now, { ...fitting, ...more } as Comparable)).toBeNull();
  });
});
