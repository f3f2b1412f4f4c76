import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JournalEvent } from '../../src/results/journal.js';
import { layout } from '../../src/results/layout.js';
import type { Plan, Shard } from '../../src/scenario/plan.js';
import type { Folder } from '../scenario/folder.js';
import { iterationFinished, laneRecord, plannedArm, samplePlan, writeRun } from './sample-run.js';

const logs = fileURLToPath(new URL('../recorded-logs/', import.meta.url));
/** A log with the drift, one without, one that is blind. */
const printed = [
  'buildctl-v0.32.2.v8.multi.plain.log',
  'buildctl-v0.32.2.noisy.multi.plain.log',
  'buildctl-v0.32.2.print.single.plain.log',
];

/** What a plan's shard, or all of it, leaves: iteration i shows the same whoever carries it out, and whenever. */
export async function recordedRun(
  folder: Folder,
  name: string,
  shard: Shard | null,
  more: Partial<Plan> = {},
  end: JournalEvent | null = { ...base(), event: 'run-finished' },
  afterMinutes = 0,
): Promise<string> {
  const plan = samplePlan({
    run: `2026-01-02T03-04-05-678Z-${name}`,
    seed: 7,
    arms: [
      plannedArm({ iterations: 6 }),
      plannedArm({ name: 'apart', role: 'control', of: 'main', iterations: 6 }),
    ],
    shard,
    again: `buildrace run sample --seed 7${shard === null ? '' : ` --shard ${shard.index}/${shard.of}`}`,
    ...more,
  });
  const iterations = [1, 2, 3, 4, 5, 6].filter((i) => shard === null || (i - shard.index) % shard.of === 0);
  const finished = iterations.flatMap((iteration) =>
    plan.arms.map((arm, i) =>
      iterationFinished({
        arm: arm.name,
        iteration,
        at: at(afterMinutes + iteration, i),
        lanes: [laneRecord('a'), laneRecord('b', { startMs: 1 + iteration })],
      }),
    ),
  );
  const events: JournalEvent[] = [
    { ...base(), event: 'run-started' },
    ...finished,
    ...(end === null ? [] : [{ ...end, at: at(59, 0) }]),
  ];
  const directory = await writeRun(folder.at(name), { plan, events });
  for (const { arm, iteration } of finished) await writeLogs(directory, arm, iteration);
  return directory;
}

/** An iteration prints what its number and arm say. */
async function writeLogs(directory: string, arm: string, iteration: number): Promise<void> {
  await mkdir(path.join(directory, layout.iteration(arm, iteration)), { recursive: true });
  for (const [i, lane] of ['a', 'b'].entries()) {
    const log = arm === 'main' ? printed[(iteration + i) % printed.length] : printed[1];
    await cp(path.join(logs, log ?? ''), path.join(directory, layout.stream(arm, iteration, lane, 'stderr')));
  }
}

const base = () => ({ schemaVersion: 1 as const, at: at(0, 0) });
const at = (minute: number, second: number): string =>
  `2026-01-02T03:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}.000Z`;
