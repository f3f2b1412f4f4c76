import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { lockRun } from '../../src/results/lock.js';
import { runsDocument } from './contract.js';
import { buildrace, scratchFolder } from './program.js';

const runs = 3;

it('runs that begin at once in one results folder know nothing of each other', async () => {
  const cwd = scratchFolder();
  // One builder state for all of them, as a user's runs share one builder.
  const tmp = path.join(cwd, 'tmp');
  mkdirSync(tmp);
  const env = { BUILDRACE_SIMULATOR_STATE: path.join(cwd, 'state'), TMPDIR: tmp };
  const args = ['run', 'chaos-1506', '--builder', 'simulated', '--arm', 'as-reported', '--iterations', '2'];
  const ends = await Promise.all(
    Array.from({ length: runs }, () => buildrace([...args, '--json'], { cwd, env })),
  );
  const results = ends.map(({ stdout, stderr, exitCode }) => {
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('2/2')]);
    const [run] = runsDocument.parse(JSON.parse(stdout)).runs;
    if (run === undefined) throw new Error('a run without a document');
    return run;
  });
  const directories = results.map(({ directory }) => directory);
  expect(new Set(directories).size).toBe(runs);
  expect(readdirSync(path.join(cwd, 'results')).sort()).toEqual(
    directories.map((one) => path.basename(one)).sort(),
  );
  const tags = directories.map((directory, i) => {
    expect(JSON.parse(readFileSync(path.join(directory, 'result.json'), 'utf8'))).toMatchObject({
      directory,
      arms: [{ iterations: { planned: 2, valid: 2, invalid: 0 } }],
    });
    const events = readFileSync(path.join(directory, 'journal.jsonl'), 'utf8').trimEnd().split('\n');
    const kinds = events.map((line) => JSON.parse(line).event);
    expect(kinds.filter((kind) => kind === 'iteration-finished')).toHaveLength(2);
    expect([kinds[0], kinds.at(-1)]).toEqual(['run-started', 'run-finished']);
    expect(results[i]?.arms[0]?.iterations).toMatchObject({ valid: 2 });
    const commands = events.flatMap((line) => JSON.parse(line).lanes ?? []).map(({ command }) => command);
    return new Set<string>(
      commands.flatMap((command: string[]) => command.filter((_, at) => command[at - 1] === '-t')),
    );
  });
  // No image name of one is another's: a name for each lane, in each run.
  expect(tags.map((names) => names.size)).toEqual(Array(runs).fill(2));
  expect(new Set(tags.flatMap((names) => [...names])).size).toBe(2 * runs);
  // And nothing is left of any.
  expect(readdirSync(tmp)).toEqual([]);
  expect(readdirSync(cwd).filter((name) => name.includes('.tmp'))).toEqual([]);
});

it('a run that is being written is read, and neither judged for good, merged, kept as a baseline nor removed', async () => {
  const cwd = scratchFolder();
  const env = { BUILDRACE_SIMULATOR_STATE: path.join(cwd, 'state') };
  const args = ['run', 'chaos-1506', '--builder', 'simulated', '--arm', 'as-reported', '--iterations', '1'];
  expect((await buildrace(args, { cwd, env })).exitCode).toBe(0);
  const [name = ''] = readdirSync(path.join(cwd, 'results'));
  const directory = path.join(cwd, 'results', name);
  const result = path.join(directory, 'result.json');
  writeFileSync(result, 'as the run has it');
  const lock = await lockRun(directory);
  const [analyzed, saved, merged, pruned] = await Promise.all([
    buildrace(['analyze', 'latest', '--json'], { cwd }),
    buildrace(['baseline', 'save', 'latest'], { cwd }),
    buildrace(['merge', name], { cwd }),
    buildrace(['results', 'prune', '--keep', '0', '--json'], { cwd }),
  ]);
  expect(analyzed.exitCode).toBe(0);
  expect(runsDocument.parse(JSON.parse(analyzed.stdout)).runs).toHaveLength(1);
  expect(analyzed.stderr).toContain('the run is still being written');
  expect(readFileSync(result, 'utf8')).toBe('as the run has it');
  for (const refused of [saved, merged]) {
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/^.* is still being written; wait for its end: .*\n$/);
  }
  expect(JSON.parse(pruned.stdout)).toMatchObject({ removed: [], writing: [name] });
  await lock.release();
  expect((await buildrace(['analyze', 'latest'], { cwd })).stderr).toBe('');
  expect(JSON.parse(readFileSync(result, 'utf8'))).toMatchObject({ scenario: 'chaos-1506' });
});
