import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { aim, figure, load, shown } from './figures.js';
import { program } from './start-up.js';

const standIn = fileURLToPath(new URL('./stand-in', import.meta.url));
const dockerfiles = fileURLToPath(new URL('../dockerfiles/chaos-1506', import.meta.url));
const iterations = 20;
const lanes = 2;
const startUpRounds = 10;

/** The loop that the report gives: two builds in the background, wait for both, again. */
const script = `
for i in $(seq ${iterations}); do
  container image rm chaos-1506-a:latest chaos-1506-b:latest >/dev/null 2>&1 || true
  container build --no-cache -t chaos-1506-a:latest -f Dockerfile.shared . >"$LOGS/a-$i.log" 2>&1 &
  PID_A=$!
  container build --no-cache -t chaos-1506-b:latest -f Dockerfile.shared . >"$LOGS/b-$i.log" 2>&1 &
  PID_B=$!
  wait $PID_A; wait $PID_B
  grep "linux/arm64" "$LOGS/a-$i.log"
  grep "linux/arm64" "$LOGS/b-$i.log"
done
`;

/** The report's own script beside \`buildrace run\`, on a builder that takes 0.5 s a build. */
export async function benchIterations(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'buildrace-bench-'));
  try {
    const byScript = await steps(folder, 'script', (env) =>
      execa('bash', ['-c', script], { env, cwd: dockerfiles }),
    );
    const byRun = await steps(folder, 'run', (env) =>
      execa(process.execPath, [program, ...runArguments(folder, iterations)], { env, cwd: folder }),
    );
    console.log(`from one iteration's start to the next, builds of 0.5 s, load ${load()}`);
    console.log(`  the report's script  ${shown(figure(byScript.steps), 'ms')}`);
    console.log(`  buildrace run        ${shown(figure(byRun.steps), 'ms')}`);
    console.log(aim('run / script', figure(byRun.steps).median / figure(byScript.steps).median, 1.05));
    const startUp = figure(await startUps(folder));
    console.log(`  from start to the warm-up build  ${shown(startUp, 'ms')}`);
    console.log(aim('from start to the warm-up build', startUp.median / 1000, 0.5, 's'));
    // The first build of a run is its warm-up.
    const warmUp = (byRun.starts[1] ?? 0) - (byRun.starts[0] ?? 0);
    console.log(`  the warm-up build and what follows it: ${warmUp.toFixed(0)} ms, not counted above`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** ms from the program's start to its first build's, again and again. */
async function startUps(folder: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < startUpRounds; round++) {
    const started = Date.now();
    const { starts } = await steps(folder, 'start-up', (env) =>
      execa(process.execPath, [program, ...runArguments(folder, 1)], { env, cwd: folder }),
    );
    times.push((starts[0] ?? 0) - started);
  }
  return times;
}

function runArguments(folder: string, iterations: number): string[] {
  return [
    ...['run', 'chaos-1506', '--builder', 'container', '--arm', 'as-reported', '--lanes', String(lanes)],
    ...['--iterations', String(iterations), '--out', path.join(folder, 'results'), '--json'],
  ];
}

interface Steps {
  /** ms from one iteration's first build to the next one's. */
  readonly steps: number[];
  /** All builds' starts, ms since 1970, in order. */
  readonly starts: number[];
}

async function steps(
  folder: string,
  name: string,
  call: (env: NodeJS.ProcessEnv) => Promise<unknown>,
): Promise<Steps> {
  const file = path.join(folder, `${name}.starts`);
  await writeFile(file, '');
  await call({ ...process.env, PATH: `${standIn}:${process.env.PATH}`, BENCH_STARTS: file, LOGS: folder });
  const starts = (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number(BigInt(line) / 1000n) / 1000)
    .sort((a, b) => a - b);
  const counted = starts.length === iterations * lanes ? starts : starts.slice(1);
  const firsts = counted.filter((_, i) => i % lanes === 0);
  return { starts, steps: firsts.slice(1).map((at, i) => at - (firsts[i] ?? at)) };
}
