import { chmod, chown, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, vi } from 'vitest';
import { createRun } from '../src/builders/run.js';
import { UserError } from '../src/errors.js';
import { keptFile } from '../src/results/environment.js';
import { type JournalEvent, parseJournal } from '../src/results/journal.js';
import { type ResumeOptions, repeat, resume } from '../src/resume.js';
import { contentHash, readFolder } from '../src/scenario/folder.js';
import { loadScenario } from '../src/scenario/load.js';
import type { Plan } from '../src/scenario/plan.js';
import {
  iterationFinished,
  laneRecord,
  plannedArm,
  plannedBuild,
  plannedLane,
  sampleEnvironment,
  samplePlan,
  writeRun,
} from './results/sample-run.js';
import { silent } from './runner/carried-out.js';
import { answering, defaultScript, scriptedBuilder } from './runner/scripted-builder.js';
import { asNobody } from './scenario/as-nobody.js';
import { type Folder, test } from './scenario/folder.js';
import { smallest } from './scenario/sample.js';

const base = { schemaVersion: 1 as const, at: '2026-01-02T03:04:05.678Z' };
const started: JournalEvent = { ...base, event: 'run-started' };
const finished: JournalEvent = { ...base, event: 'run-finished' };
const build = { ...plannedBuild, tags: ['{arm}-{iteration}:{run}'] };
const done = (iteration: number) => iterationFinished({ iteration, lanes: [laneRecord('a')] });

/** A run of one arm and one lane that ended early, whose scenario and builder are as they were. */
async function early(
  folder: Folder,
  events: readonly JournalEvent[],
  more: Partial<Plan> = {},
  name = 'run',
): Promise<string> {
  vi.stubEnv('TMPDIR', folder.path);
  await folder.write('build.sh', `${defaultScript}\n`);
  await folder.write('scenario/Dockerfile', 'FROM scratch\n');
  const file = await folder.write('scenario/sample.yaml', smallest);
  const { text } = await loadScenario(file);
  const contentSha256 = contentHash(text, await readFolder(folder.at('scenario')));
  const sample = samplePlan();
  const steps = [{ step: 'build' as const, together: true, lanes: [plannedLane('a', { build })] }];
  const plan = samplePlan({
    scenario: { ...sample.scenario, contentSha256 },
    builder: { ...sample.builder, version: 'v1', daemonVersion: 'v1' },
    arms: [plannedArm({ iterations: 3, steps })],
    ...more,
  });
  const directory = await writeRun(folder.at('results', name), { plan, events });
  const environment = {
    ...sampleEnvironment(),
    scenario: { file, text, files: (await readFolder(folder.at('scenario'))).map(keptFile) },
  };
  await writeFile(path.join(directory, 'environment.json'), JSON.stringify(environment));
  for (const event of events) {
    if (event.event !== 'iteration-finished') continue;
    const at = `results/${name}/iterations/${event.arm}/${String(event.iteration).padStart(4, '0')}`;
    await folder.write(`${at}/a.stderr`, '#1 [1/1] FROM x\n#1 DONE 0.1s\n');
    await folder.write(`${at}/a.stdout`, '');
  }
  return directory;
}
afterEach(() => vi.unstubAllEnvs());

function options(folder: Folder, directory: string, more: Partial<ResumeOptions> = {}): ResumeOptions {
  return {
    ...{ directory, destructive: false, env: process.env, aside: createRun(process.env) },
    abort: new AbortController().signal,
    choose: () => Promise.resolve({ builder: scriptedBuilder(folder), probe: answering }),
    watch: () => Promise.resolve({ observer: silent }),
    ...more,
  };
}

const journalOf = async (directory: string) =>
  parseJournal(await readFile(path.join(directory, 'journal.jsonl'), 'utf8'));
const iterationsOf = async (directory: string): Promise<number[]> =>
  (await journalOf(directory)).events.flatMap((event) =>
    event.event === 'iteration-finished' ? [event.iteration] : [],
  );
const buildsOf = async (folder: Folder): Promise<string> =>
  readFile(folder.at('calls'), 'utf8').catch(() => '');

describe('a run goes on', () => {
  test('wherever it was moved, under any name', async ({ folder }) => {
    const before = await early(folder, [started, done(1)]);
    const directory = folder.at('results/measurements/Moved away');
    await mkdir(path.dirname(directory), { recursive: true });
    await rename(before, directory);
    const result = await resume(options(folder, directory));
    expect(result).toMatchObject({ directory, stopped: null });
    expect(await iterationsOf(directory)).toEqual([1, 2, 3]);
    // What was built is known by the name that the run began with.
    expect(await buildsOf(folder)).toContain(`build main-3:${samplePlan().run.toLowerCase()}`);
  });

  test('and does again what its journal no longer tells of', async ({ folder }) => {
    const directory = await early(folder, [started, done(1), done(2)]);
    const lines = (await readFile(path.join(directory, 'journal.jsonl'), 'utf8')).split('\n');
    lines[1] = `${lines[1]?.slice(0, 40)}\0\x1b[2J`;
    await writeFile(path.join(directory, 'journal.jsonl'), lines.join('\n'));
    const result = await resume(options(folder, directory));
    expect(await iterationsOf(directory)).toEqual([2, 1, 3]);
    expect(result.warnings).toContain('line 2 of journal.jsonl could not be read');
    expect(await readFile(path.join(directory, 'iterations/main/0001/a.stdout'), 'utf8')).toContain('main-1');
  });

  test('from a journal that holds nothing', async ({ folder }) => {
    const directory = await early(folder, []);
    expect(await resume(options(folder, directory))).toMatchObject({ stopped: null });
    expect(await iterationsOf(directory)).toEqual([1, 2, 3]);
  });

  test('within its part of a plan', async ({ folder }) => {
    const arms = [
      plannedArm({
        iterations: 7,
        steps: [{ step: 'build', together: true, lanes: [plannedLane('a', { build })] }],
      }),
    ];
    const directory = await early(folder, [started, done(2)], { shard: { index: 2, of: 3 }, arms });
    await resume(options(folder, directory));
    expect(await iterationsOf(directory)).toEqual([2, 5]);
  });

  test('when it is a stage of a search', async ({ folder }) => {
    const window = { phase: 'search' as const, searched: [], runs: [] };
    const directory = await early(folder, [started, done(1)], { window });
    expect(await resume(options(folder, directory))).toMatchObject({ window: { phase: 'search' } });
    expect(await iterationsOf(directory)).toEqual([1, 2, 3]);
  });

  test('later, where it is stopped while its builder is asked and its past is judged', async ({ folder }) => {
    const directory = await early(folder, [started, done(1), done(2)], { stopping: { rule: 'first' } });
    const stop = new AbortController();
    const usual = options(folder, directory);
    const choose = (builder: string) => {
      stop.abort('stopped by SIGINT');
      return usual.choose(builder);
    };
    const result = await resume({ ...usual, choose, abort: stop.signal });
    expect(result).toMatchObject({ stopped: 'stopped by SIGINT' });
    expect(await buildsOf(folder)).toBe('');
    expect(await resume(usual)).toMatchObject({ stopped: null });
    expect(await iterationsOf(directory)).toEqual([1, 2, 3]);
  });
});

test('a result says that the builder was replaced while the run was on it', async ({ folder }) => {
  const directory = await early(folder, [started, done(1)]);
  const probe = () => Promise.resolve({ ...answering, daemonVersion: 'v2' });
  const choose = () => Promise.resolve({ builder: scriptedBuilder(folder, { probe }), probe: answering });
  const { builder, warnings, severalBuilders } = await resume(options(folder, directory, { choose }));
  expect(severalBuilders).toBe(true);
  expect(builder).toMatchObject({ version: 'v1', daemonVersion: 'v1' });
  expect(warnings).toContain(
    'the builder was v1 when the run began and v1 (daemon v2) when it ended: a rate over two builders says nothing of either',
  );
});

test('a result tells by facts that the run went on on another machine', async ({ folder }) => {
  for (const [name, kernel] of [
    ['here', sampleEnvironment().kernel],
    ['elsewhere', 'another'],
  ] as const) {
    const directory = await early(folder, [started, done(1)], {}, name);
    const file = path.join(directory, 'environment.json');
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), kernel }));
    const { severalMachines, severalBuilders } = await resume(options(folder, directory));
    const isElsewhere = name === 'elsewhere' ? true : undefined;
    expect({ severalMachines, severalBuilders }).toEqual({ severalMachines: isElsewhere });
    const resumed = (await journalOf(directory)).events.find(({ event }) => event === 'run-resumed');
    const { arch, cpuModel, cpus, host } = sampleEnvironment();
    const machine = { arch, cpuModel, cpus, kernel: sampleEnvironment().kernel, host };
    expect(resumed).toMatchObject({ machine });
  }
});

describe('a run does not go on', () => {
  const refused = async (folder: Folder, directory: string, sentence: RegExp): Promise<void> => {
    const before = await readFile(path.join(directory, 'journal.jsonl'), 'utf8');
    const error = await resume(options(folder, directory)).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(sentence);
    expect(await readFile(path.join(directory, 'journal.jsonl'), 'utf8')).toBe(before);
    expect(await buildsOf(folder)).toBe('');
  };

  test('when it was joined of parts', async ({ folder }) => {
    const merged: JournalEvent = { ...base, event: 'runs-merged', runs: ['a', 'b'], warnings: [] };
    const directory = await early(folder, [merged, done(1)]);
    await refused(folder, directory, /was joined of parts; resume the parts, and merge them again$/);
  });

  test('on another kind of builder that says the same of itself', async ({ folder }) => {
    const builder = { ...samplePlan().builder, kind: 'auto', version: 'v1', daemonVersion: 'v1' };
    const directory = await early(folder, [started, done(1)], { builder });
    await refused(folder, directory, /not the one that the run began on \(kind auto, now buildctl\)/);
  });

  test('where it cannot be written', async ({ folder }) => {
    const directory = await early(folder, [started, done(1)]);
    await chmod(folder.path, 0o755);
    await chmod(directory, 0o555);
    await asNobody(() =>
      refused(folder, directory, /^the lock of the run in \S+ cannot be made \(permission denied\)$/),
    );
    await chmod(directory, 0o755);
  });

  test.for(['', 'plan.json', 'environment.json', 'journal.jsonl', 'iterations', 'iterations/main'])(
    'when others can write %j of it; nor is it repeated',
    async (name, { folder }) => {
      const directory = await early(folder, [started, done(1)]);
      const file = path.join(directory, name);
      await chmod(file, 0o777);
      const sentence = new RegExp(`can be changed by other users, .*, call chmod -R go-w ${directory}$`);
      await refused(folder, directory, sentence);
      await expect(repeat(options(folder, directory))).rejects.toThrow(sentence);
    },
  );

  test.for(['iterations', 'locks'])(
    'when %s of it is a link; nor is it repeated',
    async (name, { folder }) => {
      const directory = await early(folder, [started, done(1)]);
      const at = path.join(directory, name);
      await mkdir(at, { recursive: true });
      await rename(at, folder.at('elsewhere'));
      await symlink(folder.at('elsewhere'), at);
      const sentence = new RegExp(`/${name} is a link or no ordinary file, .*: remove it$`);
      await refused(folder, directory, sentence);
      await expect(repeat(options(folder, directory))).rejects.toThrow(sentence);
    },
  );

  test.runIf(process.geteuid?.() === 0).for(['', 'plan.json', 'environment.json', 'journal.jsonl'])(
    'when %j of it is another user’s',
    async (name, { folder }) => {
      const directory = await early(folder, [started, done(1)]);
      await chown(path.join(directory, name), 65_534, 65_534);
      await refused(folder, directory, /belongs to another user, .* make it yours with chown$/);
    },
  );
});

describe('of a run that is finished', () => {
  test('the result is told, whoever wrote it, and where nothing can be written', async ({ folder }) => {
    const directory = await early(folder, [started, done(1), done(2), done(3), finished]);
    await chmod(folder.path, 0o755);
    await chmod(directory, 0o555);
    const result = await asNobody(() => resume(options(folder, directory)));
    expect(result).toMatchObject({ stopped: null, arms: [{ iterations: { planned: 3, valid: 3 } }] });
    await chmod(directory, 0o777);
    expect(await resume(options(folder, directory))).toEqual(result);
    await rm(path.join(directory, 'result.json'));
  });
});
