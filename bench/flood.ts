/**
 * One lane prints a lot while another works: how long that takes beside the same flood into `cat > file`, and what the
 * tool takes meanwhile and afterwards. Ways alternate, as the machine is not always as fast, and what is told are ratios
 * within a round. `npm run bench flood 1000` floods with 1 GB, which takes some ten minutes.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { aim, figure, load, shown } from './figures.js';
import { program } from './start-up.js';

const standIn = fileURLToPath(new URL('./flooding-stand-in', import.meta.url));
const usage = ['--import', new URL('usage.mjs', import.meta.url).href];
/** Megabytes of the flood, unless others are asked for, and bytes of zeros that the other lane sums meanwhile, for each of them. */
const usualMegabytes = 200;
const workPerByte = 1.5;
const rounds = 3;
/** Bytes of a log of very short lines, of which each takes memory of its own. */
const shortLinesFlood = 32e6;

/** The same two programs without anybody between them: the flood goes through a pipe into a file. */
const plainly = `
mkdir "$BENCH_WARM"
container build -t x-as-reported-a:y 2>&1 | cat >"$OUT/plain.log" &
container build -t x-as-reported-b:y >/dev/null 2>&1
wait
`;

interface Taken {
  /** ms that the other lane's work took. */
  readonly work: number;
  readonly mebibytes: number;
  /** Seconds of processor of the tool itself. */
  readonly cpu: number;
}

/** Prints how much a flood of one lane slows another, and what it costs. */
export async function benchFlood(megabytes = usualMegabytes): Promise<void> {
  const flood = megabytes * 1e6;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'buildrace-bench-'));
  try {
    const plain: Taken[] = [];
    const kept: Taken[] = [];
    const live: Taken[] = [];
    for (let round = 0; round < rounds; round++) {
      plain.push(await timed(folder, flood, (env) => execa('bash', ['-c', plainly], { env })));
      kept.push(await timed(folder, flood, (env) => execa(process.execPath, runArguments(folder), { env })));
      live.push(await timed(folder, flood, (env) => onTerminal(runArguments(folder), env)));
    }
    report(flood, { plain, kept, live });
    await reading(folder, flood);
    await bundlingShortLines(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function report(
  flood: number,
  { plain, kept, live }: Record<'plain' | 'kept' | 'live', readonly Taken[]>,
): void {
  const work = (all: readonly Taken[]) => figure(all.map((one) => one.work));
  const cpu = (all: readonly Taken[]) => figure(all.map((one) => one.cpu));
  // Each round by itself: what slows all of it does not count.
  const ratio = (some: readonly number[], others: readonly number[]) =>
    figure(some.map((one, i) => one / (others[i] ?? Number.NaN))).median;
  const works = (all: readonly Taken[]) => all.map((one) => one.work);
  const cpus = (all: readonly Taken[]) => all.map((one) => one.cpu);
  console.log(`one lane prints ${flood / 1e6} MB, another works, load ${load()}`);
  console.log(`  the work beside a flood into cat > file  ${shown(work(plain), 'ms')}`);
  console.log(`  the work in a lane of buildrace run      ${shown(work(kept), 'ms')}`);
  console.log(aim('run / cat', ratio(works(kept), works(plain)), 1.1));
  console.log(`  processor time of the run                ${shown(cpu(kept), 's')}`);
  console.log(`  the same with the live view              ${shown(cpu(live), 's')}`);
  console.log(aim('live / not', ratio(cpus(live), cpus(kept)), 1.1));
  console.log(aim('most memory', Math.max(...[...kept, ...live].map((one) => one.mebibytes)), 238, 'MiB'));
}

async function bundlingShortLines(folder: string): Promise<void> {
  await timed(folder, shortLinesFlood, (env) =>
    execa(process.execPath, runArguments(folder), { env: { ...env, BENCH_LINE: 'abcd' } }),
  );
  const command = ['bundle', await newestRun(folder), '--output', path.join(folder, 'short.zip')];
  const taken = await timed(folder, shortLinesFlood, (env) =>
    execa(process.execPath, [...usage, program, ...command], { env, stdout: 'ignore' }),
  );
  const size = `${shortLinesFlood / 1e6} MB`;
  console.log(aim(`most memory of bundle, ${size} of five-byte lines`, taken.mebibytes, 238, 'MiB'));
}

async function newestRun(folder: string): Promise<string> {
  const [run = ''] = (await execa('ls', ['-1t', path.join(folder, 'results')])).stdout.split('\n');
  return path.join(folder, 'results', run);
}

/** Everything that reads the run again. */
async function reading(folder: string, flood: number): Promise<void> {
  const directory = await newestRun(folder);
  const out = (name: string): string[] => ['--output', path.join(folder, name)];
  const commands = [
    ['analyze', directory],
    ['report', directory, '--format', 'html', ...out('page.html')],
    ['report', directory, '--format', 'junit', ...out('junit.xml')],
    ['bundle', directory, ...out('bundle.zip')],
    ['show', directory, '--lane', 'a'],
    ['scan', path.join(directory, 'iterations/as-reported/0001/a.stderr')],
  ];
  for (const command of commands) {
    const taken = await timed(folder, flood, (env) =>
      execa(process.execPath, [...usage, program, ...command], { env, stdout: 'ignore', reject: false }),
    );
    console.log(aim(`most memory of ${command[0]} ${command[3] ?? ''}`.trim(), taken.mebibytes, 238, 'MiB'));
  }
}

function runArguments(folder: string): string[] {
  return [
    ...[...usage, program, 'run', 'chaos-1506', '--builder', 'container', '--arm', 'as-reported'],
    ...['--lanes', '2', '--iterations', '1', '--out', path.join(folder, 'results')],
  ];
}

/** `script` of util-linux gives the program a terminal. */
function onTerminal(args: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown> {
  const words = [process.execPath, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  return execa('script', ['-qec', words.join(' '), '/dev/null'], { env, stdout: 'ignore' });
}

async function timed(
  folder: string,
  flood: number,
  call: (env: NodeJS.ProcessEnv) => Promise<unknown>,
): Promise<Taken> {
  const [times, used] = [path.join(folder, 'times'), path.join(folder, 'used')];
  await mkdir(folder, { recursive: true });
  await Promise.all([writeFile(times, ''), writeFile(used, '')]);
  const warm = path.join(folder, 'warm');
  await rm(warm, { recursive: true, force: true });
  const { CI: _, NO_COLOR: __, ...own } = process.env;
  await call({
    ...own,
    TERM: 'xterm',
    PATH: `${standIn}:${process.env.PATH}`,
    ...{
      BENCH_TIMES: times,
      BENCH_USAGE: used,
      BENCH_FLOOD: String(flood),
      BENCH_WORK: String(flood * workPerByte),
      OUT: folder,
    },
    BENCH_WARM: warm,
  });
  const lines = async (file: string): Promise<string[]> =>
    (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  const work = (await lines(times)).at(-1) ?? 'NaN';
  const { maxRSS, cpu } = JSON.parse((await lines(used)).at(-1) ?? '{"maxRSS":0,"cpu":0}');
  return { work: Number(work) / 1e6, mebibytes: maxRSS / 1024, cpu: cpu / 1e6 };
}
