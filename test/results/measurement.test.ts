import { describe, expect } from 'vitest';
import type { JournalEvent } from '../../src/results/journal.js';
import { measure } from '../../src/results/measurement.js';
import { test } from '../scenario/folder.js';
import { iterationFinished, plannedArm, samplePlan, writeRun } from './sample-run.js';

const at = (seconds: number): { schemaVersion: 1; at: string } => ({
  schemaVersion: 1,
  at: new Date(Date.UTC(2026, 0, 2, 3, 0, seconds)).toISOString(),
});
const turn = (arm: string, iteration: number, from: number, to: number): JournalEvent[] => [
  { ...at(from), event: 'iteration-started', arm, iteration },
  iterationFinished({ ...at(to), arm, iteration }),
];
const skipped = plannedArm({ name: 'skipped', skipped: 'it needs a registry' });
const plan = samplePlan({ arms: [plannedArm(), plannedArm({ name: 'apart' }), skipped] });

describe('a measured run', () => {
  test('tells what an iteration of all arms takes, and what comes before the first', async ({ folder }) => {
    const events: JournalEvent[] = [
      { ...at(0), event: 'run-started' },
      ...[...turn('main', 1, 4, 5), ...turn('apart', 1, 5, 7)],
      // A second between iterations belongs to the one before it.
      ...[...turn('apart', 2, 8, 9), ...turn('main', 2, 9, 10)],
      ...[...turn('main', 3, 10, 11), ...turn('apart', 3, 11, 19)],
      { ...at(30), event: 'run-finished' },
    ];
    const directory = await writeRun(folder.at('run'), { plan, events });
    const before = await measure(directory);
    expect(before).toMatchObject({
      iterations: 3,
      iterationMs: { median: 4_000, low: 2_000, high: 9_000 },
      warmUpMs: 4_000,
    });
    await folder.write('run/iterations/main/0001/a.stderr', 'x'.repeat(300));
    await folder.write('run/daemons/daemon-1.log', 'x'.repeat(30));
    // What is there once, however many iterations there are.
    await folder.write('run/warm-up/main/a.stderr', 'x'.repeat(9_000));
    expect((await measure(directory))?.iterationBytes).toBe((before?.iterationBytes ?? 0) + 110);
  });

  test('counts no iteration that not all arms came to', async ({ folder }) => {
    const cut = [...turn('main', 1, 1, 2), ...turn('apart', 1, 2, 3), ...turn('main', 2, 3, 4)];
    expect(await measure(await writeRun(folder.at('run'), { plan, events: cut }))).toMatchObject({
      iterations: 1,
      iterationMs: { median: 2_000, low: 2_000, high: 2_000 },
    });
    const none = turn('main', 1, 1, 2);
    expect(await measure(await writeRun(folder.at('other'), { plan, events: none }))).toBeNull();
  });
});
