import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readDetails } from '../../src/details/read-details.js';
import { UserError } from '../../src/errors.js';
import { iterationFinished, plannedArm, samplePlan, writeRun } from '../results/sample-run.js';
import { logOf, scratch, writeLog } from './stored-run.js';

const limits = { iterations: 60, lanes: 480, logCharacters: 1_000_000 };
const plan = samplePlan({
  arms: [
    plannedArm({ iterations: 3 }),
    plannedArm({ name: 'plain', role: 'control', of: 'main', expects: [], iterations: 3 }),
    plannedArm({ name: 'second', iterations: 3 }),
    plannedArm({ name: 'second-plain', role: 'control', of: 'second', expects: [], iterations: 3 }),
    plannedArm({ name: 'left-out', skipped: 'no emulation of arm64' }),
  ],
});
/** Iterations that show a drift. */
const drifting = ['main 1', 'main 2', 'second 2', 'second 3'];

let directory: string;
beforeEach(async () => {
  directory = path.join(scratch(), 'run');
  const arms = plan.arms.filter(({ skipped }) => skipped === null).map(({ name }) => name);
  const all = [1, 2, 3].flatMap((iteration) => arms.map((arm) => ({ arm, iteration })));
  await writeRun(directory, { plan, events: all.map(iterationFinished) });
  for (const { arm, iteration } of all) {
    const kind = drifting.includes(`${arm} ${iteration}`) ? 'drift' : 'clean';
    for (const lane of ['a', 'b']) writeLog(directory, arm, iteration, lane, logOf(kind));
  }
});

describe('details about one arm', () => {
  it('choose its first failing iteration, and one of its own control beside it', async () => {
    const pair = async (about: string | null, most = limits) => {
      const { firstFailing, clean } = await readDetails(directory, most, about);
      return [firstFailing, clean].map((one) => `${one?.arm} ${one?.iteration}`);
    };
    expect(await pair(null)).toEqual(['main 1', 'plain 1']);
    expect(await pair('second')).toEqual(['second 2', 'second-plain 1']);
    expect(await pair('main')).toEqual(['main 1', 'plain 1']);
  });

  it('leave the run’s counts and its other iterations as they are', async () => {
    const about = await readDetails(directory, limits, 'second');
    const all = await readDetails(directory, limits);
    expect(about.result).toEqual(all.result);
    expect(about.iterations).toEqual(all.iterations);
    // Where there is room for two, they are the pair.
    const two = await readDetails(directory, { ...limits, iterations: 2 }, 'second');
    expect(two.iterations.map(({ arm, iteration }) => `${arm} ${iteration}`)).toEqual([
      'second-plain 1',
      'second 2',
    ]);
  });

  it.each([
    [
      'no-such',
      '--arm no-such: this run has no such arm; it has main, plain, second, second-plain, left-out',
    ],
    ['left-out', '--arm left-out: that arm was skipped: no emulation of arm64'],
    ['plain', '--arm plain: no iteration of that arm shows anything'],
  ])('are refused in one sentence: %s', async (about, message) => {
    const error = await readDetails(directory, limits, about).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ message, exitCode: 2 });
  });
});
