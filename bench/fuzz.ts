/**
 * What changed and hostile logs do to the readers: a million lines of recorded logs that were changed, read whole and in
 * chunks; run directories that were changed; and how the time grows when a hostile log gets twice as long, also that of
 * redaction.
 */
import { isDeepStrictEqual } from 'node:util';
import { createParser } from '../src/progress/parse.js';
import type { Timeline } from '../src/progress/timeline.js';
import { rules } from '../src/redaction/rules/index.js';
import { scanTimeline } from '../test/fuzz/detecting.js';
import { beginnings, longLines, manyLines, secretBeginnings } from '../test/fuzz/hostile-logs.js';
import { mutatedLog } from '../test/fuzz/mutate-log.js';
import { Random } from '../test/fuzz/random.js';
import { RunReading } from '../test/fuzz/reading-run.js';
import { seed, times } from '../test/fuzz/settings.js';
import { aim, figure, load, shown } from './figures.js';

/** Share of the whole amount (1 without it), to try the bench with: `BENCH_FUZZ_SHARE=0.01`. */
const share = shareOf(process.env.BENCH_FUZZ_SHARE);

/** Prints what comes out, as it comes; a fault ends the bench with the seed that made it. */
export async function benchFuzz(
  lines = 1_000_000 * share,
  runs = times(Math.ceil(60 * share)),
): Promise<void> {
  console.log(`fuzz, seed ${seed}, Node ${process.version}${share === 1 ? '' : `, a share of ${share}`}`);
  const start = process.hrtime.bigint();
  readChanged(lines);
  await readRuns(runs);
  reportGrowth();
  reportLines();
  reportRedaction();
  console.log(`  ${secondsSince(start)} s in all, load ${load()}`);
}

function shareOf(text: string | undefined): number {
  const number = Number(text ?? 1);
  if (number > 0 && number <= 1) return number;
  throw new Error(`BENCH_FUZZ_SHARE=${text} is no number above 0 and up to 1`);
}

/** Every log is read in chunks as well; every tenth in chunks so small that each byte may be the first of one. */
function readChanged(wanted: number): void {
  const start = process.hrtime.bigint();
  let [lines, logs, number, truncated] = [0, 0, seed, 0];
  const formats = new Map<string, number>();
  for (let told = 0; lines < wanted; number += 1) {
    const random = new Random(number);
    const log = mutatedLog(random);
    const timeline = read(log, [log.length]);
    const most = logs % 10 === 0 ? 4 : 4_000;
    const again = read(log, [1 + random.below(most), 1 + random.below(most)]);
    if (!isDeepStrictEqual(timeline, again)) throw new Error(`the chunks of log ${number} make a difference`);
    JSON.stringify([...scanTimeline(timeline).values()]);
    lines += timeline.lines;
    logs += 1;
    formats.set(timeline.format, (formats.get(timeline.format) ?? 0) + timeline.lines);
    if (timeline.truncated !== null) truncated += 1;
    if (lines - told >= wanted / 10 && lines < wanted) {
      told = lines;
      console.log(`    ${lines} lines (${secondsSince(start)} s)`);
    }
  }
  const each = [...formats].map(([format, count]) => `${format} ${count}`).join(', ');
  console.log(
    `  ${lines} lines in ${logs} changed logs (${each}), each read twice: no fault, no difference between chunks; ${truncated} are told to be cut (${secondsSince(start)} s)`,
  );
}

async function readRuns(runs: number): Promise<void> {
  const start = process.hrtime.bigint();
  const reading = await RunReading.make();
  try {
    let [ways, refused] = [0, 0];
    for (let number = seed; number < seed + runs; number += 1) {
      const tried = await reading.try(number);
      ways += tried.ways;
      refused += tried.refused;
    }
    console.log(
      `  ${runs} changed run directories, read in ${ways} ways: ${refused} refused by a sentence, no fault (${secondsSince(start)} s)`,
    );
  } finally {
    await reading.remove();
  }
}

/** Well beyond what readers keep of rows and marks at most: below that, what is kept grows with the log. */
const size = 4_000;
const repeats = 3;
/** Milliseconds below which a time says more of the clock and the collector than of the log. */
const leastMs = 5;

/** Of a list, as many as the share has. */
const shareOfList = <T>(list: readonly T[]): T[] => list.filter((_, i) => i % Math.round(1 / share) === 0);

/** Time of a log of twice the lines over that of the log: 2 where each line costs the same. */
function reportGrowth(): void {
  const start = process.hrtime.bigint();
  const growths = shareOfList(manyLines).map(({ name, text }) => {
    const logs = [Buffer.from(text(size)), Buffer.from(text(2 * size))] as const;
    const samples: [number[], number[]] = [[], []];
    // In turns: what the machine does meanwhile meets both alike. The first is for the compiler.
    for (let turn = 0; turn <= repeats; turn += 1)
      for (const i of [0, 1] as const) {
        const ms = timeOf(logs[i]);
        if (turn > 0) samples[i].push(ms);
      }
    const [half, whole] = [figure(samples[0]).median, figure(samples[1]).median];
    return { name, ratio: whole / Math.max(leastMs, half), ms: whole };
  });
  const byRatio = growths.toSorted((a, b) => b.ratio - a.ratio);
  const [slowest] = growths.toSorted((a, b) => b.ms - a.ms);
  console.log(
    `  t(2n)/t(n), ${growths.length} hostile logs of ${size} lines, medians of ${repeats}: ${shown(figure(growths.map(({ ratio }) => ratio)), '×')}`,
  );
  for (const { name, ratio, ms } of byRatio.slice(0, 5))
    console.log(aim(`${name} (${ms.toFixed(0)} ms)`, ratio, 3));
  console.log(
    `  the slowest (${slowest?.name}): ${slowest?.ms.toFixed(0)} ms for ${2 * size} (${secondsSince(start)} s)`,
  );
}

/** Lines of one pattern each: what it costs to read one, and one of twice the length. */
function reportLines(): void {
  const start = process.hrtime.bigint();
  const patterns = shareOfList(
    beginnings.flatMap((beginning) => longLines.map((line) => ({ beginning, ...line }))),
  );
  const length = 4_000;
  const logOf = ({ beginning, text }: (typeof patterns)[number], times: number): Buffer =>
    Buffer.from(`${beginning}${text(times * length)}\n`);
  const costs = patterns.map((pattern) => ({ pattern, ms: timeOf(logOf(pattern, 1)) }));
  // Only of those that cost most can a figure be told from what the clock adds.
  const worst = costs.toSorted((a, b) => b.ms - a.ms).slice(0, 30);
  const ratios = worst.map(({ pattern }) => {
    // Long enough to be measured: a million characters, and two.
    const [half, whole] = [250, 500].map((many) => {
      const log = logOf(pattern, many);
      return figure(Array.from({ length: repeats }, () => timeOf(log))).median;
    }) as [number, number];
    return { pattern, ratio: whole / Math.max(leastMs, half), ms: whole };
  });
  const byRatio = ratios.toSorted((a, b) => b.ratio - a.ratio);
  console.log(
    `  lines of one pattern, ${patterns.length} patterns of ${length} characters: ${shown(figure(costs.map(({ ms }) => ms)), 'ms')} (${secondsSince(start)} s)`,
  );
  console.log(
    `  t(2n)/t(n) of the ${ratios.length} that cost most, lines of ${250 * length} characters, medians of ${repeats}: ${shown(figure(ratios.map(({ ratio }) => ratio)), '×')}`,
  );
  for (const { pattern, ratio, ms } of byRatio.slice(0, 3))
    console.log(aim(`${JSON.stringify(pattern.beginning)}, ${pattern.name} (${ms.toFixed(1)} ms)`, ratio, 3));
}

/** Characters of one word over and over, beyond the longest value that is looked for. */
const redacted = 50_000;

/** What the rules of redaction take for words that they look behind, over and over. */
function reportRedaction(): void {
  const start = process.hrtime.bigint();
  const words = shareOfList(secretBeginnings);
  const growths = words.map((word) => {
    const [half, whole] = [redacted, 2 * redacted].map((length) => {
      const text = word.repeat(Math.ceil(length / word.length));
      const samples = Array.from({ length: repeats + 1 }, () => redactionTimeOf(text));
      return figure(samples.slice(1)).median;
    }) as [number, number];
    return { word, ratio: whole / Math.max(leastMs, half), ms: whole };
  });
  console.log(
    `  redaction, t(2n)/t(n) of ${words.length} words over and over, ${redacted} characters, medians of ${repeats}: ${shown(figure(growths.map(({ ratio }) => ratio)), '×')}, ${shown(figure(growths.map(({ ms }) => ms)), 'ms')} (${secondsSince(start)} s)`,
  );
  for (const { word, ratio, ms } of growths.toSorted((a, b) => b.ratio - a.ratio).slice(0, 3))
    console.log(aim(`${JSON.stringify(word)} (${ms.toFixed(1)} ms)`, ratio, 3));
}

function redactionTimeOf(text: string): number {
  const start = process.cpuUsage();
  for (const rule of rules) rule.find(text, () => {});
  return process.cpuUsage(start).user / 1000;
}

const secondsSince = (start: bigint): string => (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1);

/** Processor time of this process, in milliseconds. */
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
