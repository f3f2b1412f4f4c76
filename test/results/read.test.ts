import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { UserError } from '../../src/errors.js';
import { readRun } from '../../src/results/read.js';
import type { Plan } from '../../src/scenario/plan.js';
import { type Folder, test } from '../scenario/folder.js';
import {
  iterationFinished,
  plannedArm,
  plannedBuild,
  plannedLane,
  sampleEnvironment,
  samplePlan,
  writeRun,
} from './sample-run.js';

/** What `readRun` says of a directory; null where it reads it. */
async function complaint(directory: string): Promise<string | null> {
  return readRun(directory).then(
    () => null,
    (error: unknown) => {
      expect(error).toBeInstanceOf(UserError);
      return (error as Error).message;
    },
  );
}

const planWith = (folder: Folder, plan: unknown) => writeRun(folder.at('run'), { plan: plan as Plan });

describe('a run directory', () => {
  test('is read with nothing else at hand', async ({ folder }) => {
    const directory = await writeRun(folder.at('run'), { events: [iterationFinished()] });
    expect(await readRun(directory)).toEqual({
      directory,
      plan: samplePlan(),
      environment: { ...sampleEnvironment(), load: expect.any(Number) },
      journal: { events: [iterationFinished()], unreadable: [] },
    });
  });

  test('of the simulated builder is simulated, whatever its plan says', async ({ folder }) => {
    const { builder } = samplePlan();
    const of = async (more: Partial<Plan['builder']>) =>
      (await readRun(await planWith(folder, samplePlan({ builder: { ...builder, ...more } })))).plan.builder;
    expect(await of({ kind: 'simulated', simulated: false })).toMatchObject({ simulated: true });
    expect(await of({ simulated: false })).toMatchObject({ kind: 'buildctl', simulated: false });
  });

  test('is none without a plan', async ({ folder }) => {
    expect(await complaint(folder.path)).toBe(`${folder.path} is not a run directory: it has no plan.json`);
    expect(await complaint(folder.at('none'))).toBe(
      `${folder.at('none')} is not a run directory: it has no plan.json`,
    );
  });

  test.for(['environment.json', 'journal.jsonl'])('is none without %s', async (name, { folder }) => {
    const directory = await writeRun(folder.at('run'));
    await rm(folder.at('run', name));
    expect(await complaint(directory)).toBe(`${directory} is not a run directory: it has no ${name}`);
  });

  test('is damaged where its plan is cut off, wherever', async ({ folder }) => {
    const directory = await writeRun(folder.at('run'));
    const plan = await readFile(folder.at('run/plan.json'), 'utf8');
    for (const length of [0, 1, plan.length / 2, plan.length - 3]) {
      await writeFile(folder.at('run/plan.json'), plan.slice(0, length));
      expect(await complaint(directory)).toBe(
        `${folder.at('run/plan.json')} is cut off or damaged: it is not JSON`,
      );
    }
  });

  test('is damaged where its plan is another document', async ({ folder }) => {
    for (const other of [null, [], 'plan', {}]) {
      expect(await complaint(await planWith(folder, other))).toContain(
        `${folder.at('run/plan.json')} is damaged:`,
      );
    }
    const { again, ...withoutOneKey } = samplePlan();
    expect(await complaint(await planWith(folder, withoutOneKey))).toContain('is damaged: again');
  });

  test('of a newer version is named as that, before anything of it is judged', async ({ folder }) => {
    const directory = await planWith(folder, { schemaVersion: 2, other: true });
    expect(await complaint(directory)).toBe(
      `${directory} was written by a newer buildrace (format 2, this one reads 1); update buildrace`,
    );
  });

  test('with an unreadable part says so', async ({ folder }) => {
    const directory = await writeRun(folder.at('run'));
    await rm(folder.at('run/journal.jsonl'));
    await mkdir(folder.at('run/journal.jsonl'));
    expect(await complaint(directory)).toBe(`the file journal.jsonl in ${directory} is no file`);
  });

  test.for(['plan.json', 'environment.json', 'journal.jsonl'])(
    'is not left by a link in place of %s',
    async (name, { folder }) => {
      const directory = await writeRun(folder.at('run'));
      await rename(folder.at('run', name), folder.at('secret'));
      await symlink('../secret', folder.at('run', name));
      expect(await complaint(directory)).toBe(`the file ${name} is a link that leads out of ${directory}`);
    },
  );
});

describe('a plan by somebody else', () => {
  const build = (lane: ReturnType<typeof plannedLane>) => ({
    step: 'build' as const,
    together: true,
    lanes: [lane],
  });
  const context = (name: string) => ({
    step: 'make-context' as const,
    name,
    files: 1,
    each: 'iteration' as const,
    bytes: { min: 1, max: 2 },
    like: null,
  });
  const hostile: readonly (readonly [string, Partial<Plan>])[] = [
    ['an arm that climbs', { arms: [plannedArm({ name: '../x' })] }],
    ['an arm of an arm that climbs', { arms: [plannedArm({ of: '../x' })] }],
    ['a lane that climbs', { arms: [plannedArm({ steps: [build(plannedLane('../x'))] })] }],
    ['a lane that is a path', { arms: [plannedArm({ steps: [build(plannedLane('/etc/passwd'))] })] }],
    [
      'a context that climbs',
      { arms: [plannedArm({ steps: [context('../../x'), build(plannedLane('a'))] })] },
    ],
    ['a run that climbs', { run: '../x' }],
    ['a run that is an option', { run: '-rf' }],
    ['a scenario that climbs', { scenario: { ...samplePlan().scenario, name: '../x' } }],
    ['no iteration', { arms: [plannedArm({ iterations: 0 })] }],
    ['more iterations than a scenario may have', { arms: [plannedArm({ iterations: 1e9 })] }],
    [
      'a build step of no lane',
      { arms: [plannedArm({ steps: [{ step: 'build', together: true, lanes: [] }] })] },
    ],
    ['a time limit beyond what timers know', { timeoutMs: 1e18 }],
    ['a run of all time', { maxTimeMs: 1e18 }],
    [
      'a delay beyond a shell',
      { arms: [plannedArm({ steps: [build(plannedLane('a', { delayMs: 1e21 }))] })] },
    ],
    [
      'a build that is ended after all time',
      { arms: [plannedArm({ steps: [build(plannedLane('a', { cancelAfterMs: 1e21 }))] })] },
    ],
    ['a delay into the past', { arms: [plannedArm({ steps: [build(plannedLane('a', { delayMs: -1 }))] })] }],
  ];
  test.for(hostile)('is refused with %s', async ([, more], { folder }) => {
    expect(await complaint(await planWith(folder, samplePlan(more)))).toContain('plan.json is damaged:');
  });

  test('is refused with an unknown signal', async ({ folder }) => {
    expect(await complaint(await planWith(folder, { ...samplePlan(), signals: ['nonsense'] }))).toContain(
      'signals.0',
    );
  });

  test('is read with all that a plan can hold', async ({ folder }) => {
    const rich = samplePlan({
      arms: [
        plannedArm({
          name: 'rich',
          title: 'T',
          steps: [
            context('files'),
            build(
              plannedLane('a', {
                delayMs: 0.5,
                build: { ...plannedBuild, context: 'files', buildArgs: { A: '1' }, target: 't' },
              }),
            ),
          ],
        }),
        plannedArm({ name: 'alone', role: 'alone', of: 'rich', expects: [], skipped: 'no emulation' }),
      ],
    });
    expect((await readRun(await planWith(folder, rich))).plan).toEqual(rich);
  });
});
