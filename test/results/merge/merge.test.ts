import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { analyze } from '../../../src/analysis.js';
import { UserError } from '../../../src/errors.js';
import { comparableOf } from '../../../src/results/comparable.js';
import { writeJson } from '../../../src/results/directory.js';
import type { JournalEvent } from '../../../src/results/journal.js';
import { mergeRuns } from '../../../src/results/merge/merge.js';
import { readRun } from '../../../src/results/read.js';
import type { RunResult } from '../../../src/results/result.js';
import type { Plan } from '../../../src/scenario/plan.js';
import { type Folder, test } from '../../scenario/folder.js';
import { plannedArm, sampleEnvironment, samplePlan } from '../sample-run.js';
import { recordedRun } from '../split-run.js';

const part = (folder: Folder, index: number, of: number, more: Partial<Plan> = {}) =>
  recordedRun(folder, `part-${index}`, { index, of }, more);

/** Why parts are not merged; nothing may be left behind. */
async function refusal(folder: Folder, ...directories: string[]): Promise<string> {
  const error = await mergeRuns(directories, folder.at('merged')).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect(existsSync(folder.at('merged'))).toBe(false);
  const { message } = error as UserError;
  expect(message).not.toContain('\n');
  return message.replaceAll(`${folder.path}/`, '');
}

describe('parts of a plan', () => {
  test.for([2, 3, 6])('in %i are judged as the run of the whole is', async (of, { folder }) => {
    const whole = await analyze(await recordedRun(folder, 'whole', null));
    const parts = Array.from({ length: of }, (_, i) => part(folder, i + 1, of));
    // In whatever order they are named.
    const merged = await mergeRuns((await Promise.all(parts)).toReversed(), folder.at('merged'));
    const { directory, ...result } = await analyze(merged);
    const { directory: _, ...expected } = whole;
    expect(result).toEqual(expected);
    expect(directory).toBe(merged);
    const [main] = result.arms;
    expect(main?.iterations).toEqual({ planned: 6, valid: 6, invalid: 0 });
    expect(main?.signals[0]?.iterations).toEqual({ count: 4, of: 4, blind: 2 });
  });

  test('that ran one after the other have their iterations in the order of the plan', async ({ folder }) => {
    const whole = await analyze(await recordedRun(folder, 'whole', null));
    const parts = await Promise.all([
      recordedRun(folder, 'late', { index: 1, of: 2 }, {}, undefined, 20),
      recordedRun(folder, 'early', { index: 2, of: 2 }),
    ]);
    const merged = await mergeRuns(parts, folder.at('merged'));
    const result = await analyze(merged);
    const courses = ({ arms }: RunResult) =>
      arms.flatMap(({ signals }) => signals.map(({ course, drift }) => [course, drift]));
    expect(courses(result)).toEqual(courses(whole));
    // Times stay what they are, and the run's are the first and the last of them.
    const { events } = (await readRun(merged)).journal;
    const times = events.flatMap((one) => (one.event === 'iteration-finished' ? [one.at] : []));
    expect(times).not.toEqual(times.toSorted());
    expect([result.startedAt, result.finishedAt]).toEqual([whole.startedAt, whole.finishedAt]);
  });

  test('lead from a finding to its log', async ({ folder }) => {
    const parts = await Promise.all([part(folder, 1, 2), part(folder, 2, 2)]);
    const merged = await mergeRuns(parts, folder.at('merged'));
    await Promise.all(parts.map((one) => rm(one, { recursive: true })));
    const examples = (await analyze(merged)).arms
      .flatMap((arm) => arm.signals)
      .flatMap((one) => one.examples);
    expect(examples.length).toBeGreaterThan(0);
    for (const { file, evidence } of examples) {
      const lines = (await readFile(path.join(merged, file), 'utf8')).split('\n');
      for (const { line, text } of evidence) expect(lines[line - 1]).toContain(text);
    }
  });

  test('become a run of its own name, that is no part any more', async ({ folder }) => {
    const merged = await mergeRuns([await part(folder, 1, 1)], folder.at('merged'));
    const { plan } = await readRun(merged);
    expect(path.basename(merged)).toBe(plan.run);
    expect(plan).toMatchObject({ shard: null, seed: 7, again: 'buildrace run sample --seed 7' });
    expect(await readdir(folder.at('merged'))).toEqual([plan.run]);
  });

  test('that did not reach their end say so, and what they finished counts', async ({ folder }) => {
    const ended = {
      schemaVersion: 1 as const,
      at: '',
      event: 'run-stopped' as const,
      reason: 'stopped by SIGINT',
    };
    const parts = await Promise.all([
      part(folder, 1, 4),
      recordedRun(folder, 'stopped', { index: 2, of: 4 }, {}, ended),
      recordedRun(folder, 'killed', { index: 4, of: 4 }, {}, null),
    ]);
    const result = await analyze(await mergeRuns(parts, folder.at('merged')));
    expect(result.stopped).toBe(
      'part 2/4: stopped by SIGINT; part 4/4 ended in the middle; part 3/4 is missing',
    );
    expect(result.warnings).toEqual(["of the plan's parts, 3/4 is missing"]);
    expect(comparableOf(result)).toMatchObject({ ofSeveralBuilders: false, ofSeveralMachines: false });
    expect(result.arms[0]?.iterations).toEqual({ planned: 6, valid: 5, invalid: 0 });
  });

  test('whose builder was replaced or started again say so', async ({ folder }) => {
    const base = { schemaVersion: 1 as const, at: '2026-01-02T03:04:05.678Z' };
    const end: JournalEvent = { ...base, event: 'run-finished' };
    const parts = await Promise.all([part(folder, 1, 2), part(folder, 2, 2)]);
    const befallen: JournalEvent[] = [
      { ...base, event: 'daemon-restarted', daemon: 'daemon-1', reason: 'no daemon answers' },
      { ...base, event: 'builder-changed', version: 'v0.99.0', daemonVersion: 'v0.99.0' },
      end,
    ];
    const lines = befallen.map((event) => `${JSON.stringify(event)}\n`).join('');
    await appendFile(path.join(parts[1] as string, 'journal.jsonl'), lines);
    const result = await analyze(await mergeRuns(parts, folder.at('merged')));
    expect(comparableOf(result)).toMatchObject({ ofSeveralBuilders: true, ofSeveralMachines: false });
    expect(result.warnings).toEqual([
      'part 2/2: daemon-1 stopped answering in the warm-up and was started again',
      'part 2/2: the builder was v0.32.2 when the run began and v0.99.0 when it ended: a rate over two builders says nothing of either',
    ]);
  });

  test('from different machines are joined with a warning', async ({ folder }) => {
    const parts = await Promise.all([part(folder, 1, 2), part(folder, 2, 2)]);
    const here = sampleEnvironment();
    await writeJson(path.join(parts[0] as string, 'environment.json'), { ...here, cpus: 2, kernel: '6.1' });
    await writeJson(path.join(parts[1] as string, 'environment.json'), {
      ...here,
      cpus: 64,
      kernel: '6.9',
      toolVersion: '0.2.0',
    });
    const result = await analyze(await mergeRuns(parts, folder.at('merged')));
    expect(comparableOf(result)).toMatchObject({ ofSeveralBuilders: false, ofSeveralMachines: true });
    expect(result.warnings).toEqual([
      'parts 1/2 and 2/2 ran on different machines: cpus 2 and 64, kernel 6.1 and 6.9',
      'parts 1/2 and 2/2 were made with buildrace 0.1.0 and 0.2.0',
    ]);
  });

  test('of which one went on elsewhere are of several machines', async ({ folder }) => {
    const { arch, cpuModel, cpus, kernel, host } = sampleEnvironment();
    const base = { schemaVersion: 1 as const, at: '2026-01-02T03:04:05.678Z' };
    const warnings = ['it was resumed on another machine: cpus 2 and 64'];
    const goesOn = { ...base, event: 'run-resumed' as const, toolVersion: '0.1.0', warnings };
    // As it was journalled before it told of the machine, and since.
    for (const [i, machine] of [
      {},
      { machine: { arch, cpuModel, cpus: cpus + 1, kernel, host } },
    ].entries()) {
      const parts = await Promise.all([
        recordedRun(folder, `${i}-here`, { index: 1, of: 2 }),
        recordedRun(folder, `${i}-there`, { index: 2, of: 2 }),
      ]);
      const journal = path.join(parts[1] as string, 'journal.jsonl');
      const lines = (await readFile(journal, 'utf8')).split('\n');
      const last = lines.findLastIndex((line) => line.includes('"iteration-finished"'));
      const event: JournalEvent = { ...goesOn, ...machine };
      await writeFile(journal, lines.toSpliced(last, 0, JSON.stringify(event)).join('\n'));
      const result = await analyze(await mergeRuns(parts, folder.at(`merged-${i}`)));
      expect(comparableOf(result)).toMatchObject({ ofSeveralBuilders: false, ofSeveralMachines: true });
      expect(result.warnings).toContain(`part 2/2: ${warnings[0]}`);
    }
  });

  test('from builders of different names are joined with a warning, as a name may be an address', async ({
    folder,
  }) => {
    const of = (name: string) => ({ builder: { ...samplePlan().builder, name } });
    const parts = await Promise.all([part(folder, 1, 2, of('/a')), part(folder, 2, 2, of('/b\u001b[2J'))]);
    const { warnings } = await analyze(await mergeRuns(parts, folder.at('merged')));
    expect(warnings).toEqual([
      'parts 1/2 and 2/2 ran on builders of different names: "/a" and "/b\\u001b[2J"',
    ]);
  });

  test('tell of a line of their journals that could not be read', async ({ folder }) => {
    const parts = await Promise.all([part(folder, 1, 2), part(folder, 2, 2)]);
    await writeFile(path.join(parts[1] as string, 'journal.jsonl'), '{"cut', { flag: 'a' });
    const { warnings } = await analyze(await mergeRuns(parts, folder.at('merged')));
    expect(warnings).toEqual(['journal.jsonl of part 2/2 could not be read in line 9']);
  });

  test('keep the logs of their daemons and warm-ups apart', async ({ folder }) => {
    const parts = await Promise.all([part(folder, 1, 2), part(folder, 2, 2)]);
    for (const [i, one] of parts.entries()) {
      for (const file of ['daemons/daemon-1.log', 'warm-up/main/a.stderr', 'harness.log']) {
        await mkdir(path.dirname(path.join(one, file)), { recursive: true });
        await writeFile(path.join(one, file), `of part ${i + 1}\n`);
      }
    }
    const merged = await mergeRuns(parts, folder.at('merged'));
    const read = (file: string) => readFile(path.join(merged, file), 'utf8');
    expect(await read('daemons/part-1.daemon-1.log')).toBe('of part 1\n');
    expect(await read('daemons/part-2.daemon-1.log')).toBe('of part 2\n');
    expect(await read('warm-up/part-2.main/a.stderr')).toBe('of part 2\n');
    expect(await read('harness.log')).toBe('of part 1\nof part 2\n');
  });

  test('bring nothing along that a link in them leads to', async ({ folder }) => {
    const parts = await Promise.all([part(folder, 1, 2), part(folder, 2, 2)]);
    await folder.write('secret/a.stderr', 'a secret');
    const lane = path.join(parts[0] as string, 'iterations/main/0001/a.stderr');
    const iteration = path.join(parts[0] as string, 'iterations/apart/0003');
    await rm(lane);
    await rm(iteration, { recursive: true });
    await symlink(folder.at('secret/a.stderr'), lane);
    await symlink(folder.at('secret'), iteration);
    await symlink(folder.at('secret'), path.join(parts[0] as string, 'daemons'));
    const merged = await mergeRuns(parts, folder.at('merged'));
    const names = await readdir(merged, { recursive: true, withFileTypes: true });
    const of = (kind: 'isFile' | 'isSymbolicLink') =>
      names
        .filter((one) => one[kind]())
        .map((one) => path.relative(merged, path.join(one.parentPath, one.name)));
    expect(of('isSymbolicLink')).toEqual([]);
    expect(of('isFile')).not.toContain('iterations/main/0001/a.stderr');
    expect(of('isFile').filter((file) => /apart.0003|daemons/.test(file))).toEqual([]);
    expect((await analyze(merged)).arms[0]?.iterations.invalid).toBe(1);
  });
});

describe('runs that are no parts of one plan', () => {
  const others: readonly (readonly [string, Partial<Plan>, RegExp])[] = [
    ['seed', { seed: 8 }, /differ in seed$/],
    ['time limit', { timeoutMs: 1 }, /differ in timeoutMs$/],
    ['stopping rule', { stopping: { rule: 'first' } }, /differ in stopping$/],
    ['signals', { signals: ['hang'] }, /differ in signals$/],
    ['arms', { arms: [plannedArm({ name: 'other' })] }, /differ in arms \(main apart, and other\)$/],
    [
      'iterations',
      {
        arms: [
          plannedArm({ iterations: 6 }),
          plannedArm({ name: 'apart', role: 'control', of: 'main', iterations: 7 }),
        ],
      },
      /differ in iterations of arm apart$/,
    ],
    [
      'content',
      { scenario: { ...samplePlan().scenario, contentSha256: 'other' } },
      /differ in the scenario's content$/,
    ],
    [
      'builder version',
      { builder: { ...samplePlan().builder, version: 'v1\u001b[31m\u009b' } },
      /differ in the builder's version \("v0\.32\.2" and "v1\\u001b\[31m\\u009b"\)$/,
    ],
    [
      'daemon version',
      { builder: { ...samplePlan().builder, daemonVersion: null } },
      /daemonVersion \("v0\.32\.2" and null\)$/,
    ],
    ['builder', { builder: { ...samplePlan().builder, kind: 'buildah' } }, /the builder's kind/],
  ];
  test.for(others)('by their %s are refused', async ([, more, sentence], { folder }) => {
    expect(await refusal(folder, await part(folder, 1, 2), await part(folder, 2, 2, more))).toMatch(sentence);
  });

  test('by the behaviour of a simulated builder, which is its name, are refused', async ({ folder }) => {
    const of = (name: string) => ({ builder: { ...samplePlan().builder, simulated: true, name } });
    const parts = [await part(folder, 1, 2, of('apple')), await part(folder, 2, 2, of('apple-fixed'))];
    expect(await refusal(folder, ...parts)).toMatch(
      /differ in the builder's name \("apple" and "apple-fixed"\)$/,
    );
  });

  test('by their whole are refused', async ({ folder }) => {
    expect(await refusal(folder, await part(folder, 1, 2), await part(folder, 2, 3))).toBe(
      'part-1 and part-2 are not parts of one whole: 1/2 and 2/3',
    );
  });

  test('are refused where one is whole, alone, or stands twice', async ({ folder }) => {
    const one = await part(folder, 1, 2);
    expect(await refusal(folder, one)).toMatch(/^part-1 is part 1\/2 alone/);
    expect(await refusal(folder, one, await recordedRun(folder, 'whole', null))).toMatch(
      /^whole is a whole run/,
    );
    await symlink(one, folder.at('link'));
    expect(await refusal(folder, one, folder.at('link'))).toBe('link is named twice; name each part once');
    await cp(one, folder.at('copy'), { recursive: true });
    expect(await refusal(folder, one, folder.at('copy'))).toMatch(/^part 1\/2 stands twice/);
  });

  test('are refused where an iteration stands twice, or is not of the part', async ({ folder }) => {
    const [one, two] = await Promise.all([part(folder, 1, 2), part(folder, 2, 2)]);
    const journal = await readFile(path.join(two, 'journal.jsonl'), 'utf8');
    const line = journal.split('\n')[1];
    await writeFile(path.join(two, 'journal.jsonl'), `${journal}${line}\n`);
    expect(await refusal(folder, one, two)).toBe('iteration 2 of main stands twice in the journal of part-2');
    await writeFile(path.join(two, 'journal.jsonl'), `${line?.replace('"iteration":2', '"iteration":3')}\n`);
    expect(await refusal(folder, one, two)).toBe(
      'part-2 holds iteration 3 of main, which is not in part 2/2',
    );
  });
});

test('a merge that cannot be written leaves nothing behind', async ({ folder }) => {
  const parts = await Promise.all([part(folder, 1, 2), part(folder, 2, 2)]);
  // A name that is too long once the part stands before it: found in the middle of the copying.
  await folder.write(`part-2/daemons/${'x'.repeat(250)}`, '');
  await mkdir(folder.at('merged'));
  await expect(mergeRuns(parts, folder.at('merged'))).rejects.toThrow(
    /cannot be joined in .* \(name too long\)/,
  );
  expect(await readdir(folder.at('merged'))).toEqual([]);
});
