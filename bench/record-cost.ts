import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { JournalWriter } from '../src/results/journal-writer.js';
import { captureStream } from '../src/runner/capture.js';
import { iterationFinished, laneRecord } from '../test/results/sample-run.js';
import { aim, figure, load, shown } from './figures.js';

const printer = fileURLToPath(new URL('printer.mjs', import.meta.url));

interface Kind {
  readonly name: string;
  /** For `printer.mjs`. */
  readonly prints: readonly number[];
  readonly rounds: number;
}

const kinds: readonly Kind[] = [
  { name: 'a build of 3 s, 600 lines', prints: [600, 10, 50], rounds: 9 },
  { name: 'a chatty lane, 400,000 lines at once', prints: [400_000, 1, 0], rounds: 45 },
];

/**
 * What it costs a lane that its lines get times and that its iteration goes into the journal and onto the disk:
 * from the lane's start until all is kept, beside a lane whose log is only kept.
 */
export async function benchRecordCost(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'buildrace-bench-'));
  const journal = await JournalWriter.open(path.join(folder, 'journal.jsonl'));
  try {
    for (const { name, prints, rounds } of kinds) {
      const kept: number[] = [];
      const timedLines: number[] = [];
      const journalled: number[] = [];
      for (let round = 0; round < rounds; round++) {
        // In turns, and each of them first now and then: whatever else the machine does hits all alike.
        const three = [
          async () => kept.push(await timed(() => keepOnly(folder, prints))),
          async () => timedLines.push(await timed(() => keepWithTimes(folder, prints))),
          async () => journalled.push(await timed(() => record(folder, prints, journal))),
        ];
        for (const one of [...three.slice(round % 3), ...three.slice(0, round % 3)]) await one();
      }
      console.log(`${name}, load ${load()}`);
      console.log(`  log only                     ${shown(figure(kept), 'ms')}`);
      console.log(`  log and times                ${shown(figure(timedLines), 'ms')}`);
      console.log(`  log, times and journal       ${shown(figure(journalled), 'ms')}`);
      console.log(aimWithin('times / without', timedLines, kept));
      console.log(aimWithin('times and journal / without', journalled, kept));
    }
  } finally {
    await journal.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The ratio within a round, in the middle of all: a machine that is slow for a while is slow for all of one. */
function aimWithin(what: string, some: readonly number[], others: readonly number[]): string {
  const ratios = figure(some.map((value, i) => value / (others[i] ?? Number.NaN)));
  return `${aim(what, ratios.median, 1.02)}, within a round ${shown(ratios, '×')}`;
}

async function keepOnly(folder: string, prints: readonly number[]): Promise<void> {
  const { stderr } = startPrinter(prints);
  await pipeline(stderr, createWriteStream(path.join(folder, 'kept.stderr')));
}

async function keepWithTimes(folder: string, prints: readonly number[]): Promise<void> {
  const started = performance.now();
  const { stderr } = startPrinter(prints);
  const capture = captureStream(stderr, path.join(folder, 'recorded.stderr'), () => started);
  await capture.done;
  await capture.join(0);
}

async function record(folder: string, prints: readonly number[], journal: JournalWriter): Promise<void> {
  await keepWithTimes(folder, prints);
  const lanes = Array.from({ length: 8 }, (_, i) => laneRecord(`lane${i + 1}`));
  // Each of the eight lanes of an iteration waits for this one line.
  await journal.append(iterationFinished({ lanes }), true);
}

const startPrinter = (prints: readonly number[]) =>
  spawn(process.execPath, [printer, ...prints.map(String)], { stdio: ['ignore', 'ignore', 'pipe'] });

async function timed(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await call();
  return performance.now() - start;
}
