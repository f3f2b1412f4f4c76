import { describe, expect } from 'vitest';
import { readDetails } from '../../src/details/read-details.js';
import { mergeRuns } from '../../src/results/merge/merge.js';
import { iterationFinished, plannedArm, plannedLane, samplePlan, writeRun } from '../results/sample-run.js';
import { recordedRun } from '../results/split-run.js';
import { test } from '../scenario/folder.js';
import { logOf, writeLog } from './stored-run.js';

const limits = { iterations: 60, lanes: 480, logCharacters: 10_000_000 };

describe('details', () => {
  test('of a run that was joined of parts are those of the whole run', async ({ folder }) => {
    const whole = await readDetails(await recordedRun(folder, 'whole', null), limits);
    const parts = await Promise.all(
      [1, 2].map((index) => recordedRun(folder, `part-${index}`, { index, of: 2 })),
    );
    const merged = await readDetails(await mergeRuns(parts, folder.at('merged')), limits);
    expect(merged.plan.shard).toBeNull();
    const { iterations, firstFailing, clean, omitted } = merged;
    expect({ iterations, firstFailing, clean, omitted }).toEqual({
      iterations: whole.iterations,
      firstFailing: whole.firstFailing,
      clean: whole.clean,
      omitted: 0,
    });
    expect(iterations).toHaveLength(12);
    expect(firstFailing?.arm).toBe('main');
    expect(clean?.arm).toBe('apart');
    for (const { lanes } of iterations) for (const { log } of lanes) expect(log.lines).toBeGreaterThan(0);
  });

  test('of a swept run hold the point that fails beside the same point of its control', async ({
    folder,
  }) => {
    const delays = ['0ms', '50ms'];
    const lanesOf = (delayMs: number) => [plannedLane('a'), plannedLane('b', { delayMs })];
    const arms = delays.flatMap((delay) => {
      const steps = [{ step: 'build' as const, together: true, lanes: lanesOf(Number.parseInt(delay, 10)) }];
      const point = (arm: string) => ({ arm, factors: { delay } });
      return [
        plannedArm({ name: `main-${delay}`, steps, point: point('main') }),
        plannedArm({
          name: `plain-${delay}`,
          role: 'control',
          of: `main-${delay}`,
          expects: [],
          steps,
          point: point('plain'),
        }),
      ];
    });
    const all = [1, 2].flatMap((iteration) => arms.map(({ name }) => ({ arm: name, iteration })));
    const directory = await writeRun(folder.at('run'), {
      plan: samplePlan({ arms }),
      events: all.map(iterationFinished),
    });
    for (const { arm, iteration } of all)
      for (const lane of ['a', 'b'])
        writeLog(directory, arm, iteration, lane, logOf(arm === 'main-50ms' ? 'drift' : 'clean'));
    const detail = await readDetails(directory, limits);
    expect(detail.result.sweep).not.toBeNull();
    expect(detail).toMatchObject({
      firstFailing: { arm: 'main-50ms', iteration: 1 },
      clean: { arm: 'plain-50ms', iteration: 1 },
      omitted: 0,
    });
    // All points have a place where there is room for as many iterations as there are kinds of them.
    const few = await readDetails(directory, { ...limits, iterations: 4 });
    expect(few.iterations.map(({ arm }) => arm)).toEqual(arms.map(({ name }) => name));
    expect(few.omitted).toBe(4);
    const about = await readDetails(directory, limits, 'main-50ms');
    expect(about.firstFailing).toEqual({ arm: 'main-50ms', iteration: 1 });
  });
});
