import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { figure, load, shown } from './figures.js';
import { program } from './start-up.js';

const rounds = 30;
const lanes = 2;

/** A build that does nothing, of two lanes: what differs is the start alone. */
const scenario = `title: Nothing but a start
dockerfiles: files
iterations: ${rounds}
lanes: ${lanes}
build: { noCache: true, progress: rawjson }
arms:
  - { name: together, role: reproduce, expects: [platform-drift] }
`;

const script = `
for i in $(seq ${rounds}); do
  for l in $(seq ${lanes}); do
    buildctl --addr "$1" build --no-cache --progress rawjson --frontend dockerfile.v0 --local context=files --local dockerfile=files >/dev/null 2>"raw-$i-$l" &
  done
  wait
done
`;

/** What counts in the end: when the daemon began with each lane's first vertex, by a real BuildKit's own clock. */
export async function benchFirstVertices(): Promise<void> {
  const address = process.env.LAB_BUILDKIT_0_32_2 ?? process.env.BUILDKIT_HOST;
  if (address === undefined) {
    console.log(
      'spread of the first vertices: no BuildKit here (BUILDKIT_HOST, or eval "$(npm run -s lab:env)")',
    );
    return;
  }
  const folder = await mkdtemp(path.join(os.tmpdir(), 'buildrace-bench-'));
  try {
    await mkdir(path.join(folder, 'files'));
    await writeFile(path.join(folder, 'files/Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
    await writeFile(path.join(folder, 'start.yaml'), scenario);
    await execa('bash', ['-c', script, 'bash', address], { cwd: folder });
    const byBash = await Promise.all(
      range(rounds).map((i) => spread(range(lanes).map((lane) => path.join(folder, `raw-${i}-${lane}`)))),
    );
    const args = [program, 'run', 'start.yaml', '--builder', `buildctl:${address}`, '--json'];
    const ran = await execa(process.execPath, args, { cwd: folder, reject: false });
    const { directory } = JSON.parse(ran.stdout).runs[0] as { directory: string };
    const byGate = await Promise.all(
      range(rounds).map((i) =>
        spread(
          ['a', 'b'].map((lane) =>
            path.join(directory, `iterations/together/${String(i).padStart(4, '0')}/${lane}.stderr`),
          ),
        ),
      ),
    );
    console.log(`spread of the first vertices' starts on a real BuildKit, ${lanes} lanes, load ${load()}`);
    console.log(`  buildrace run  ${shown(figure(byGate), 'ms')}`);
    console.log(`  bash &         ${shown(figure(byBash), 'ms')}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

async function spread(files: readonly string[]): Promise<number> {
  const starts = await Promise.all(files.map(async (file) => firstStart(await readFile(file, 'utf8'))));
  return Math.max(...starts) - Math.min(...starts);
}

/** ms since 1970 with fractions: BuildKit's times have nanoseconds, and Date has not. */
function firstStart(rawjson: string): number {
  const match = /"started":"([^".]+)(\.\d+)?Z"/.exec(rawjson);
  return Date.parse(`${match?.[1]}Z`) + Number(match?.[2] ?? 0) * 1000;
}
