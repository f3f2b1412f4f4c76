import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JournalEvent } from '../../src/results/journal.js';
import { arrivalsOf, goroutinesOf, inlineCacheOf, layout } from '../../src/results/layout.js';
import type { Plan, Shard } from '../../src/scenario/plan.js';
import { signals } from '../../src/signals.js';
import {
  iterationFinished,
  laneRecord,
  plannedArm,
  plannedBuild,
  plannedLane,
  samplePlan,
  writeRun,
} from '../results/sample-run.js';
import { recordedLogs } from './recorded.js';

const base = { schemaVersion: 1 as const, at: '2026-01-02T03:04:05.678Z' };
const digest = `sha256:${'ab'.repeat(32)}`;
const planned = [
  plannedLane('a', { build: { ...plannedBuild, mustBeCached: ['RUN make'], mustRunOnce: ['RUN'] } }),
  plannedLane('b', { delayMs: 50 }),
];

/** A plan with an arm of each role, and every signal asked for. */
function planOf(shard: Shard | null): Plan {
  return samplePlan({
    signals: [...signals],
    seed: 7,
    shard,
    arms: [
      plannedArm({
        expects: ['platform-drift', 'copy-from-early'],
        steps: [{ step: 'build', together: true, lanes: planned }],
      }),
      plannedArm({ name: 'one-by-one', role: 'alone', of: 'main', expects: [] }),
      plannedArm({ name: 'quiet', role: 'control', of: 'main', expects: [] }),
    ],
  });
}

/** A finished run that has something of everything that a run directory can hold: its logs are real ones. */
export async function writeBaseRun(directory: string, shard: Shard | null = null): Promise<string> {
  const plan = planOf(shard);
  const events: JournalEvent[] = [
    { ...base, event: 'run-started' },
    {
      ...base,
      event: 'warm-up-finished',
      dockerfile: 'Dockerfile',
      exitCode: 1,
      durationMs: 12,
      tail: 'error: no',
    },
  ];
  for (const iteration of [1, 2].map((i) => (shard === null ? i : (i - 1) * shard.of + shard.index)))
    for (const arm of plan.arms) {
      events.push({ ...base, event: 'iteration-started', arm: arm.name, iteration });
      events.push(finished(arm.name, iteration));
    }
  events.push({ ...base, event: 'run-stopped', reason: 'enough was seen' });
  await writeRun(directory, { plan, events });
  let log = 0;
  for (const event of events) {
    if (event.event !== 'iteration-finished') continue;
    for (const { lane } of event.lanes) await writeLane(directory, event.arm, event.iteration, lane, log++);
    await writeFile(
      path.join(directory, layout.daemonLog(event.arm, event.iteration)),
      'time="2026-01-02T03:04:05Z" level=error msg="inconsistent graph state"\npanic: x\n',
    );
  }
  await mkdir(path.join(directory, 'daemons'));
  await writeFile(path.join(directory, layout.daemon('daemon-1')), 'level=info msg=x\nfatal error: y\n');
  await mkdir(path.join(directory, layout.warmUp('main')), { recursive: true });
  await writeFile(
    path.join(directory, layout.warmUp('main'), 'a.stderr'),
    '#1 [internal] load\n#1 DONE 0.0s\n',
  );
  await writeFile(path.join(directory, layout.log), '{"level":30,"msg":"x"}\n');
  return directory;
}

function finished(arm: string, iteration: number): JournalEvent {
  return iterationFinished({
    arm,
    iteration,
    lanes: [
      laneRecord('a', {
        context: { files: 3, sha256: 'ab'.repeat(32) },
        image: { name: 'localhost:5000/x:1', digest, configDigest: digest },
        cuts: [{ stream: 'stderr', keptBytes: 100, leftOutBytes: 5, line: 1 }],
      }),
      laneRecord('b', { exitCode: 1, delayMs: 50, startMs: 51 }),
    ],
    cacheChecks: [
      {
        folder: 'cache',
        lanes: ['a'],
        manifests: 1,
        missing: [{ digest, namedBy: 'index.json' }],
        problem: null,
      },
    ],
  });
}

async function writeLane(
  directory: string,
  arm: string,
  iteration: number,
  lane: string,
  at: number,
): Promise<void> {
  const file = path.join(directory, layout.stream(arm, iteration, lane, 'stderr'));
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  // Neighbours are of one builder: a stride takes in all formats.
  await writeFile(file, recordedLogs[(at * 11) % recordedLogs.length]?.bytes ?? '');
  await writeFile(path.join(folder, `${lane}.stdout`), 'sha256:abc\n');
  await writeFile(arrivalsOf(file), '{"schemaVersion":1,"columns":["line","ms"]}\n[1,100]\n[7,500.5]\n');
  await writeFile(
    path.join(folder, inlineCacheOf(lane)),
    '{"layers":[{"blob":"x","parent":-1}],"records":[{"digest":"y"}]}',
  );
  await writeFile(path.join(folder, goroutinesOf(lane)), 'goroutine 1 [running]:\nmain.main()\n');
}
