import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { armOf, signalOf } from '../e2e/contract.js';
import { journalEvents, lab, labVariable, resultsFolder, runInLab, textOf, whileItRuns } from './lab.js';

const bin = labVariable('LAB_BUILDKIT_0_32_2_BIN');

/** Builds that take a moment, so that a daemon can be frozen in the middle of one. */
const scenario = `title: Builds of a second
dockerfiles: files
iterations: 30
lanes: 2
timeout: 15s
build: { dockerfile: Dockerfile, noCache: true }
arms:
  - { name: together, role: reproduce, expects: [hang] }
`;

let folder: string;
let results: ReturnType<typeof resultsFolder>;
const frozen: number[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bk-'));
  results = resultsFolder();
  mkdirSync(path.join(folder, 'files'));
  writeFileSync(path.join(folder, 'slow.yaml'), scenario);
  writeFileSync(
    path.join(folder, 'files/Dockerfile'),
    'FROM alpine:3.20\nRUN echo it begins; sleep 1; echo it ends\n',
  );
});

afterEach(async () => {
  for (const pid of frozen.splice(0)) signal(pid, 'SIGCONT');
  results.remove();
  await execa('sh', ['-c', 'grep -o "$1[^ ]*" /proc/mounts | sort -r | xargs -r umount', 'sh', folder], {
    reject: false,
  });
  rmSync(folder, { recursive: true, force: true });
});

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone.
  }
}

function freeze(pid: number): void {
  frozen.push(pid);
  process.kill(pid, 'SIGSTOP');
}

const runFolder = () => path.join(results.folder, readdirSync(results.folder)[0] ?? '');
const iterationFile = (iteration: number, name: string) =>
  path.join(runFolder(), 'iterations/together', String(iteration).padStart(4, '0'), name);

/** Events of the journal that tell of finished iterations. */
const finished = () =>
  journalEvents(results.folder).filter(({ event }) => event === 'iteration-finished') as unknown as {
    at: string;
    spoilt: string | null;
    builderGone: string | null;
    lanes: { timedOut: boolean }[];
  }[];

function startDaemon(address: string) {
  const args = ['--root', path.join(folder, 'root'), '--addr', address];
  return execa(
    path.join(bin, 'buildkitd'),
    [...args, '--config', labVariable('LAB_BUILDKIT_MIRRORS'), '--oci-worker-net=host'],
    { env: lab, reject: false, stdio: 'ignore' },
  );
}

describe('a daemon that is not the run’s own', () => {
  let address: string;
  let daemon: ReturnType<typeof startDaemon>;

  beforeEach(async () => {
    address = `unix://${folder}/bk.sock`;
    daemon = startDaemon(address);
    while (
      (await execa('buildctl', ['--addr', address, 'debug', 'workers'], { env: lab, reject: false })).failed
    )
      await sleep(50);
    const name = `frozen-${path.basename(folder)}`;
    await execa('docker', ['buildx', 'create', '--name', name, '--driver', 'remote', address], { env: lab });
  });

  afterEach(async () => {
    signal(daemon.pid ?? 0, 'SIGCONT');
    daemon.kill('SIGKILL');
    await daemon;
    await execa('docker', ['buildx', 'rm', `frozen-${path.basename(folder)}`], { env: lab, reject: false });
  });

  it.for(['buildctl', 'buildx'])(
    'frozen between iterations is noticed within 30 s, spoils them, and stops the run at the third: %s',
    async (kind) => {
      const instance = kind === 'buildctl' ? address : `frozen-${path.basename(folder)}`;
      const running = runInLab(
        [path.join(folder, 'slow.yaml'), '--builder', `${kind}:${instance}`],
        results.folder,
      );
      await whileItRuns(running, () => finished().length >= 2);
      freeze(daemon.pid ?? 0);
      const at = Date.now();
      const { run, exitCode, stderr } = await running;
      const arm = armOf(run, 'together');
      // A build may have been under way by then: it hangs, and only the iterations after it are spoilt.
      const [first, ...rest] = finished().slice(2);
      const spoilt = [first, ...rest].filter((one) => one?.spoilt != null);
      expect(spoilt.length, stderr).toBeGreaterThanOrEqual(2);
      expect(first?.builderGone).not.toBeNull();
      expect(Date.parse(first?.at ?? '') - at).toBeLessThan(31_000);
      expect(signalOf(arm, 'builder-crashed').iterations.count).toBe(0);
      expect(arm.iterations.invalid).toBe(spoilt.length);
      expect(exitCode).toBe(3);
      expect(Date.now() - at).toBeLessThan(90_000);
    },
  );

  it('frozen for a while in the middle of a build and back is used on, and nothing is invalid', async () => {
    const running = runInLab(
      [path.join(folder, 'slow.yaml'), '--builder', `buildctl:${address}`, '--iterations', '4'],
      results.folder,
    );
    await untilStepPrints(running, 2);
    freeze(daemon.pid ?? 0);
    await sleep(3_000);
    signal(daemon.pid ?? 0, 'SIGCONT');
    const { run } = await running;
    expect(armOf(run, 'together').iterations).toMatchObject({ valid: 4, invalid: 0 });
  });
});

it('a private daemon frozen in the middle of a build: hang, with last lines and processes, and the run goes on', async () => {
  const running = runInLab(
    [path.join(folder, 'slow.yaml'), '--builder', `buildkitd:${bin}`, '--iterations', '3'],
    results.folder,
  );
  await untilStepPrints(running, 2);
  freeze(daemonOf(runFolder()));
  const { run } = await running;
  expect(signalOf(armOf(run, 'together'), 'hang').iterations).toMatchObject({ count: 1 });
  expect(armOf(run, 'together').iterations).toMatchObject({ valid: 3, invalid: 0 });
  const kept = textOf(iterationFile(2, 'a.processes.txt'));
  expect(kept).toMatch(/buildctl --addr/);
  expect(kept).toMatch(/ T +\S+ .*buildkitd --config/);
  expect(kept).toContain('not kept: it did not answer');
  const result = JSON.parse(readFileSync(path.join(runFolder(), 'result.json'), 'utf8'));
  const [example] = result.arms[0].signals.find((one: { signal: string }) => one.signal === 'hang').examples;
  expect(example.evidence.map(({ text }: { text: string }) => text).join('\n')).toMatch(
    /^#\d+ \S+ it begins$/m,
  );
  expect(example.kept.processes).toBe('iterations/together/0002/a.processes.txt');
});

it('a build that hangs on a private daemon that answers leaves the daemon’s goroutines too', async () => {
  writeFileSync(
    path.join(folder, 'files/Dockerfile'),
    'FROM alpine:3.20\nARG N\nRUN echo it begins; sleep 1000\n',
  );
  const { run } = await runInLab(
    [path.join(folder, 'slow.yaml'), '--builder', `buildkitd:${bin}`, '--iterations', '1', '--timeout', '4s'],
    results.folder,
  );
  expect(signalOf(armOf(run, 'together'), 'hang')).toMatchObject({ builds: { count: 2 } });
  for (const lane of ['a', 'b']) {
    expect(textOf(iterationFile(1, `${lane}.goroutines.txt`))).toMatch(/^goroutine \d+ \[/);
    expect(textOf(iterationFile(1, `${lane}.processes.txt`))).toMatch(/sleep 1000\n/);
  }
});

/** The step's own output, not its header, which names it too. */
function untilStepPrints(running: Promise<unknown>, iteration: number): Promise<void> {
  return whileItRuns(running, () =>
    /^#\d+ [\d.]+ it begins$/m.test(textOf(iterationFile(iteration, 'a.stderr'))),
  );
}

/** The pid of the run's daemon: its log is that run's own. */
function daemonOf(run: string): number {
  const log = path.join(run, 'daemons/daemon-1.log');
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const isDaemon = textOf(`/proc/${pid}/cmdline`).split('\0')[0]?.endsWith('/buildkitd') === true;
    const writes = isDaemon ? linksIn(`/proc/${pid}/fd`).some((target) => target === log) : false;
    if (writes) return Number(pid);
  }
  throw new Error('the run has no daemon');
}

function linksIn(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    try {
      return [readlinkSync(path.join(directory, name))];
    } catch {
      return [];
    }
  });
}
