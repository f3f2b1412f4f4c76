import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { mountsBelow } from '../../src/builders/buildkitd/mounts.js';
import { mainFile } from '../e2e/paths.js';
import { journalEvents, lab, resultsFolder, textOf } from './lab.js';

const results = resultsFolder();
afterAll(() => results.remove());

// Scratch folders and records of daemons of these runs alone; no registry is named, so that each starts its own.
const tmp = path.join(results.folder, 'tmp');
mkdirSync(tmp);
// What it builds needs no image of anybody's, as an empty registry of a run's own has none.
const scenario = path.join(results.folder, 'pushes.yaml');
mkdirSync(path.join(results.folder, 'dockerfiles'));
writeFileSync(path.join(results.folder, 'dockerfiles/Dockerfile'), 'FROM scratch\nCOPY Dockerfile /a\n');
writeFileSync(
  scenario,
  `title: Two builds push at once
description: For a test.
reports: []
registry: true
dockerfiles: dockerfiles
iterations: 3
lanes: 2
signals: [build-failed]
arms:
  - name: pushes
    title: Two builds push at once
    role: reproduce
    expects: [build-failed]
    build:
      dockerfile: Dockerfile
      push: '{registry}/two-{lane}:{run}-{iteration}'
`,
);
const { BUILDRACE_REGISTRY: _, ...rest } = lab;
const env = { ...rest, BUILDRACE_REGISTRY: '', TMPDIR: tmp };
const out = path.join(results.folder, 'results');

const start = (iterations: number) =>
  execa(
    process.execPath,
    [
      ...[mainFile, 'run', scenario, '--builder', 'buildkitd'],
      ...['--iterations', String(iterations), '--json', '--out', out],
    ],
    { env, stdin: 'ignore', reject: false, extendEnv: false },
  );

const scratchOf = (pid: number | undefined): string[] =>
  readdirSync(tmp)
    .filter((name) => name.startsWith(`buildrace-${pid}-`))
    .map((name) => path.join(tmp, name));

/** Processes that lie below one of the folders by their command line. */
const processesBelow = (folders: readonly string[]): string[] =>
  readdirSync('/proc').filter(
    (pid) =>
      /^\d+$/.test(pid) && folders.some((folder) => textOf(`/proc/${pid}/cmdline`).includes(`${folder}/`)),
  );

const finishedIn = (run: string): number =>
  textOf(path.join(out, run, 'journal.jsonl')).split('"event":"iteration-finished"').length - 1;

it('of two runs with a daemon and a registry each, one is killed: the other is not touched, nor by who clears up', async () => {
  const killed = start(50);
  const living = start(30);
  const told: string[] = [];
  for (const run of [killed, living]) run.stderr.on('data', (chunk: Buffer) => told.push(chunk.toString()));
  const isUnderWay = () =>
    existsSync(out) && readdirSync(out).length === 2 && readdirSync(out).every((run) => finishedIn(run) > 0);
  while (!isUnderWay()) {
    if (killed.exitCode !== null || living.exitCode !== null)
      throw new Error(
        `a run ended at once: ${[killed, living].map(({ exitCode }) => exitCode)}: ${told.join('')}`,
      );
    await sleep(100);
  }
  const [ofKilled, ofLiving] = [scratchOf(killed.pid), scratchOf(living.pid)];
  expect(ofKilled.length).toBeGreaterThan(0);
  expect(ofLiving.length).toBeGreaterThan(0);
  const before = processesBelow(ofLiving);
  expect(before.length).toBeGreaterThanOrEqual(2);
  killed.kill('SIGKILL');
  await killed;
  // Its daemon and its registry are still there, and go with who comes next; the living run's stay.
  expect(processesBelow(ofKilled).length).toBeGreaterThan(0);
  const third = await execa(
    process.execPath,
    [
      mainFile,
      'run',
      'chaos-1506',
      '--builder',
      'simulated',
      '--arm',
      'as-reported',
      '--iterations',
      '1',
      '--out',
      out,
    ],
    {
      env: { ...env, BUILDRACE_SIMULATOR_STATE: path.join(results.folder, 'state') },
      stdin: 'ignore',
      reject: false,
      extendEnv: false,
    },
  );
  expect(third.exitCode, third.stderr).toBe(0);
  for (const folder of ofLiving) expect(third.stderr).not.toContain(folder);
  expect(processesBelow(ofKilled)).toEqual([]);
  expect(ofKilled.flatMap((folder) => mountsBelow(folder))).toEqual([]);
  expect(ofKilled.filter((folder) => existsSync(folder))).toEqual([]);
  const isRunning = living.exitCode === null;
  if (isRunning) expect(processesBelow(ofLiving).length).toBeGreaterThanOrEqual(2);

  const ended = await living;
  const [run] = JSON.parse(ended.stdout as string).runs;
  expect([0, 4]).toContain(ended.exitCode);
  for (const arm of run.arms)
    if (arm.skipped === null) expect(arm.iterations).toMatchObject({ valid: 30, invalid: 0 });
  expect(run.arms.some((arm: { skipped: string | null }) => arm.skipped === null)).toBe(true);
  expect(JSON.parse(readFileSync(path.join(run.directory, 'plan.json'), 'utf8')).registry).toMatch(
    /^127\.0\.0\.1:\d+$/,
  );
  expect(processesBelow(ofLiving)).toEqual([]);
  expect(readdirSync(tmp).filter((name) => /^buildrace-\d/.test(name))).toEqual([]);
  const registries = readdirSync(out).flatMap((name) => {
    const { registry } = JSON.parse(readFileSync(path.join(out, name, 'plan.json'), 'utf8'));
    return registry === null ? [] : [registry];
  });
  expect(new Set(registries).size).toBe(2);
  expect(journalEvents(out).filter(({ event }) => event === 'run-finished')).toHaveLength(2);
});
