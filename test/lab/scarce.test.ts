import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, execaSync } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountsBelow } from '../../src/builders/buildkitd/mounts.js';
import { journalEvents, lab } from './lab.js';
import { type Ended, Scarce, sentences } from './scarce-place.js';

let place: Scarce;
beforeEach(() => {
  place = new Scarce();
});
afterEach(() => place.remove());

const runOf = (results: string): string => path.join(results, readdirSync(results)[0] ?? 'none');
const chaos = ['run', 'chaos-1506', '--arm', 'as-reported'];
const standIn = [...chaos, '--builder', 'buildctl'];

/** What holds however a run ended for want of something. */
function expectInOrder(ended: Ended, exitCodes: readonly number[]): void {
  expect(ended.stderr).not.toMatch(/^\s+at .*:\d+/m);
  expect(ended.stderr).not.toContain('fault of buildrace');
  expect(exitCodes, ended.stderr).toContain(ended.exitCode);
  if (ended.exitCode === 2) expect(sentences(ended), ended.stderr).toHaveLength(1);
  expect(place.processes()).toEqual([]);
}

function expectWhole(run: string): number {
  const { whole, broken, unreadable } = place.logs(run);
  expect([broken, unreadable]).toEqual([[], 0]);
  const result = path.join(run, 'result.json');
  if (existsSync(result)) JSON.parse(readFileSync(result, 'utf8'));
  expect(readdirSync(run).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  return whole;
}

async function expectAnalyzed(run: string, whole: number): Promise<void> {
  const analyzed = await place.call(['analyze', run, '--json']);
  expect([0, 4], analyzed.stderr).toContain(analyzed.exitCode);
  expect(analyzed.stderr).toBe('');
  const { arms } = JSON.parse(readFileSync(path.join(run, 'result.json'), 'utf8'));
  expect(arms[0].iterations.valid).toBe(whole / 2);
}

describe('the disk with the results is full', () => {
  // From "nothing fits" to "all but the result fits": in a log, in its times, in the journal, at the result.
  it.for([0, 8, 20, 48, 64, 76, 80, 84, 88, 92, 96, 104])(
    'but for %i kB in the third iteration',
    async (leave) => {
      const disk = place.disk('2m');
      const results = path.join(disk, 'results');
      const ended = await place.call([...standIn, '--iterations', '4', '--out', results], {
        SCARCE_FILL_AT: '5',
        SCARCE_LEAVE: String(leave),
      });
      expect(existsSync(path.join(disk, 'filler'))).toBe(true);
      expectInOrder(ended, [0, 2, 4]);
      const whole = expectWhole(runOf(results));
      expect(whole).toBeGreaterThanOrEqual(4);
      expect(place.leftovers()).toEqual([]);
      rmSync(path.join(disk, 'filler'));
      await expectAnalyzed(runOf(results), whole);
    },
  );

  it.for(['4k', '12k', '28k', '44k', '60k', '100k'])('and has been from the start, with %s', async (size) => {
    const results = path.join(place.disk(size), 'results');
    const ended = await place.call([...standIn, '--iterations', '30', '--out', results]);
    expectInOrder(ended, [2, 4]);
    const runs = existsSync(results) ? readdirSync(results) : [];
    for (const run of runs) expectWhole(path.join(results, run));
    // It does not go on for thirty.
    expect(journalEvents(results).filter(({ event }) => event === 'iteration-finished').length).toBeLessThan(
      12,
    );
    expect(place.leftovers()).toEqual([]);
  });

  it('or the quota of the user is used up', async ({ skip }) => {
    let disk = '';
    try {
      disk = place.disk('4m', 'disk', ',usrquota,usrquota_block_hardlimit=256k');
    } catch {
      return skip('this kernel has no quotas of tmpfs');
    }
    const results = path.join(disk, 'results');
    const asNobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath];
    const main = new URL('../../dist/main.js', import.meta.url).pathname;
    const args = [...asNobody, main, ...standIn, '--iterations', '30', '--out', results];
    const ended = await execa('setpriv', args, { env: place.environment(), reject: false, stdin: 'ignore' });
    expectInOrder({ ...ended, exitCode: ended.exitCode, signal: undefined }, [2, 4]);
    expect(ended.stderr).toMatch(/quota/);
    expectWhole(runOf(results));
  });

  it('to whoever writes a report, a bundle, a baseline, or a job summary', async () => {
    const results = place.at('results');
    await place.call([...standIn, '--iterations', '2', '--out', results]);
    const disk = place.disk('64k');
    const before = '# before\n'.padEnd(4_090, 'x');
    writeFileSync(path.join(disk, 'summary.md'), before);
    writeFileSync(path.join(disk, 'report.html'), 'the old one');
    execaSync('dd', ['if=/dev/zero', `of=${disk}/filler`, 'bs=1k'], { reject: false });
    const run = runOf(results);
    for (const args of [
      ['report', run, '--format', 'html', '--output', path.join(disk, 'new.html')],
      ['report', run, '--format', 'html', '--force', '--output', path.join(disk, 'report.html')],
      ['bundle', run, '--output', path.join(disk, 'new.zip')],
      ['baseline', 'save', run, '--out', disk],
    ]) {
      const ended = await place.call(args);
      expectInOrder(ended, [2]);
      expect(ended.stderr).toContain('no space left on device); make space there');
    }
    const told = await place.call(['analyze', run], { GITHUB_STEP_SUMMARY: path.join(disk, 'summary.md') });
    expect(told.stderr).toMatch(/^the job summary .* cannot be written \(no space left on device\)\n?$/);
    expect(readFileSync(path.join(disk, 'summary.md'), 'utf8')).toBe(before);
    expect(readFileSync(path.join(disk, 'report.html'), 'utf8')).toBe('the old one');
    const left = readdirSync(disk, { recursive: true }).map(String).sort();
    expect(left.filter((name) => name !== 'baselines')).toEqual(['filler', 'report.html', 'summary.md']);
    // The run that was read is as it was, and old ones can be removed to make space.
    const pruned = await place.call(['results', 'prune', '--keep', '0', '--out', results]);
    expect([pruned.exitCode, readdirSync(results)]).toEqual([0, []]);
  });

  it('of a real BuildKit’s run: what was finished counts, and the builder is as it was', async () => {
    const disk = place.disk('3m');
    const results = path.join(disk, 'results');
    const { PATH = '', BUILDKIT_HOST: _, ...env } = { ...lab, BUILDKIT_HOST: '' };
    const host = { ...env, PATH, BUILDKIT_HOST: lab.LAB_BUILDKIT_0_32_2 ?? '' };
    const running = place.start(
      [...chaos, '--builder', 'buildctl', '--iterations', '12', '--out', results],
      host,
    );
    const finished = () =>
      journalEvents(results).filter(({ event }) => event === 'iteration-finished').length;
    while (!existsSync(results) || finished() < 2) await sleep(50);
    execaSync('dd', ['if=/dev/zero', `of=${disk}/filler`, 'bs=1k'], { reject: false });
    const ended = (await running) as unknown as Ended;
    expectInOrder(ended, [0, 2, 4]);
    expect(finished()).toBeLessThan(12);
    rmSync(path.join(disk, 'filler'));
    const analyzed = await place.call(['analyze', runOf(results), '--json']);
    expect(analyzed.stderr).toBe('');
    const { arms } = JSON.parse(analyzed.stdout).runs[0];
    expect(arms[0].iterations.valid).toBeGreaterThanOrEqual(2);
    expect(arms[0].builds.failed).toBe(0);
    await execa('buildctl', ['debug', 'workers'], { env: host });
  });
});

/** A run of short builds that has finished its first iteration. In an object, as it would be waited for else. */
async function withOneFinished(results: string) {
  const running = place.start([...standIn, '--iterations', '20', '--out', results], {
    SCARCE_SLEEP: '0.2',
  });
  while (
    !existsSync(results) ||
    journalEvents(results).filter(({ event }) => event === 'iteration-finished').length < 1
  )
    await sleep(20);
  return { running };
}

describe('a folder can only be read', () => {
  it('the iterations’, from the second one on: it stops after three', async () => {
    const results = place.at('results');
    const { running } = await withOneFinished(results);
    place.readOnly(path.join(runOf(results), 'iterations'));
    const ended = (await running) as unknown as Ended;
    expectInOrder(ended, [0, 4]);
    expect(journalEvents(results).at(-1)).toMatchObject({
      event: 'run-stopped',
      reason: '3 iterations in a row were spoilt: the file system can only be read',
    });
    await expectAnalyzed(runOf(results), expectWhole(runOf(results)));
  });

  it.for([
    ['the results folder', 'results'],
    ['the one for temporary files', 'tmp'],
  ])('%s', async ([, name]) => {
    execaSync('mkdir', ['-p', place.at(name ?? '')]);
    place.readOnly(place.at(name ?? ''));
    const ended = await place.call([...standIn, '--iterations', '2', '--out', place.at('results')]);
    expectInOrder(ended, [2]);
    expect(ended.stderr).toMatch(/read-only|can only be read/);
  });
});

it.for(['4k', '8k'])('the disk for temporary files has %s', async (size) => {
  const ended = await place.call([...standIn, '--iterations', '2', '--out', place.at('results')], {
    TMPDIR: (() => {
      const disk = place.disk(size, 'small');
      execaSync('dd', ['if=/dev/zero', `of=${disk}/filler`, 'bs=1k'], { reject: false });
      return disk;
    })(),
  });
  expectInOrder(ended, [0, 2, 4]);
});

it('a private daemon on a disk that is too small: no rate, no mount and no process is left', async () => {
  const small = place.disk('1m', 'small');
  const ended = await place.call(
    [...chaos, '--builder', 'buildkitd', '--iterations', '3', '--out', place.at('results'), '--json'],
    { ...lab, SCARCE: place.at('stand-in'), TMPDIR: small },
  );
  expectInOrder(ended, [2, 3, 4]);
  expect(mountsBelow(small).filter((folder) => folder !== small)).toEqual([]);
  for (const run of ended.exitCode === 2 ? [] : JSON.parse(ended.stdout).runs)
    expect(run.arms[0].iterations.valid).toBe(0);
});

describe('the process has few file handles', () => {
  it.for([20, 32, 48, 64, 80, 96, 128, 256])('%i', async (handles) => {
    const ended = await place.call(
      [...standIn, '--iterations', '4', '--out', place.at('results')],
      {},
      `ulimit -n ${handles}`,
    );
    expectInOrder(ended, [0, 2, 3, 4]);
    if (handles >= 128) expect(ended.stderr).not.toContain('does not count');
    for (const run of existsSync(place.at('results')) ? readdirSync(place.at('results')) : [])
      expectWhole(path.join(place.at('results'), run));
  });

  it('from the second iteration on', async () => {
    const results = place.at('results');
    const { running } = await withOneFinished(results);
    execaSync('prlimit', ['--pid', String(running.pid), '--nofile=12']);
    const ended = (await running) as unknown as Ended;
    expectInOrder(ended, [0, 2, 4]);
    const whole = expectWhole(runOf(results));
    expect(journalEvents(results).filter(({ event }) => event === 'iteration-finished').length).toBeLessThan(
      20,
    );
    await expectAnalyzed(runOf(results), whole);
  });
});

it.for([4, 16, 40, 64])('the process may write no file larger than %i kB', async (kilobytes) => {
  // The stand-in may write more, as its folder is not what is scarce here.
  const results = place.at('results');
  const ended = await place.call(
    [...standIn, '--iterations', '3', '--out', results],
    { SCARCE_BYTES: '3000' },
    `ulimit -f ${kilobytes * 2}`,
  );
  expectInOrder(ended, [0, 2, 4]);
  for (const run of readdirSync(results)) expectWhole(path.join(results, run));
});

// Node's own threads count; from "it cannot start" over "no builder can be asked" to "builds can be started".
it.for([8, 11, 12, 14, 16, 18, 20, 24])('another user may have %i processes', async (processes) => {
  const results = place.disk('8m');
  const main = new URL('../../dist/main.js', import.meta.url).pathname;
  const asNobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
  const limited = ['prlimit', `--nproc=${processes}`, process.execPath, main];
  const args = [...asNobody, ...limited, ...standIn, '--iterations', '9', '--out', results];
  const ended = await execa('setpriv', args, {
    env: place.environment(),
    cwd: place.folder,
    stdin: 'ignore',
    reject: false,
  });
  for (const run of readdirSync(results)) expectWhole(path.join(results, run));
  // Node itself ends with SIGABRT where it gets no threads; what is told is told by the tool.
  if (ended.signal !== undefined || ended.exitCode === 134) return;
  expectInOrder({ ...ended, exitCode: ended.exitCode, signal: undefined }, [0, 2, 3, 4]);
  const isShort = /raise the limit on processes|no more processes allowed/.test(ended.stderr);
  const hasAll =
    journalEvents(results).filter(({ event }) => event === 'iteration-finished').length === 9 &&
    !ended.stderr.includes('does not count');
  // Either the limit was met, and said, or it was in nobody's way.
  expect([isShort, hasAll], ended.stderr).toEqual([!hasAll, hasAll]);
  if (processes <= 16) expect(hasAll).toBe(false);
  if (readdirSync(results).length === 0) return;
  // That a builder's client gets no process is no find.
  const analyzed = await place.call(['analyze', runOf(results), '--json']);
  const [arm] = JSON.parse(analyzed.stdout).runs[0].arms;
  expect(arm.builds.failed, ended.stderr).toBe(0);
});

it('out of memory in the middle of an analysis: V8 ends it, and the run is as it was', async () => {
  const results = place.at('results');
  await place.call([...standIn, '--iterations', '6', '--out', results], { SCARCE_BYTES: '400000' });
  const run = runOf(results);
  const before = readFileSync(path.join(run, 'result.json'), 'utf8');
  const ended = await place.call(['analyze', run], {}, ':', [
    '--max-old-space-size=8',
    '--max-semi-space-size=1',
  ]);
  expect(ended.exitCode === 134 || ended.signal === 'SIGABRT').toBe(true);
  expect(ended.stderr).toContain('heap out of memory');
  expect(readFileSync(path.join(run, 'result.json'), 'utf8')).toBe(before);
  await expectAnalyzed(run, expectWhole(run));
});

it('standard output is full: a run goes on to its end, and only its exit code and one sentence tell', async () => {
  const results = place.at('results');
  const ended = await place.call([...standIn, '--iterations', '2', '--out', results], {}, 'exec >/dev/full');
  expectInOrder(ended, [2]);
  expect(ended.stderr).toContain('the answer cannot be written to standard output (no space left on device)');
  expect(journalEvents(results).at(-1)).toMatchObject({ event: 'run-finished' });
  await expectAnalyzed(runOf(results), expectWhole(runOf(results)));
});
