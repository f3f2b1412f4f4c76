import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { armOf, doctorDocument, listDocument, type RunDocument, runsDocument, signalOf } from './contract.js';
import { buildrace, type Ended, mainFile, scratchFolder } from './program.js';

const simulated = (folder: string): { env: Record<string, string>; cwd: string } => ({
  cwd: folder,
  env: { BUILDRACE_SIMULATOR_STATE: path.join(folder, 'state') },
});

function onlyRun(ended: Ended): RunDocument {
  const [run] = runsDocument.parse(JSON.parse(ended.stdout)).runs;
  if (run === undefined) throw new Error('the document holds no run');
  return run;
}

describe('chaos-1506 on the simulated builder', () => {
  const folder = scratchFolder();
  let ended: Ended;
  let run: RunDocument;

  beforeAll(async () => {
    ended = await buildrace(
      ['run', 'chaos-1506', '--builder', 'simulated', '--iterations', '3', '--json'],
      simulated(folder),
    );
    run = onlyRun(ended);
  });

  it('reproduces the drift, beside a clean control', () => {
    expect(ended.exitCode).toBe(0);
    expect(run.verdict).toBe('reproduced');
    expect(run.builder).toMatchObject({ kind: 'simulated', simulated: true });
    for (const arm of ['as-reported', 'explicit-variant', 'alone']) {
      expect(signalOf(armOf(run, arm), 'platform-drift').iterations, arm).toMatchObject({
        count: 3,
        of: 3,
        blind: 0,
      });
    }
    expect(signalOf(armOf(run, 'explicit-plain'), 'platform-drift').iterations).toMatchObject({
      count: 0,
      of: 3,
    });
    expect(signalOf(armOf(run, 'explicit-variant'), 'platform-drift')).toMatchObject({
      controlDirty: false,
      needsConcurrency: { answer: 'no' },
    });
  });

  it('counts every iteration once, and says how far apart lanes started', () => {
    for (const arm of run.arms) {
      expect(arm.iterations, arm.name).toEqual({ planned: 3, valid: 3, invalid: 0 });
      expect(arm.builds.total).toBe(6);
      if (arm.role !== 'alone') expect(arm.lanes.startSpreadMs).toBeGreaterThan(0);
    }
  });

  it('warns in capital letters wherever it is shown', async () => {
    const banner = 'SIMULATED BUILDER';
    expect(ended.stderr).toContain(banner);
    for (const args of [
      ['analyze', run.directory],
      ['report', run.directory, '--format', 'md'],
    ]) {
      expect((await buildrace(args)).stdout.split('\n').slice(0, 4).join('\n')).toContain(banner);
    }
    const json = JSON.parse((await buildrace(['report', run.directory, '--format', 'json'])).stdout);
    expect(JSON.stringify(json)).toContain('"simulated":true');
  });

  it('is a JUnit report, with a case for each arm and signal', async () => {
    const file = path.join(scratchFolder(), 'junit.xml');
    const ended = await buildrace(['report', run.directory, '--format', 'junit', '--output', file]);
    expect(ended).toMatchObject({ exitCode: 0, stdout: '' });
    const document = readFileSync(file, 'utf8');
    expect(document).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="buildrace" tests="\d+"/,
    );
    expect(document).toContain(
      '<failure type="platform-drift: reproduced" message="3 of 3 iterations (44–100 %, Wilson 95 %); SIMULATED BUILDER',
    );
    for (const { name } of run.arms) expect(document).toContain(`<testcase classname="chaos-1506.${name}"`);
  });

  it('tells a job of GitHub Actions by its summary and annotations, and leaves stdout alone', async () => {
    const summary = path.join(scratchFolder(), 'summary.md');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const told = await buildrace(['analyze', run.directory, '--json'], { env });
    expect(onlyRun(told).verdict).toBe('reproduced');
    expect(told.stderr).toMatch(/^::warning title=chaos-1506 on simulated/m);
    expect(readFileSync(summary, 'utf8')).toMatch(/^## `chaos-1506` on simulated/);
    const unwritable = await buildrace(['analyze', run.directory, '--json'], {
      env: { ...env, GITHUB_STEP_SUMMARY: path.dirname(summary) },
    });
    expect(unwritable.exitCode).toBe(0);
    expect(unwritable.stderr).toContain('the job summary');
  });

  it('is judged the same again from its directory alone, wherever that was moved', async () => {
    const moved = path.join(scratchFolder(), 'moved');
    renameSync(run.directory, moved);
    rmSync(path.join(folder, 'state'), { recursive: true });
    const again = onlyRun(await buildrace(['analyze', moved, '--json']));
    renameSync(moved, run.directory);
    expect({ ...again, directory: run.directory }).toEqual(run);
  });

  it('keeps what the design says that a run directory holds', () => {
    const names = readdirSync(run.directory);
    const wanted = [
      'environment.json',
      'harness.log',
      'iterations',
      'journal.jsonl',
      'plan.json',
      'result.json',
    ];
    expect(names).toEqual(expect.arrayContaining(wanted));
    const iteration = readdirSync(path.join(run.directory, 'iterations/as-reported/0001'));
    expect(iteration).toEqual(expect.arrayContaining(['a.stderr', 'a.stdout', 'b.stderr', 'b.stdout']));
    for (const name of ['environment.json', 'plan.json', 'result.json']) {
      expect(JSON.parse(readFileSync(path.join(run.directory, name), 'utf8'))).toHaveProperty(
        'schemaVersion',
        1,
      );
    }
    const environment = JSON.parse(readFileSync(path.join(run.directory, 'environment.json'), 'utf8'));
    expect(environment.scenario.files.map((file: { path: string }) => file.path)).toContain(
      'Dockerfile.shared',
    );
  });

  it('says that a run was cut off, and keeps its finished iterations', async () => {
    const journal = path.join(run.directory, 'journal.jsonl');
    const whole = readFileSync(journal, 'utf8');
    const lines = whole.split('\n');
    const finished = lines.findIndex((line) => line.includes('"iteration-finished"'));
    writeFileSync(
      journal,
      `${lines.slice(0, finished + 1).join('\n')}\n${lines[finished + 1]?.slice(0, 20)}`,
    );
    const cut = await buildrace(['analyze', run.directory, '--json']);
    writeFileSync(journal, whole);
    expect(cut.exitCode).toBe(onlyRun(cut).verdict === 'inconclusive' ? 4 : 0);
    const valid = onlyRun(cut).arms.reduce((sum, arm) => sum + arm.iterations.valid, 0);
    expect(valid).toBe(1);
    expect(cut.stdout).toContain('ended in the middle');
  });
});

describe('choosing what is run', () => {
  it('takes lanes, iterations, delays and arms from the command line', async () => {
    const folder = scratchFolder();
    const args = ['--lanes', '3', '--iterations', '1', '--delay', '0ms,30ms', '--arm', 'as-reported'];
    const run = onlyRun(
      await buildrace(['run', 'chaos-1506', '--builder', 'simulated', '--json', ...args], simulated(folder)),
    );
    expect(run.arms.map(({ name }) => name)).toEqual(['as-reported']);
    expect(run.arms[0]?.lanes).toMatchObject({ count: 3, delaysMs: [0, 30, 30] });
    expect(run.arms[0]?.builds.total).toBe(3);
  });

  it('ends with exit code 1 where --fail-on names the verdict', async () => {
    const folder = scratchFolder();
    const args = ['run', 'chaos-1506', '--builder', 'simulated', '--arm', 'as-reported', '--iterations', '1'];
    const failing = await buildrace([...args, '--fail-on', 'reproduced'], simulated(folder));
    const passing = await buildrace([...args, '--fail-on', 'not-reproduced'], simulated(folder));
    expect([failing.exitCode, passing.exitCode]).toEqual([1, 0]);
    expect(passing.stdout).toContain('as-reported');
  });

  it('falls back on the simulated builder only where it is asked to, and says what it looked for', async () => {
    const folder = scratchFolder();
    const base = ['run', 'chaos-1506', '--arm', 'as-reported', '--iterations', '1'];
    // No builder of any kind is on this PATH, but the few programs that the runner itself needs are.
    const env = { ...simulated(folder).env, PATH: await pathOfNoBuilder(folder) };
    const none = await buildrace([...base, '--builder', 'auto'], { cwd: folder, env });
    expect(none.exitCode).toBe(3);
    const fallback = await buildrace([...base, '--builder', 'auto,simulated'], { cwd: folder, env });
    expect(fallback.exitCode).toBe(0);
    expect(fallback.stderr).toContain('SIMULATED BUILDER');
    for (const kind of ['buildx', 'buildctl', 'docker', 'buildah']) {
      expect(none.stderr, kind).toContain(kind);
      expect(fallback.stderr, kind).toContain(kind);
    }
  });
});

async function pathOfNoBuilder(folder: string): Promise<string> {
  const bin = path.join(folder, 'bin');
  const script = 'mkdir "$1" && for p in sh mkfifo sleep ps; do ln -s "$(command -v $p)" "$1/$p"; done';
  await execa('sh', ['-c', script, 'sh', bin]);
  return bin;
}

describe('Ctrl-C in the middle', () => {
  it('ends every build, removes the images, and keeps the finished iterations', async () => {
    const folder = scratchFolder();
    const { env } = simulated(folder);
    const args = [
      mainFile,
      'run',
      'chaos-1506',
      '--builder',
      'simulated',
      '--iterations',
      '50',
      '--arm',
      'as-reported',
    ];
    const child = execa(process.execPath, args, { cwd: folder, env, reject: false, stdin: 'ignore' });
    const iterations = (): string[] =>
      journals(folder).filter((line) => line.includes('"iteration-started"'));
    while (iterations().length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const ended = await child;
    expect(ended.exitCode).toBe(130);
    const events = journals(folder).map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ event: 'run-stopped', reason: 'stopped by SIGINT' });
    const finished = events.filter(({ event }) => event === 'iteration-finished').length;
    expect(finished).toBeGreaterThanOrEqual(2);
    const simulator = path.join(path.dirname(mainFile), 'simulator/main.js');
    const images = await execa(process.execPath, [
      simulator,
      'images',
      'list',
      '--state',
      path.join(folder, 'state'),
    ]);
    expect(images.stdout).not.toContain('buildrace');
    // The state folder is in the command line of every process that the run started.
    const left = await execa('ps', ['-eo', 'args'], { stripFinalNewline: true });
    expect(left.stdout.split('\n').filter((line) => line.includes(path.join(folder, 'state')))).toEqual([]);
    const again = onlyRun(await buildrace(['analyze', 'latest', '--json'], { cwd: folder }));
    expect(again.arms[0]?.iterations.valid).toBe(finished);
  });
});

function journals(folder: string): string[] {
  const results = path.join(folder, 'results');
  if (!existsSync(results)) return [];
  return readdirSync(results).flatMap((run) => {
    const file = path.join(results, run, 'journal.jsonl');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  });
}

describe('the other commands', () => {
  it('list names the scenario with its arms, as a line, as a page and as JSON', async () => {
    const json = listDocument.parse(JSON.parse((await buildrace(['list', '--json'])).stdout));
    const chaos = json.scenarios.find(({ name }) => name === 'chaos-1506');
    expect(chaos?.arms.map(({ name, role, of }) => [name, role, of])).toEqual([
      ['as-reported', 'reproduce', null],
      ['explicit-variant', 'reproduce', null],
      ['explicit-plain', 'control', 'explicit-variant'],
      ['alone', 'alone', 'explicit-variant'],
      ['copy-context', 'reproduce', null],
      ['copy-context-apart', 'control', 'copy-context'],
      ['copy-context-alone', 'alone', 'copy-context'],
    ]);
    expect((await buildrace(['list'])).stdout).toMatch(/^chaos-1506 /m);
    expect((await buildrace(['list', 'chaos-1506'])).stdout).toContain('apple/container/issues/1542');
  });

  it('doctor says of every builder what is missing and what mends it', async () => {
    const { stdout, exitCode } = await buildrace(['doctor', '--json'], { env: { PATH: '/nowhere' } });
    expect(exitCode).toBe(0);
    const { builders, registry, scratch } = doctorDocument.parse(JSON.parse(stdout));
    expect(scratch).toEqual({ folder: os.tmpdir(), missing: [] });
    expect(registry).toMatchObject({ found: false, program: null, version: null });
    expect(registry.missing[0]?.mend).toContain('--registry HOST:PORT');
    expect(builders.map(({ kind }) => kind)).toEqual([
      'container',
      'buildx',
      'buildctl',
      'buildkitd',
      'docker',
      'docker-classic',
      'buildah',
      'podman',
      'simulated',
    ]);
    for (const builder of builders.filter(({ kind }) => kind !== 'simulated')) {
      expect(builder, builder.kind).toMatchObject({ found: false, answers: false });
      expect(builder.missing[0]?.mend, builder.kind).not.toBe('');
    }
    const none = path.join(scratchFolder(), 'none');
    const lacking = { PATH: '/nowhere', TMPDIR: none, BUILDRACE_SIMULATOR_STATE: '' };
    const text = (await buildrace(['doctor'], { env: lacking })).stdout;
    expect(text).toContain(`\ntemporary files: no place\n  missing: ${none} (no such file or directory)\n`);
    expect(text).toMatch(/^simulated: not found\n {2}missing: .*\n {2}mend: .*TMPDIR/m);
    expect(existsSync(none)).toBe(false);
    expect(text).toMatch(/^registry: not found\n {2}missing: .*\n {2}mend: .*--registry HOST:PORT$/m);
  });

  it('report writes to a file, and says so where it cannot', async () => {
    const folder = scratchFolder();
    const args = ['run', 'chaos-1506', '--builder', 'simulated', '--arm', 'as-reported', '--iterations', '1'];
    await buildrace(args, simulated(folder));
    const good = await buildrace(['report', 'latest', '--output', 'report.md'], { cwd: folder });
    expect([good.exitCode, good.stdout]).toEqual([0, '']);
    expect(readFileSync(path.join(folder, 'report.md'), 'utf8')).toContain('as-reported');
    const bad = await buildrace(['report', 'latest', '--output', 'no/such/report.md'], { cwd: folder });
    expect(bad.exitCode).toBe(2);
    expect(bad.stderr).toContain('no/such/report.md cannot be written');
    expect((await buildrace(['report', 'latest', '--format', 'pdf'], { cwd: folder })).exitCode).toBe(2);
  });
});
