/**
 * What changed and hostile logs do to the readers: a million lines of recorded logs that were changed, read whole and in
 * chunks; run directories that were changed; and how the time grows when a hostile log gets twice as long.
 */
import { isDeepStrictEqual } from 'node:util';
import { createParser } from '../src/progress/parse.js';
import type { Timeline } from '../src/progress/timeline.js';
import { scanTimeline } from '../test/fuzz/detecting.js';
import { beginnings, longLines, manyLines } from '../test/fuzz/hostile-logs.js';
import { mutatedLog } from '../test/fuzz/mutate-log.js';
import { Random } from '../test/fuzz/random.js';
import { RunReading } from '../test/fuzz/reading-run.js';
import { seed, times } from '../test/fuzz/settings.js';
import { aim, figure, load, shown } from './figures.js';

/** Prints what came out; a fault ends the bench with the seed that made it. */
export async function benchFuzz(lines = 1_000_000, runs = times(200)): Promise<void> {
  console.log(`fuzz, seed ${seed}, Node ${process.version}`);
  readChanged(lines);
  await readRuns(runs);
  reportGrowth();
  reportLines();
  console.log(`  load ${load()}`);
}

function readChanged(wanted: number): void {
  const start = process.hrtime.bigint();
  let [lines, logs, number, truncated] = [0, 0, seed, 0];
  for (; lines < wanted; number += 1) {
    const random = new Random(number);
    const log = mutatedLog(random);
    const timeline = read(log, [log.length]);
    const again = read(log, [1 + random.below(4), 1 + random.below(200)]);
    if (!isDeepStrictEqual(timeline, again)) throw new Error(`the chunks of log ${number} make a difference`);
    JSON.stringify([...scanTimeline(timeline).values()]);
    lines += timeline.lines;
    logs += 1;
    if (timeline.truncated !== null) truncated += 1;
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(
    `  ${lines} lines in ${logs} changed logs, each read twice: no fault, no difference between chunks; ${truncated} are told to be cut (${seconds.toFixed(0)} s)`,
  );
}

async function readRuns(runs: number): Promise<void> {
  const reading = await RunReading.make();
  try {
    let [ways, refused] = [0, 0];
    for (let number = seed; number < seed + runs; number += 1) {
      const tried = await reading.try(number);
      ways += tried.ways;
      refused += tried.refused;
    }
    console.log(
      `  ${runs} changed run directories, read in ${ways} ways: ${refused} refused by a sentence, no fault`,
    );
  } finally {
    await reading.remove();
  }
}

const size = 10_000;

/** Time of a log of twice the lines over that of the log: 2 where each line costs the same. */
function reportGrowth(): void {
  const growths = manyLines.map(({ name, text }) => {
    const [half, whole] = [Buffer.from(text(size)), Buffer.from(text(2 * size))];
    const [a, b] = [half, whole].map((log) => figure(Array.from({ length: 5 }, () => timeOf(log))).median);
    return { name, ratio: (b ?? 0) / Math.max(1, a ?? 0), ms: b ?? 0 };
  });
  const [worst] = growths.toSorted((a, b) => b.ratio - a.ratio);
  const [slowest] = growths.toSorted((a, b) => b.ms - a.ms);
  console.log(
    `  t(2n)/t(n), ${manyLines.length} hostile logs of ${size} lines, medians of 5: ${shown(figure(growths.map(({ ratio }) => ratio)), '×')}`,
  );
  console.log(aim(`the worst (${worst?.name})`, worst?.ratio ?? 0, 3));
  console.log(`  the slowest (${slowest?.name}): ${slowest?.ms.toFixed(0)} ms for ${2 * size}`);
}

/** Lines of one pattern: what it costs to read 100 kB of lines of 4,000 characters, and of lines ten times shorter. */
function reportLines(): void {
  const costs = beginnings.flatMap((beginning) =>
    longLines.map(({ name, text }) => {
      const cost = (length: number, count: number): number =>
        timeOf(Buffer.from(`${beginning}${`${text(length)}\n`.repeat(count)}`));
      return {
        name: `${JSON.stringify(beginning)}, then ${name}`,
        ms: Math.min(cost(4000, 25), cost(4000, 25)),
      };
    }),
  );
  const [worst] = costs.toSorted((a, b) => b.ms - a.ms);
  console.log(
    `  100 kB of lines of one pattern (${costs.length} patterns): ${shown(figure(costs.map(({ ms }) => ms)), 'ms')}`,
  );
  console.log(aim(`the worst (${worst?.name})`, worst?.ms ?? 0, 50, 'ms'));
}

function timeOf(log: Buffer): number {
  const start = process.cpuUsage();
  scanTimeline(read(log, [log.length]));
  return process.cpuUsage(start).user / 1000;
}

function read(log: Buffer, sizes: readonly number[]): Timeline {
  const parser = createParser();
  for (let [start, at] = [0, 0]; start < log.length; at += 1) {
    const end = start + Math.max(1, sizes[at % sizes.length] ?? 1);
    parser.push(log.subarray(start, end));
    start = end;
  }
  return parser.end();
}
