import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { lockRun } from '../../src/results/lock.js';
import { until } from '../processes/alive.js';
import { armOf, type RunDocument, runsDocument, signalOf } from './contract.js';
import { buildrace, type Ended, mainFile, scratchFolder } from './program.js';

const arms = ['--arm', 'explicit-variant,explicit-plain', '--lanes', '1'];

let whole: RunDocument;
let wholeExit: number;
beforeAll(async () => {
  const ended = await buildrace([
    ...['run', 'chaos-1506', '--builder', 'simulated', ...arms, '--iterations', '3', '--seed', '9'],
    ...['--fail-on', 'reproduced', '--json', '--out', scratchFolder()],
  ]);
  whole = onlyRun(ended);
  wholeExit = ended.exitCode;
});

function onlyRun(ended: Ended): RunDocument {
  const [run] = runsDocument.parse(JSON.parse(ended.stdout)).runs;
  if (run === undefined) throw new Error(ended.stderr);
  return run;
}

const journalOf = (directory: string): string => path.join(directory, 'journal.jsonl');
const eventsOf = (directory: string) =>
  readFileSync(journalOf(directory), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));
const orderOf = (directory: string): string[] =>
  eventsOf(directory)
    .filter(({ event }) => event === 'iteration-finished')
    .map(({ arm, iteration }) => `${arm} ${iteration}`);

/** A copy of the whole run as it stood when that many iterations had finished, and the next one was half done. */
function cutAfter(finished: number, change: (plan: Record<string, unknown>) => object = () => ({})): string {
  const directory = path.join(scratchFolder(), path.basename(whole.directory));
  cpSync(whole.directory, directory, { recursive: true });
  const lines = readFileSync(journalOf(directory), 'utf8').trim().split('\n');
  let left = finished;
  const kept = lines.slice(
    0,
    lines.findIndex((line) => line.includes('"iteration-finished"') && left-- === 0),
  );
  writeFileSync(journalOf(directory), `${kept.join('\n')}\n{"schemaVersion":1,"at":"20`);
  const plan = JSON.parse(readFileSync(path.join(directory, 'plan.json'), 'utf8'));
  writeFileSync(path.join(directory, 'plan.json'), JSON.stringify({ ...plan, ...change(plan) }));
  return directory;
}

describe('resume', () => {
  test('goes on after the last finished iteration, in the plan’s order, to the same shape of result', async () => {
    const directory = cutAfter(2);
    const next = eventsOf(whole.directory).filter(({ event }) => event === 'iteration-finished')[2];
    const half = path.join(directory, 'iterations', next.arm, String(next.iteration).padStart(4, '0'));
    mkdirSync(half, { recursive: true });
    writeFileSync(path.join(half, 'stray.stdout'), 'half');
    const ended = await buildrace(['resume', directory, '--json']);
    const run = onlyRun(ended);
    expect(existsSync(path.join(half, 'stray.stdout'))).toBe(false);
    expect(orderOf(directory)).toEqual(orderOf(whole.directory));
    expect(Object.keys(run).sort()).toEqual(Object.keys(whole).sort());
    for (const arm of whole.arms)
      expect(armOf(run, arm.name).iterations).toEqual({ planned: 3, valid: 3, invalid: 0 });
    expect(run).toMatchObject({ stopped: null, seed: 9, verdict: 'reproduced' });
    expect(run.warnings).toEqual([
      'the run ended early and was resumed, after 2 iterations',
      expect.stringMatching(/^line \d+ of journal.jsonl could not be read$/),
    ]);
    expect(ended.stderr).toContain('6 iterations, 2 of them finished earlier, in the order of seed 9');
    // What it was to fail on is kept with the plan.
    expect([wholeExit, ended.exitCode]).toEqual([1, 1]);
  });

  test('of a finished run prints the result and ends as the run did, and builds nothing', async () => {
    const before = readFileSync(journalOf(whole.directory), 'utf8');
    const ended = await buildrace(['resume', 'latest', '--out', path.dirname(whole.directory), '--json']);
    expect(onlyRun(ended)).toEqual(whole);
    expect(ended.exitCode).toBe(wholeExit);
    expect(readFileSync(journalOf(whole.directory), 'utf8')).toBe(before);
    const other = await buildrace(['resume', whole.directory, '--json', '--fail-on', 'never']);
    expect(other.exitCode).toBe(0);
  });

  test('of a run that had only its end to write, writes that', async () => {
    const directory = cutAfter(6, () => ({ window: { phase: 'search', searched: [], runs: [] } }));
    const ended = await buildrace(['resume', directory, '--json']);
    expect(ended.stderr).toContain('the search itself does not go on');
    expect(onlyRun(ended)).toMatchObject({ stopped: null, verdict: 'reproduced' });
    expect(ended.stderr).not.toContain('warm-up');
    expect(eventsOf(whole.directory).at(-1)).toMatchObject({ event: 'run-finished' });
  });

  test('a stopping rule goes on from what was seen before', async () => {
    const directory = cutAfter(4, () => ({ stopping: { rule: 'first' } }));
    const ended = await buildrace(['resume', directory, '--json']);
    expect(orderOf(directory)).toHaveLength(4);
    expect(signalOf(armOf(onlyRun(ended), 'explicit-variant'), 'platform-drift').verdict).toBe('reproduced');
  });

  test('time that was used up before stays used up', async () => {
    const directory = cutAfter(2, () => ({ maxTimeMs: 1_800_000 }));
    const journal = readFileSync(journalOf(directory), 'utf8');
    const [started] = eventsOf(directory);
    const anHourBefore = new Date(Date.parse(started.at) - 3_600_000).toISOString();
    writeFileSync(journalOf(directory), journal.replace(started.at, anHourBefore));
    const ended = await buildrace(['resume', directory, '--json']);
    expect(onlyRun(ended)).toMatchObject({ stopped: 'the time limit of 30m was reached' });
    expect(orderOf(directory)).toHaveLength(2);
  });

  test.each([
    {
      what: 'whose scenario has changed',
      change: (plan: Record<string, unknown>) => ({
        scenario: { ...(plan.scenario as object), contentSha256: 'other' },
      }),
      sentence: /^the scenario \S+ is not what it was when the run began: put it back, or run it afresh/,
    },
    {
      what: 'whose builder is another version now',
      change: (plan: Record<string, unknown>) => ({
        builder: { ...(plan.builder as object), version: '0.0.9' },
      }),
      sentence: /^the builder is not the one that the run began on \(version 0\.0\.9, now 0\.1\.0\)/,
    },
  ])('refuses a run $what', async ({ change, sentence }) => {
    const directory = cutAfter(2, change);
    const ended = await buildrace(['resume', directory]);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringMatching(sentence) });
    expect(orderOf(directory)).toHaveLength(2);
  });

  test('ends at once by a signal while a builder is asked that does not answer', async () => {
    const directory = cutAfter(2, (plan) => ({ builder: { ...(plan.builder as object), kind: 'buildx' } }));
    const folder = scratchFolder();
    const asked = path.join(folder, 'asked');
    writeFileSync(path.join(folder, 'docker'), `#!/bin/sh\n: >"${asked}"\nexec sleep 1000\n`, {
      mode: 0o755,
    });
    const child = execa(process.execPath, [mainFile, 'resume', directory], {
      env: { PATH: `${folder}:${process.env.PATH}` },
      reject: false,
      stdin: 'ignore',
    });
    await until(() => existsSync(asked));
    child.kill('SIGINT');
    const ended = await child;
    expect([ended.exitCode, ended.stderr]).toEqual([130, expect.not.stringContaining('ending the builds')]);
    expect(orderOf(directory)).toHaveLength(2);
  });

  test('of two that come for one run, one goes away', async () => {
    const directory = cutAfter(2);
    const lock = await lockRun(directory);
    const ended = await buildrace(['resume', directory]);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toContain(`is being written by process ${process.pid}`);
    await lock.release();
    expect((await buildrace(['resume', directory, '--fail-on', 'never'])).exitCode).toBe(0);
  });
});
