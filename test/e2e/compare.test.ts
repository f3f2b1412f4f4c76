import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ComparisonDocument, comparisonDocument, type RunsDocument, runsDocument } from './contract.js';
import { buildrace, type Ended, scratchFolder } from './program.js';

const folder = scratchFolder();
const call = (...args: string[]): Promise<Ended> =>
  buildrace(args, { cwd: folder, env: { BUILDRACE_SIMULATOR_STATE: path.join(folder, 'state') } });

/** With 6 iterations, only a margin of 50 points holds the interval of two rates that are alike. */
const iterations = 6;
const wide = ['--margin', '50'];
const drifting = ['run', 'chaos-1506', '--arm', 'as-reported', '--lanes', '1', '--json'];
const run = (profile: string, ...more: string[]): Promise<Ended> =>
  call(...drifting, '--builder', `simulated:${profile}`, '--iterations', `${iterations}`, ...more);

const runsOf = (ended: Ended): RunsDocument['runs'] => runsDocument.parse(JSON.parse(ended.stdout)).runs;
const comparisonOf = (ended: Ended): ComparisonDocument => comparisonDocument.parse(JSON.parse(ended.stdout));
const runNames = (): string[] =>
  readdirSync(path.join(folder, 'results')).filter((name) => name.startsWith('2'));

let fixed: string;
let baseline: string;
let held: Ended;
let apple: [string, string];

beforeAll(async () => {
  fixed = runsOf(await run('apple-fixed'))[0]?.directory ?? '';
  baseline = (await call('baseline', 'save', 'latest')).stdout.trim();
  held = await run('apple', '--baseline', baseline, '--fail-on', 'regression', ...wide);
  apple = runsOf(held).map(({ directory }) => directory) as [string, string];
});

describe('a run that is worse than its baseline', () => {
  it('is run again, and ends with 1', () => {
    expect(held.exitCode).toBe(1);
    expect(held.stderr).toContain('a regression: it is run again on fresh iterations before it counts');
    expect(apple).toHaveLength(2);
    for (const { comparison, directory } of runsOf(held)) {
      expect(comparison).toMatchObject({ verdict: 'regression', base: { isBaseline: true, file: baseline } });
      const kept = JSON.parse(readFileSync(path.join(directory, 'comparison.json'), 'utf8'));
      expect(kept).toEqual(comparison);
    }
  });

  it('says so in words, at most 80 columns wide', async () => {
    const { stdout, exitCode } = await call('compare', baseline, apple[0]);
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('Regression: 1 of 1 rate went up by more than chance explains.');
    expect(stdout).toContain('SIMULATED BUILDER');
    expect(stdout).toMatch(/platform-drift +0\/6 +6\/6 .* REGRESSION/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('compare', () => {
  it('of a fixed builder and one that is not gives regression, and 1 where that was asked for', async () => {
    const ended = await call('compare', fixed, apple[0], '--json', '--fail-on', 'regression');
    expect(ended.exitCode).toBe(1);
    const { verdict, rows } = comparisonOf(ended);
    expect(verdict).toBe('regression');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      ...{ scenario: 'chaos-1506', arm: 'as-reported', signal: 'platform-drift' },
      ...{ base: { count: 0, of: 6 }, run: { count: 6, of: 6 }, verdict: 'regression' },
      difference: { estimate: 1, method: 'newcombe' },
    });
    expect(rows[0]?.p).toBeLessThan(0.001);
  });

  it('the other way round gives improvement', async () => {
    const ended = await call('compare', apple[0], fixed, '--json', '--fail-on', 'regression');
    expect([comparisonOf(ended).verdict, ended.exitCode]).toEqual(['improvement', 0]);
  });

  it('of two runs alike gives unchanged', async () => {
    const ended = await call('compare', apple[0], apple[1], '--json', '--fail-on', 'regression', ...wide);
    expect([comparisonOf(ended).verdict, ended.exitCode]).toEqual(['unchanged', 0]);
  });

  it('of two runs alike that are too short for the margin is undetermined, and ends with 4', async () => {
    const ended = await call('compare', path.basename(apple[0]), 'latest', '--json', '--margin', '10');
    const { verdict, rows } = comparisonOf(ended);
    expect([verdict, ended.exitCode]).toEqual(['undetermined', 4]);
    expect(rows[0]?.iterationsToSettle).toBeGreaterThan(iterations);
    const { stdout } = await call('compare', apple[0], apple[1], '--margin', '10');
    expect(stdout).toContain(`about ${rows[0]?.iterationsToSettle} iterations of each would settle it`);
  });
});

it('a comparison is in the summary of a job of GitHub Actions', async () => {
  const summary = path.join(folder, 'summary.md');
  await buildrace(['compare', fixed, apple[0]], { cwd: folder, env: { GITHUB_STEP_SUMMARY: summary } });
  expect(readFileSync(summary, 'utf8')).toContain(
    '**Regression: 1 of 1 rate went up by more than chance explains.**',
  );
});

describe('baseline', () => {
  it('save keeps what is there unless one says otherwise', async () => {
    const again = await call('baseline', 'save', fixed);
    expect(again).toMatchObject({ exitCode: 2, stdout: '' });
    expect(again.stderr.trim().split('\n')).toHaveLength(1);
    const kept = await call('baseline', 'save', fixed, '--if-none', '--json');
    expect(kept.exitCode).toBe(0);
    expect(JSON.parse(kept.stdout)).toEqual({ schemaVersion: 1, file: baseline, saved: false });
    expect(JSON.parse(readFileSync(baseline, 'utf8'))).toMatchObject({
      run: path.basename(fixed),
      builder: { simulated: true },
    });
  });

  it('list names it, and passes over what is none', async () => {
    const bad = path.join(folder, 'results/baselines/bad.json');
    writeFileSync(bad, '{');
    const { stdout, stderr, exitCode } = await call('baseline', 'list', '--json');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('bad.json is no baseline');
    const { baselines } = JSON.parse(stdout);
    const name = path.basename(baseline, '.json');
    expect(baselines).toEqual([
      expect.objectContaining({ name, file: baseline, run: path.basename(fixed), iterations }),
    ]);
    expect((await call('baseline', 'list')).stdout).toMatch(
      new RegExp(`^${name}\n  made \\S+, 6 iterations, SIMULATED$`, 'm'),
    );
    const used = await run('apple-fixed', '--baseline', 'auto', ...wide);
    writeFileSync(bad, '');
    expect(used.stderr).toContain('bad.json is no baseline');
    expect(runsOf(used)[0]?.comparison).toMatchObject({ verdict: 'unchanged', base: { file: baseline } });
  });
});

describe('where a baseline cannot be read', () => {
  const auto = (out: string): Promise<Ended> =>
    call(
      ...[...drifting, '--builder', 'simulated:apple-fixed', '--iterations', '1', '--out', out],
      ...['--baseline', 'auto', '--fail-on', 'regression'],
    );

  it.each([
    ['its own', () => path.basename(baseline)],
    ['one of many, and none fits', () => 'other.json'],
  ])('%s: auto ends with 2 before anything is run', async (_, name) => {
    const out = path.join(folder, name());
    mkdirSync(path.join(out, 'baselines'), { recursive: true });
    const file = path.join(out, 'baselines', name());
    writeFileSync(file, '{');
    const ended = await auto(out);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toBe(
      `${file} is no baseline, or is damaged: it is not JSON; mend or remove it, or name another with --baseline\n`,
    );
    expect(readdirSync(out)).toEqual(['baselines']);
  });

  it('nor their folder: auto ends with 2 before anything is run', async () => {
    const out = path.join(folder, 'no-folder');
    mkdirSync(out);
    writeFileSync(path.join(out, 'baselines'), '');
    const ended = await auto(out);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toContain('cannot be read (not a directory)');
    expect(readdirSync(out)).toEqual(['baselines']);
  });
});

describe('without a baseline that fits', () => {
  it('auto goes on, and says how to make one', async () => {
    const ended = await call(
      ...drifting,
      ...['--builder', 'simulated', '--iterations', '1', '--out', 'empty'],
      ...['--baseline', 'auto', '--fail-on', 'regression'],
    );
    const [only] = runsOf(ended);
    expect([ended.exitCode, only?.comparison]).toEqual([0, null]);
    const name = path.basename(only?.directory ?? '');
    expect(ended.stderr).toContain(
      `no baseline fits this run; make one of it with: buildrace baseline save ${name} --out empty`,
    );
  });
});

describe('refused with one sentence, before anything is run, is', () => {
  const refused = async (...args: string[]): Promise<string> => {
    const before = runNames();
    const ended = await call(...args);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(runNames()).toEqual(before);
    return ended.stderr;
  };
  /** The baseline with something else in it. */
  const changed = (more: object): string => {
    const file = path.join(folder, 'changed.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(baseline, 'utf8')), ...more }));
    return file;
  };
  const real = { kind: 'container', version: '0.12.3', daemonVersion: null, simulated: false };

  it.each([
    ['another scenario', { scenario: 'context-race' }, /is of the scenario context-race/],
    ['a scenario that was changed', { contentSha256: 'x' }, /the scenario chaos-1506 was changed/],
    ['a real builder against the simulated one', { builder: real }, /of the simulated builder/],
    ['a baseline without iterations', { arms: [] }, /has no valid iteration/],
    ['a baseline of another format', { schemaVersion: 7 }, /a baseline of format 7/],
  ])('%s', async (_, more, sentence) => {
    expect(await refused('compare', changed(more), fixed)).toMatch(sentence);
  });

  it('a real baseline for a run that is still to be made', async () => {
    const file = changed({ builder: real });
    expect(await refused(...drifting, '--builder', 'simulated', '--baseline', file)).toMatch(
      /of the simulated builder/,
    );
  });

  it.each([
    [['compare', 'none', 'latest'], /there is no run none .* nor a baseline of that name/],
    [['compare', 'latest'], /missing/],
    [['compare', 'latest', 'latest', '--margin', '0'], /--margin 0: expected percentage points/],
    [['compare', 'latest', 'latest', '--margin', 'much'], /--margin much/],
    [['compare', 'latest', 'latest', '--fail-on', 'reproduced'], /choose one of "never", "regression"/],
    [['run', 'chaos-1506', '--fail-on', 'regression'], /--baseline/],
    [['run', 'chaos-1506', '--margin', '5'], /--margin goes with --baseline/],
    [['run', 'chaos-1506', '--builder', 'simulated', '--baseline', 'none'], /nor a baseline of that name/],
    [
      ['run', 'chaos-1506', '--baseline', 'auto', '--until', 'first'],
      /--baseline does not go with --until: counts/,
    ],
    [
      ['run', 'chaos-1506', '--baseline', 'auto', '--shard', '1/2'],
      /--baseline does not go with --shard: a part/,
    ],
    [['baseline', 'save'], /name the run/],
    [['baseline', 'save', 'none'], /there is no run none/],
    [['baseline', 'save', 'latest', '--replace', '--if-none'], /exclude each other/],
    [['baseline', 'list', 'latest'], /takes no run/],
    [['baseline', 'drop'], /expected save or list/],
  ] as const)('%o', async (args, sentence) => {
    expect(await refused(...args)).toMatch(sentence);
  });

  it('a baseline that shares no arm, without what its text would do to a terminal', async () => {
    const arms = JSON.parse(readFileSync(baseline, 'utf8')).arms;
    const skipped = 'not \u001b[31mhere\u0007';
    const file = changed({
      arms: [
        { ...arms[0], skipped },
        { ...arms[0], name: 'other' },
      ],
    });
    const sentence = await refused('compare', file, fixed);
    expect(sentence).toContain('as-reported was left out: skipped in the base (not here)');
    expect(sentence).not.toMatch(/[\u0007\u001b]/);
  });

  it('a baseline that has no arm of the run', async () => {
    const { arms } = JSON.parse(readFileSync(baseline, 'utf8'));
    const file = changed({ arms: [{ ...arms[0], name: 'other' }] });
    expect(await refused(...drifting, '--builder', 'simulated', '--baseline', file)).toMatch(
      /has no arm of this run \(as-reported\)/,
    );
  });

  it('a baseline folder that holds a folder of that name', async () => {
    mkdirSync(path.join(folder, 'results/baselines/odd.json'), { recursive: true });
    expect(await refused('compare', 'odd', 'latest')).toMatch(/there is no run odd/);
  });
});
