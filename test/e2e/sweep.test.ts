import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listDocument, type RunDocument, runsDocument } from './contract.js';
import { buildrace, type CallOptions, scratchFolder } from './program.js';

const simulated = (folder: string): CallOptions => ({
  cwd: folder,
  env: { BUILDRACE_SIMULATOR_STATE: path.join(folder, 'state') },
});

const points = [
  'copy-context-lanes-2-delay-0ms',
  'copy-context-lanes-2-delay-30ms',
  'copy-context-lanes-3-delay-0ms',
  'copy-context-lanes-3-delay-30ms',
];

describe('a sweep over lanes and delay', () => {
  const folder = scratchFolder();
  let run: RunDocument;

  beforeAll(async () => {
    const sweep = ['--sweep', 'lanes=2,3', '--sweep', 'delay=0ms,30ms'];
    const args = ['run', 'chaos-1506', '--builder', 'simulated', '--arm', 'copy-context', ...sweep];
    const ended = await buildrace([...args, '--iterations', '1', '--seed', '7', '--json'], simulated(folder));
    expect(ended.exitCode, ended.stderr).toBe(0);
    run = runsDocument.parse(JSON.parse(ended.stdout)).runs[0] as RunDocument;
  });

  it('runs the arm at every point, and tells the points as data', () => {
    expect(run.arms.map(({ name }) => name)).toEqual(points);
    expect(run.arms[3]).toMatchObject({
      point: { arm: 'copy-context', factors: { lanes: '3', delay: '30ms' } },
      lanes: { count: 3, delaysMs: [0, 30, 60] },
      builds: { total: 3 },
    });
    expect(run).toMatchObject({
      sweep: {
        factors: [
          { name: 'lanes', levels: ['2', '3'] },
          { name: 'delay', levels: ['0ms', '30ms'] },
        ],
      },
      again:
        'buildrace run chaos-1506 --builder simulated --arm copy-context --iterations 1 --sweep lanes=2,3 --sweep delay=0ms,30ms --seed 7',
    });
    const { tests } = (run as unknown as { sweep: { tests: Record<string, unknown>[] } }).sweep;
    expect(tests.filter(({ signal }) => signal === 'copy-from-failed')).toEqual([
      {
        arm: 'copy-context',
        signal: 'copy-from-failed',
        factor: 'lanes',
        p: expect.any(Number),
        pAdjusted: 1,
      },
      {
        arm: 'copy-context',
        signal: 'copy-from-failed',
        factor: 'delay',
        p: expect.any(Number),
        pAdjusted: 1,
      },
    ]);
  });

  it('shows the points as one table for each signal, and in the report too', async () => {
    const { stdout } = await buildrace(['analyze', run.directory]);
    expect(stdout).toMatch(/^copy-context: copy-from-failed\n {2}LANES {2}DELAY {2}SEEN {2}INTERVAL$/m);
    expect(stdout).toMatch(/^ {2}3 {6}30ms +[01]\/1 .* %/m);
    expect(stdout).toContain('Nothing says that lanes move it');
    expect(stdout).not.toMatch(/^copy-context-lanes.*: reproduce/m);
    for (const line of stdout.split('\n').filter((one) => one !== run.directory))
      expect([...line].length).toBeLessThanOrEqual(80);
    const report = (await buildrace(['report', run.directory])).stdout;
    expect(report).toContain('| `lanes` | `delay` | Iterations | Interval | Rate | Control |');
  });

  it('is in the plan, from which it is judged the same again', async () => {
    const plan = JSON.parse(readFileSync(path.join(run.directory, 'plan.json'), 'utf8'));
    expect(plan.arms[1].point).toEqual({ arm: 'copy-context', factors: { lanes: '2', delay: '30ms' } });
    const again = await buildrace(['analyze', run.directory, '--json']);
    expect(JSON.parse(again.stdout).runs[0]).toEqual(run);
  });
});

describe('a sweep of a scenario file', () => {
  const folder = scratchFolder();
  mkdirSync(path.join(folder, 'files'));
  writeFileSync(path.join(folder, 'files/Dockerfile'), 'FROM alpine:3.20\nARG WORD\nRUN echo "$WORD"\n');
  const yaml = `title: A sweep
dockerfiles: files
iterations: 1
build: { buildArgs: { WORD: none } }
sweep: { buildArgs: { WORD: [one, two words] } }
arms:
  - { name: main, role: reproduce, expects: [build-failed] }
  - { name: calm, role: control, of: main }
  - { name: alone, role: alone, of: main }
`;
  writeFileSync(path.join(folder, 'mine.yaml'), yaml);
  const call = (...args: string[]) =>
    buildrace(['run', 'mine.yaml', '--builder', 'simulated', ...args], simulated(folder));

  it('is run without being asked for, and told by list', async () => {
    const { stdout } = await call('--json');
    const [run] = runsDocument.parse(JSON.parse(stdout)).runs;
    expect(run?.arms.map(({ name, of }) => [name, of])).toEqual([
      ['main-arg-word-one', null],
      ['main-arg-word-two-words', null],
      ['calm-arg-word-one', 'main-arg-word-one'],
      ['calm-arg-word-two-words', 'main-arg-word-two-words'],
    ]);
    const log = path.join(run?.directory ?? '', 'iterations/main-arg-word-two-words/0001/a.stderr');
    expect(readFileSync(log, 'utf8')).toContain('two words');
    expect((await buildrace(['list', './mine.yaml'], { cwd: folder })).stdout).toContain(
      'over every combination of:\n  arg.WORD: one, two words',
    );
    expect(listDocument.parse(JSON.parse((await buildrace(['list', '--json'])).stdout))).toBeTruthy();
  });

  it('skips processors where no daemon is started', async () => {
    const { stdout, exitCode } = await call('--sweep', 'cpus=1', '--arm', 'main');
    expect(stdout).toContain('skipped');
    expect(stdout.replaceAll('\n', ' ')).toContain('which the builder buildkitd does');
    expect(exitCode).toBe(4);
  });

  it.each([
    [
      'an unknown factor',
      ['lane=2,4'],
      /no such factor; expected one of lanes, delay, files, bytes, cpus, arg\.NAME/,
    ],
    ['no levels', ['lanes'], /expected FACTOR=LEVEL,LEVEL/],
    ['an empty level', ['lanes='], /--sweep lanes=: expected a whole number/],
    ['a level that is none', ['delay=fast'], /--sweep delay=fast: expected a duration/],
    ['a level twice', ['lanes=2,2'], /the level 2 stands there twice/],
    ['a factor twice', ['lanes=2', 'lanes=3'], /names the factor lanes twice/],
    ['too many lanes', ['lanes=257'], /from 1 to 256/],
    ['files without a context', ['files=1,2'], /a sweep over files changes nothing here/],
    ['an argument that no build has', ['arg.OTHER=1'], /no build has the build argument OTHER/],
    ['delays of one lane', ['delay=0ms', 'lanes=1'], /one lane has none after it to delay/],
    [
      'too many points',
      [`lanes=${numbers(2, 12)}`, `cpus=${numbers(1, 10)}`],
      /has 220 points, and 100 are the most/,
    ],
  ])('refuses %s in one sentence', async (_, sweeps, why) => {
    const ended = await call(...sweeps.flatMap((one) => ['--sweep', one]), '--out', 'refused');
    expect(ended.stderr).toMatch(why);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect([ended.exitCode, ended.stdout]).toEqual([2, '']);
    expect(existsSync(path.join(folder, 'refused'))).toBe(false);
  });

  it('refuses to fix and to vary the same, and to compare what is not measured', async () => {
    const both = await call('--lanes', '2', '--sweep', 'lanes=2,4');
    expect([both.exitCode, both.stderr]).toEqual([2, expect.stringContaining('fixed by another option')]);
    for (const sweep of [['--sweep', 'lanes=2,4'], []]) {
      const first = await call('--until', 'first', ...sweep);
      expect([first.exitCode, first.stderr]).toEqual([2, expect.stringContaining('measures no rate')]);
    }
  });
});

function numbers(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i).join(',');
}
