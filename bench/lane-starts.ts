import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { findProgram } from '../src/builders/path.js';
import { makeFifo, openGate } from '../src/runner/gate.js';
import { startLane } from '../src/runner/lane.js';
import { aim, figure, load, shown } from './figures.js';

/** What every way of starting starts: a program that prints its own clock, in ns since 1970. */
const probe = ['date', '+%s%N'] as const;
const rounds = 30;

type Way = (lanes: number) => Promise<number>;

const bash: Way = async (lanes) => {
  const script = 'for i in $(seq "$1"); do date +%s%N & done; wait';
  return spreadMs((await execa('bash', ['-c', script, 'bash', String(lanes)])).stdout);
};
const xargs: Way = async (lanes) => {
  const input = Array.from({ length: lanes }, (_, i) => String(i)).join('\n');
  const ran = await execa('xargs', ['-P', String(lanes), '-n', '1', 'sh', '-c', 'exec date +%s%N'], {
    input,
  });
  return spreadMs(ran.stdout);
};
const parallel: Way = async (lanes) => {
  const args = ['-j', String(lanes), '-N0', 'date +%s%N', ':::', ...Array.from({ length: lanes }, () => 'x')];
  return spreadMs((await execa('parallel', args)).stdout);
};
const promiseAll: Way = async (lanes) => {
  const ran = await Promise.all(Array.from({ length: lanes }, () => execa(probe[0], probe.slice(1))));
  return spreadMs(ran.map(({ stdout }) => stdout).join('\n'));
};

/** The runner's own lanes, as `buildrace run` starts them. */
const gate: Way = async (lanes) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'buildrace-bench-'));
  try {
    const fifo = path.join(folder, 'gate');
    await makeFifo(fifo);
    const started = Array.from({ length: lanes }, (_, i) =>
      startLane({
        name: `lane${i}`,
        command: { file: probe[0], args: probe.slice(1) },
        env: process.env,
        fifo,
        delayMs: 0,
        folder,
        maxLogBytes: null,
        timeoutMs: 60_000,
      }),
    );
    const open = await openGate(fifo, started);
    await Promise.all(started.map((lane) => lane.through));
    open.close();
    await Promise.all(started.map((lane) => lane.ended));
    const clocks = started.map(({ name }) => readFile(path.join(folder, `${name}.stdout`), 'utf8'));
    return spreadMs((await Promise.all(clocks)).join(''));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Time between the first and the last process to start, side by side with what a user would take instead. */
export async function benchLaneStarts(): Promise<void> {
  const hasParallel = (await findProgram('parallel', process.env)) !== null;
  const ways: Record<string, Way> = {
    gate,
    'bash &': bash,
    'xargs -P': xargs,
    'Promise.all of execa': promiseAll,
  };
  if (hasParallel) ways['GNU parallel'] = parallel;
  for (const lanes of [2, 8, 64]) {
    const samples = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
    // In turns, so that a machine that slows down hits all ways alike.
    for (let round = 0; round < rounds; round++) {
      for (const [name, way] of Object.entries(ways)) samples.get(name)?.push(await way(lanes));
    }
    console.log(`spread of ${lanes} starts, load ${load()}`);
    for (const [name, sample] of samples) console.log(`  ${name.padEnd(22)} ${shown(figure(sample), 'ms')}`);
    report(lanes, figure(samples.get('gate') ?? []).median, figure(samples.get('bash &') ?? []).median);
  }
  if (!hasParallel) console.log('  (GNU parallel is not installed)');
}

function report(lanes: number, gateMs: number, bashMs: number): void {
  const limit = lanes === 8 ? 1.25 : 1;
  // At two lanes 0.2 ms is as good as together, whatever bash reached.
  if (lanes === 2 && gateMs <= 0.2) console.log(aim('gate at 2 lanes', gateMs, 0.2, 'ms'));
  else console.log(aim('gate / bash', gateMs / bashMs, limit));
}

function spreadMs(clocks: string): number {
  const times = clocks
    .split('\n')
    .filter((line) => line !== '')
    // A double keeps ns since 1970 to 0.3 µs, which is fine here.
    .map((line) => Number(line) / 1e6);
  return Math.max(...times) - Math.min(...times);
}
