/**
 * How fast `buildrace scan` reads a plain log, beside `grep -c` on the same file, and in how much memory. Each run is a
 * process of its own, its start counted; runs of the two programs alternate.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import tmp from 'tmp';
import { aim, figure, load, shown } from './figures.js';
import { program } from './start-up.js';

interface Run {
  readonly seconds: number;
  readonly rssMiB: number;
}

const measured = ['--import', new URL('memory.mjs', import.meta.url).href];
const megabyte = 1e6;

/** Builds of four stages: many lines of output, of several lengths, with headers and statuses in between. */
function* logText(bytes: number): Generator<string> {
  let written = 0;
  for (let vertex = 4; written < bytes; vertex += 1) {
    const text = vertexText(vertex, vertex === 4);
    written += text.length;
    yield text;
  }
}

function vertexText(index: number, first: boolean): string {
  const stage = ['deps', 'build', 'assets', 'runtime'][index % 4];
  const name = `[linux/arm64 ${stage} ${(index % 9) + 1}/9] RUN apt-get install -y lib${index} && make -j4`;
  const lines = first ? ['#1 [internal] load build definition from Dockerfile', '#1 DONE 0.0s', ''] : [];
  lines.push(`#${index} ${name}`);
  for (let at = 0; at < 20_000; at += 1) {
    if (at % 5000 === 4999) lines.push(`#${index} ...`, '', `#${index} ${name}`);
    lines.push(`#${index} ${seconds(at)} ${outputText(at)}`);
  }
  lines.push(
    `#${index} 24.00 buildrace: context files=400 sha256=${'ab'.repeat(32)}`,
    `#${index} DONE 24.0s`,
    '',
    '',
  );
  return lines.join('\n');
}

/** As BuildKit prints them: three decimals below 10 s, two below 100 s. */
function seconds(at: number): string {
  const time = at * 0.0012;
  return time.toFixed(time < 10 ? 3 : 2);
}

function outputText(at: number): string {
  if (at % 11 === 0) return '';
  if (at % 7 === 0) return `  CC       src/module_${at % 311}/object_${at}.o`;
  if (at % 3 === 0)
    return `Unpacking libexample${at % 97}-dev:arm64 (1.${at % 13}.2-4+deb12u${at % 5}) over (1.0) ...`;
  return `Get:${at} http://deb.debian.org/debian bookworm/main arm64 libexample${at % 97} arm64 1.${at % 13}.2 [${at} kB]`;
}

function writeLog(path: string, bytes: number): void {
  const file = openSync(path, 'w');
  for (const text of logText(bytes)) writeSync(file, text);
  closeSync(file);
}

async function runScan(path: string): Promise<Run> {
  const start = process.hrtime.bigint();
  const { stderr } = await execa(process.execPath, [...measured, program, 'scan', path]);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return { seconds, rssMiB: Number(stderr.trim().split('\n').at(-1)) / 1024 };
}

async function runGrep(path: string): Promise<number> {
  const start = process.hrtime.bigint();
  await execa('grep', ['-c', 'linux/arm64', path], { env: { LC_ALL: 'C' } });
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function rates(seconds: readonly number[], bytes: number): string {
  return shown(figure(seconds.map((time) => bytes / megabyte / time)), 'MB/s');
}

/** Prints how fast a log of that size is scanned, beside `grep -c`. */
export async function benchScan(megabytes = 1000, runs = 5): Promise<void> {
  const folder = tmp.dirSync({ unsafeCleanup: true, prefix: 'buildrace-bench' });
  try {
    const path = join(folder.name, 'plain.log');
    const bytes = megabytes * megabyte;
    writeLog(path, bytes);
    // Both programs find the file in the page cache.
    await runGrep(path);
    const parsed: Run[] = [];
    const grepped: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      grepped.push(await runGrep(path));
      parsed.push(await runScan(path));
    }
    report(bytes, parsed, grepped);
  } finally {
    folder.removeCallback();
  }
}

function report(bytes: number, parsed: readonly Run[], grepped: readonly number[]): void {
  const times = parsed.map((run) => run.seconds);
  const rss = Math.max(...parsed.map((run) => run.rssMiB));
  const size = (bytes / megabyte).toFixed(0);
  console.log(`a plain log of ${size} MB, Node ${process.version}`);
  console.log(`  buildrace scan: ${rates(times, bytes)}`);
  console.log(`  grep -c:        ${rates(grepped, bytes)}`);
  console.log(
    `  it takes ${(figure(times).median / figure(grepped).median).toFixed(2)} times as long as grep`,
  );
  console.log(aim('most memory', rss, 150, 'MiB'));
  console.log(aim('time for 200 MB', figure(times).median / (bytes / megabyte / 200), 1, 's'));
  console.log(`  load ${load()}`);
}
