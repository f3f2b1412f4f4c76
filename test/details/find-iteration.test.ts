import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findIteration, rangesText, type Wanted } from '../../src/details/find-iteration.js';
import { readRun } from '../../src/results/read.js';
import { iterationFinished, plannedArm, samplePlan, writeRun } from '../results/sample-run.js';
import { logOf, scratch, writeLog } from './stored-run.js';

const plan = samplePlan({
  arms: [
    plannedArm({ name: 'plain', role: 'control', of: 'main', expects: [] }),
    plannedArm({ name: 'quiet' }),
    plannedArm({ name: 'main', iterations: 5 }),
    plannedArm({ name: 'none' }),
    plannedArm({ name: 'emulated', skipped: 'no arm64 emulation' }),
  ],
});

/** `plain` and `quiet` show nothing, `main` shows its drift in the third of its iterations 1, 2, 3 and 5. */
let directory: string;
beforeAll(async () => {
  directory = path.join(scratch(), 'run');
  const all = ['plain', 'quiet', 'main'].flatMap((arm) =>
    (arm === 'main' ? [1, 2, 3, 5] : [1, 2]).map((iteration) => ({ arm, iteration })),
  );
  await writeRun(directory, {
    plan,
    events: [...all.map(iterationFinished), iterationFinished({ arm: 'stranger', iteration: 9 })],
  });
  for (const { arm, iteration } of all)
    for (const lane of ['a', 'b'])
      writeLog(directory, arm, iteration, lane, logOf(arm === 'main' && iteration === 3 ? 'drift' : 'clean'));
});

const anything: Wanted = { arm: null, iteration: null };
async function found(wanted: Partial<Wanted>) {
  const { arm, event, others } = await findIteration(await readRun(directory), { ...anything, ...wanted });
  return [arm.name, event.iteration, others];
}

test('nothing named: the first failing iteration', async () => {
  expect(await found({})).toEqual(['main', 3, []]);
});

test('an arm: its first failing iteration, else its first', async () => {
  expect(await found({ arm: 'main' })).toEqual(['main', 3, []]);
  expect(await found({ arm: 'quiet' })).toEqual(['quiet', 1, []]);
});

test('a number that several arms have: of the arm that fails, and the others are named', async () => {
  expect(await found({ iteration: 1 })).toEqual(['main', 1, ['plain', 'quiet']]);
  expect(await found({ iteration: 5 })).toEqual(['main', 5, []]);
});

test('a number, and no arm that fails: of the first reproduce arm', async () => {
  writeLog(directory, 'main', 3, 'a', logOf('clean'));
  writeLog(directory, 'main', 3, 'b', logOf('clean'));
  expect(await found({ iteration: 2 })).toEqual(['quiet', 2, ['plain', 'main']]);
  expect(await found({})).toEqual(['quiet', 1, []]);
  writeLog(directory, 'main', 3, 'a', logOf('drift'));
});

test('both', async () => {
  expect(await found({ arm: 'plain', iteration: 2 })).toEqual(['plain', 2, []]);
});

describe('one sentence for what is not there', () => {
  test.each([
    [{ arm: 'mian' }, '--arm mian: this run has no such arm; it has plain, quiet, main, none, emulated'],
    [
      { arm: 'stranger' },
      '--arm stranger: this run has no such arm; it has plain, quiet, main, none, emulated',
    ],
    [{ arm: 'none' }, '--arm none: that arm has finished no iteration'],
    [{ arm: 'emulated' }, '--arm emulated: that arm was skipped: no arm64 emulation'],
    [{ iteration: 4 }, '--iteration 4: this run has finished 1–3, 5'],
    [{ arm: 'main', iteration: 4 }, '--iteration 4: main has finished 1–3, 5'],
    [{ arm: 'plain', iteration: 3 }, '--iteration 3: plain has finished 1–2'],
  ])('%o', async (wanted, message) => {
    await expect(found(wanted)).rejects.toMatchObject({ name: 'UserError', message });
  });

  test('a run without iterations', async () => {
    const empty = path.join(scratch(), 'run');
    await writeRun(empty, { plan });
    await expect(findIteration(await readRun(empty), anything)).rejects.toThrow(
      'this run has finished no iteration',
    );
  });
});

test('numbers as ranges', () => {
  expect(rangesText([1, 2, 3, 5, 7, 8])).toBe('1–3, 5, 7–8');
  expect(rangesText(Array.from({ length: 100 }, (_, i) => 1 + i * 2))).toMatch(/^1, 3, 5, .*, …$/);
});
