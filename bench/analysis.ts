import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { execa } from 'execa';
import { layout } from '../src/results/layout.js';
import { signals } from '../src/signals.js';
import {
  iterationFinished,
  laneRecord,
  plannedArm,
  plannedLane,
  samplePlan,
  writeRun,
} from '../test/results/sample-run.js';
import { aim, figure, load, shown } from './figures.js';
import { program } from './start-up.js';

const recordedLogs = new URL('../test/recorded-logs/', import.meta.url);
const measured = ['--import', new URL('memory.mjs', import.meta.url).href];
/** With a drift, without one, and of a build that failed. */
const printed = [
  'buildctl-v0.32.2.v8.multi.plain.log',
  'buildctl-v0.32.2.noisy.multi.plain.log',
  'buildctl-v0.32.2.runfail.multi.plain.log',
];
const iterations = 1000;
const lanes = Array.from({ length: 8 }, (_, i) => `lane${i + 1}`);
const rounds = 5;

/** `analyze` of 1,000 iterations × 8 lanes, every signal looked for, beside a \`grep\` through the same logs. */
export async function benchAnalysis(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'buildrace-bench-'));
  try {
    const { directory, bytes } = await bigRun(path.join(folder, 'run'));
    const analyzed: number[] = [];
    const grepped: number[] = [];
    const memory: number[] = [];
    for (let round = 0; round < rounds; round++) {
      grepped.push(
        await timed(() => execa('grep', ['-rc', 'linux/arm64', path.join(directory, 'iterations')])),
      );
      analyzed.push(
        await timed(async () => {
          const ran = await execa(process.execPath, [...measured, program, 'analyze', directory, '--json']);
          memory.push(Number(ran.stderr.trim().split('\n').at(-1)) / 1024);
        }),
      );
    }
    const count = iterations * lanes.length;
    console.log(`analysis of ${iterations} iterations × ${lanes.length} lanes, load ${load()}`);
    console.log(
      `  logs: ${count} of ${(bytes / count / 1000).toFixed(1)} kB, ${(bytes / 1e6).toFixed(0)} MB in all`,
    );
    console.log(`  buildrace analyze  ${shown(figure(analyzed), 's')}`);
    console.log(`  grep -rc           ${shown(figure(grepped), 's')}`);
    console.log(
      `  it takes ${(figure(analyzed).median / figure(grepped).median).toFixed(1)} times as long as grep`,
    );
    console.log(aim('time', figure(analyzed).median, 10, 's'));
    console.log(aim('most memory', Math.max(...memory), 300, 'MiB'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A run directory of recorded logs, each with the output of one more step, as builds that install something have it. */
export async function bigRun(directory: string): Promise<{ directory: string; bytes: number }> {
  const arm = plannedArm({
    iterations,
    steps: [{ step: 'build', together: true, lanes: lanes.map((lane) => plannedLane(lane)) }],
  });
  const events = Array.from({ length: iterations }, (_, i) =>
    iterationFinished({
      arm: arm.name,
      iteration: i + 1,
      lanes: lanes.map((lane, at) => laneRecord(lane, { startMs: at, exitCode: failed(i, at) ? 1 : 0 })),
    }),
  );
  await writeRun(directory, {
    plan: samplePlan({ signals: [...signals], arms: [arm] }),
    events: [{ ...base, event: 'run-started' }, ...events, { ...base, event: 'run-finished' }],
  });
  const logs = await Promise.all(printed.map((name) => readFile(new URL(name, recordedLogs), 'utf8')));
  let bytes = 0;
  for (let i = 0; i < iterations; i++) {
    await mkdir(path.join(directory, layout.iteration(arm.name, i + 1)), { recursive: true });
    for (const [at, lane] of lanes.entries()) {
      const text = withInstall(logs[logOf(i, at)] ?? '', i + at);
      bytes += text.length;
      await writeFile(path.join(directory, layout.stream(arm.name, i + 1, lane, 'stderr')), text);
    }
  }
  return { directory, bytes };
}

const base = { schemaVersion: 1, at: '2026-01-02T03:04:05.000Z' } as const;
/** One lane in 32 fails; of the others every fourth drifts. */
const logOf = (iteration: number, lane: number): number =>
  (iteration * lanes.length + lane) % 32 === 31 ? 2 : (iteration + lane) % 4 === 0 ? 0 : 1;
const failed = (iteration: number, lane: number): boolean => logOf(iteration, lane) === 2;

function withInstall(log: string, seed: number): string {
  const lines = Array.from(
    { length: 250 },
    (_, i) =>
      `#90 ${(i * 0.03).toFixed(3)} Unpacking libexample${(i * seed) % 97}-dev:arm64 (1.${i % 13}.2-4) over (1.0) ...`,
  );
  return `${log}\n#90 [linux/arm64 tools 2/2] RUN apt-get install -y tools\n${lines.join('\n')}\n#90 DONE 7.6s\n`;
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await call();
  return (performance.now() - start) / 1000;
}
