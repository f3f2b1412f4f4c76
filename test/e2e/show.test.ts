import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { arrivalsOf, layout } from '../../src/results/layout.js';
import { iterationFinished, plannedArm, samplePlan, writeRun } from '../results/sample-run.js';
import { buildrace, mainFile, scratchFolder } from './program.js';

const log = (platform: string) =>
  `#1 [linux/arm64 builder 1/1] RUN make\n#1 DONE 0.3s\n\n#2 [${platform} runtime 2/2] COPY --from=builder /a /b\n#2 DONE 0.0s\n`;

/** The second iteration of `main` shows a drift in lane b; `plain` is its control. */
const folder = scratchFolder();
const run = path.join(folder, 'results', 'one');
beforeAll(async () => {
  const all = [1, 2].flatMap((iteration) => ['plain', 'main'].map((arm) => ({ arm, iteration })));
  const plan = samplePlan({
    arms: [plannedArm({ name: 'plain', role: 'control', of: 'main' }), plannedArm()],
  });
  await writeRun(run, { plan, events: all.map(iterationFinished) });
  for (const { arm, iteration } of all)
    for (const lane of ['a', 'b']) {
      const file = path.join(run, layout.stream(arm, iteration, lane, 'stderr'));
      const isBad = arm === 'main' && iteration === 2 && lane === 'b';
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, log(isBad ? 'linux/arm64/v8' : 'linux/arm64'));
      writeFileSync(
        arrivalsOf(file),
        '{"schemaVersion":1,"columns":["line","ms"]}\n[1,100]\n[2,400]\n[4,450]\n',
      );
    }
});

const show = (...args: string[]) => buildrace(['show', ...args], { cwd: folder });

it('shows the first failing iteration on one clock', async () => {
  const { stdout, stderr, exitCode } = await show('latest');
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toContain('iteration 2 of main (reproduce), seen:\nplatform-drift\n');
  expect(stdout).toMatch(/^! 2 +runtime +linux\/arm64\/v8 +COPY .*← #1 +done +0\.45 .*█$/m);
  expect(stdout).toContain(`${layout.stream('main', 2, 'b', 'stderr')}:4\n`);
});

it('shows a lane’s log, and says which other arms have such an iteration', async () => {
  const { stdout, stderr, exitCode } = await show('one', '--iteration', '2', '--lane', 'b');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^> 4 {2}#2 \[linux\/arm64\/v8 runtime 2\/2\] COPY.*\n {5}\^ platform-drift$/m);
  expect(stdout).toMatch(/^ {2}2 {2}#1 DONE 0\.3s$/m);
  expect(stderr).toContain('--arm: plain');
});

it('gives one document of either', async () => {
  const timeline = JSON.parse((await show(run, '--json')).stdout);
  expect(timeline).toMatchObject({
    schemaVersion: 1,
    scenario: 'sample',
    directory: run,
    builder: { simulated: false },
    iteration: {
      arm: 'main',
      iteration: 2,
      lanes: [{ log: { pieces: [] } }, { steps: [{ startMs: 100 }, { source: 0 }] }],
    },
  });
  const lane = JSON.parse((await show(run, '--json', '--arm', 'plain', '--lane', 'a')).stdout);
  expect(lane).toMatchObject({
    schemaVersion: 1,
    arm: 'plain',
    iteration: 1,
    lane: 'a',
    findings: [],
    log: { lines: 5 },
  });
  expect(lane.log.pieces[0].lines[1]).toBe('#1 DONE 0.3s');
});

describe('what cannot be shown is one sentence', () => {
  it.each([
    [['--iteration', '0'], '--iteration 0: expected a whole number from 1 to 100000'],
    [['--iteration', '9'], '--iteration 9: this run has finished 1–2'],
    [['--arm', 'other'], '--arm other: this run has no such arm; it has plain, main'],
    [['--lane', 'z'], '--lane z: this iteration has no such lane; it has a, b'],
    [['--lane', 'daemon'], '--lane daemon: this iteration ran on no daemon of its own; it has a, b'],
    [['--arm', 'main', '--arm', 'plain'], '--arm is given twice; buildrace --help tells more'],
    [
      ['--lane', '-a'],
      '--lane needs a value; one that begins with a dash is written --lane=-a; buildrace --help tells more',
    ],
  ])('%j', async (args, sentence) => {
    expect(await show(run, ...args)).toEqual({ stdout: '', stderr: `${sentence}\n`, exitCode: 2 });
  });
});

describe('a report', () => {
  it('is about the arm that is named', async () => {
    const args = ['report', run, '--format', 'html', '--arm', 'main'];
    const { stdout, exitCode } = await buildrace(args, { cwd: folder });
    expect([exitCode, stdout.slice(0, 15)]).toEqual([0, '<!doctype html>']);
  });

  it.each([
    [
      ['report', '--format', 'html', '--arm', 'plain'],
      '--arm plain: no iteration of that arm shows anything',
    ],
    [['bundle', '--arm', 'plain'], '--arm plain: no iteration of that arm shows anything'],
    [['report', '--format', 'md', '--arm', 'main'], '--arm goes with --format html or issue'],
    [
      ['report', '--format', 'html', '--arm', 'main', '--arm', 'plain'],
      '--arm is given twice; buildrace --help tells more',
    ],
  ])('cannot be about %j', async ([command = '', ...args], sentence) => {
    expect(await buildrace([command, run, ...args], { cwd: folder })).toEqual({
      stdout: '',
      stderr: `${sentence}\n`,
      exitCode: 2,
    });
  });
});

it('a reader that goes away is no error', async () => {
  const file = path.join(run, layout.stream('main', 2, 'b', 'stderr'));
  writeFileSync(file, log('linux/arm64/v8').replace('#1 DONE', `${'#1 0.1 text\n'.repeat(100_000)}#1 DONE`));
  const child = spawn(process.execPath, [
    mainFile,
    'show',
    run,
    '--arm',
    'main',
    '--iteration',
    '2',
    '--lane',
    'b',
  ]);
  let stderr = '';
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, stderr]).toEqual([0, '']);
});
