import {
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { writeJson } from '../../src/results/directory.js';
import { JournalWriter } from '../../src/results/journal-writer.js';
import { layout } from '../../src/results/layout.js';
import { lockRun } from '../../src/results/lock.js';
import { logOf, writeLog } from '../details/stored-run.js';
import { iterationFinished, plannedArm, samplePlan, writeRun } from '../results/sample-run.js';
import { test as base, type Folder } from '../scenario/folder.js';
import { program } from './program.js';

const secret = 'the victim’s own words';
const runName = '2026-01-02T03-04-05-678Z-sample-buildctl-x';

interface Place {
  readonly run: string;
  readonly victim: string;
  readonly folder: Folder;
}

/** A run directory like any other, and a file beside it that is none of its business. */
const test = base.extend<{ place: Place }>({
  place: async ({ folder }, use) => {
    const run = folder.at('results', runName);
    const arms = [plannedArm({ iterations: 1 })];
    await writeRun(run, { plan: samplePlan({ arms }), events: [iterationFinished()] });
    for (const lane of ['a', 'b']) writeLog(run, 'main', 1, lane, logOf('drift'));
    const victim = await folder.write('victim/secret.txt', secret);
    await use({ run, victim, folder });
    expect(await readFile(victim, 'utf8')).toBe(secret);
    expect(await readdir(folder.at('victim'))).toEqual(['secret.txt']);
  },
});

/** Between them they open every file that a run directory may hold: a bundle has all reports and all logs. */
const reading: readonly (readonly string[])[] = [
  ['analyze'],
  ['show', '--lane', 'a', '--json'],
  ['show', '--lane', 'daemon'],
];

/** Reads the run in every way, and tells all that was said. */
async function readAll(run: string, out: string): Promise<string> {
  const said: string[] = [];
  for (const [command = '', ...options] of reading) {
    const { stdout, stderr, exitCode } = await program([command, run, ...options]);
    expect([0, 2, 4], stderr).toContain(exitCode);
    said.push(stdout, stderr);
  }
  const zip = path.join(out, 'b.zip');
  const { stderr, exitCode } = await program(['bundle', run, '--output', zip, '--force']);
  expect([0, 2]).toContain(exitCode);
  said.push(stderr);
  if (exitCode === 0) said.push((await execa('unzip', ['-p', zip])).stdout);
  return said.join('\n');
}

const insides = [
  layout.plan,
  layout.environment,
  layout.journal,
  layout.stream('main', 1, 'a', 'stderr'),
  `${layout.stream('main', 1, 'a', 'stderr')}.times.jsonl`,
  layout.daemonLog('main', 1),
  layout.daemon('daemon-1'),
];

describe('a link in a run directory', () => {
  test.for(insides)('that leads out in the place of %s is not read', async (file, { place }) => {
    const { run, victim, folder } = place;
    const at = path.join(run, file);
    await mkdir(path.dirname(at), { recursive: true });
    await rm(at, { force: true });
    await symlink(victim, at);
    expect(await readAll(run, folder.path)).not.toContain(secret);
  });

  test.for(['iterations', 'iterations/main', 'iterations/main/0001', 'daemons'])(
    'that leads out in the place of the folder %s is not read',
    async (inner, { place }) => {
      const { run, folder } = place;
      const elsewhere = folder.at('elsewhere');
      await mkdir(path.join(run, inner), { recursive: true });
      await rename(path.join(run, inner), elsewhere);
      await writeFile(path.join(elsewhere, 'daemon-1.log'), secret);
      await writeFile(path.join(elsewhere, 'a.stderr'), secret);
      await symlink(elsewhere, path.join(run, inner));
      expect(await readAll(run, folder.path)).not.toContain(secret);
    },
  );

  test.for([...insides, layout.result])(
    'and a pipe or a device in the place of %s keeps nobody waiting',
    async (file, { place }) => {
      const { run, folder } = place;
      const at = path.join(run, file);
      await mkdir(path.dirname(at), { recursive: true });
      await rm(at, { force: true });
      await execa('mkfifo', [at]);
      await readAll(run, folder.path);
      await program(['history', '--out', folder.at('results')]);
      await program(['results', 'prune', '--keep', '0', '--dry-run', '--out', folder.at('results')]);
      await rm(at, { force: true });
      await symlink('/dev/zero', at);
      await readAll(run, folder.path);
      await program(['history', '--out', folder.at('results')]);
    },
  );

  test('is never written through', async ({ place }) => {
    const { run, victim } = place;
    for (const name of [layout.result, layout.comparison]) {
      const file = path.join(run, name);
      await symlink(victim, file);
      // The name that a scratch file had once.
      await symlink(victim, `${file}.${process.pid}.tmp`);
      await writeJson(file, { own: true });
      expect((await lstat(file)).isFile()).toBe(true);
    }
    await rm(path.join(run, layout.result));
    await symlink(victim, path.join(run, layout.result));
    const { exitCode } = await program(['analyze', run, '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(await readFile(path.join(run, layout.result), 'utf8'))).toMatchObject({
      scenario: 'sample',
    });
  });

  test('does not get the journal or the lock of a run that goes on', async ({ place }) => {
    const { run, victim, folder } = place;
    const journal = path.join(run, layout.journal);
    await rm(journal);
    await symlink(victim, journal);
    await expect(JournalWriter.open(journal)).rejects.toThrow('cannot be written');
    await symlink(folder.at('victim'), path.join(run, layout.locks));
    await expect(lockRun(run)).rejects.toThrow('cannot be made');
  });

  test('is neither merged nor pruned through', async ({ place }) => {
    const { run, victim, folder } = place;
    const plan = (index: number) => samplePlan({ run: `part-${index}`, seed: 1, shard: { index, of: 2 } });
    const parts = [1, 2].map((index) => folder.at(`part-${index}`));
    for (const [i, part] of parts.entries()) {
      await writeRun(part, { plan: plan(i + 1), events: [iterationFinished({ iteration: i + 1 })] });
      for (const lane of ['a', 'b']) writeLog(part, 'main', i + 1, lane, logOf('clean'));
      await symlink(victim, path.join(part, 'iterations/main', `000${i + 1}`, 'more.log'));
      await symlink(folder.at('victim'), path.join(part, 'daemons'));
      await symlink(victim, path.join(part, layout.log));
    }
    const merged = await program(['merge', ...parts, '--out', folder.at('results'), '--json']);
    expect(merged.exitCode, merged.stderr).toBe(0);
    const whole: string = JSON.parse(merged.stdout).runs[0].directory;
    expect((await execa('grep', ['-rl', secret, whole], { reject: false })).stdout).toBe('');

    await symlink(folder.at('victim'), path.join(run, 'iterations/main/link'));
    await symlink(folder.at('victim'), folder.at('results', '2026-01-01T00-00-00-000Z-a-b-c'));
    // It was written long ago, so that nobody takes it for one that goes on.
    await utimes(path.join(run, layout.journal), 0, 0);
    const { exitCode } = await program(['results', 'prune', '--keep', '0', '--out', folder.at('results')]);
    expect(exitCode).toBe(0);
    expect(await readdir(folder.at('results'))).toContain('2026-01-01T00-00-00-000Z-a-b-c');
    expect(await stat(run).catch(() => null)).toBeNull();
  });
});

test('the latest run is a folder, and no link to one', async ({ place }) => {
  const { run, folder } = place;
  await symlink(run, folder.at('results', '2099-a-link'));
  const { stdout } = await program(['analyze', 'latest', '--json', '--out', folder.at('results')]);
  expect(JSON.parse(stdout).runs[0].directory).toBe(run);
});

describe('what is written', () => {
  test('by a report or a bundle is a file of its own, in the place of no link', async ({ place }) => {
    const { run, victim, folder } = place;
    const file = folder.at('report.md');
    await symlink(victim, file);
    expect((await program(['report', run, '--output', file])).exitCode).toBe(2);
    expect((await program(['report', run, '--output', file, '--force'])).exitCode).toBe(0);
    expect((await lstat(file)).isFile()).toBe(true);
    expect((await program(['bundle', run, '--output', path.join(run, 'b.zip')])).exitCode).toBe(2);
  });

  test('leaves no scratch file behind, whether it could be written or not', async ({ folder }) => {
    await writeJson(folder.at('a.json'), { text: '\u009b\u202e\u{e0041}ä' });
    const text = await readFile(folder.at('a.json'), 'utf8');
    expect(text).toBe('{\n  "text": "\\u009b\\u202e\\udb40\\udc41ä"\n}\n');
    expect(JSON.parse(text)).toEqual({ text: '\u009b\u202e\u{e0041}ä' });
    await mkdir(folder.at('b.json'));
    await expect(writeJson(folder.at('b.json'), 1)).rejects.toThrow();
    expect((await readdir(folder.path)).sort()).toEqual(['a.json', 'b.json']);
  });
});
