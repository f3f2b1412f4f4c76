import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { layout } from '../../src/results/layout.js';
import { iterationFinished, laneRecord, plannedArm, samplePlan, writeRun } from '../results/sample-run.js';
import { buildrace, type Ended, recordedLogs, scratchFolder } from './program.js';

const drifting = readFileSync(path.join(recordedLogs, 'buildctl-v0.32.2.v8.arm64.plain.log'), 'utf8');

/** A run of one arm, finished, in which every lane printed `log`. */
async function runWith(folder: string, log: string | Uint8Array = drifting): Promise<string> {
  const run = path.join(folder, samplePlan().run);
  await writeRun(run, { events: [1, 2].map((iteration) => iterationFinished({ iteration })) });
  for (const iteration of [1, 2]) {
    mkdirSync(path.join(run, layout.iteration('main', iteration)), { recursive: true });
    for (const lane of ['a', 'b'])
      writeFileSync(path.join(run, layout.stream('main', iteration, lane, 'stderr')), log);
  }
  return run;
}

/** One sentence on stderr, exit code 2, nothing written. */
function refused(ended: Ended, folder: string, part: RegExp): void {
  expect(ended.stderr).toMatch(part);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  expect([ended.stdout, ended.exitCode]).toEqual(['', 2]);
  expect(readdirSync(folder).filter((name) => name.endsWith('.zip') || name.endsWith('.tmp'))).toEqual([]);
}

const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined;

describe('bundle', () => {
  it('writes a zip named after the run, that others unpack to the same bytes', async () => {
    const folder = scratchFolder();
    const run = await runWith(folder);
    const ended = await buildrace(['bundle', run, '--json'], { cwd: folder });
    expect(ended.exitCode).toBe(0);
    const answer = JSON.parse(ended.stdout);
    const file = path.join(folder, `${samplePlan().run}.zip`);
    expect([answer.schemaVersion, path.basename(answer.file)]).toEqual([1, path.basename(file)]);
    expect(answer.bytes).toBe(statSync(file).size);
    const files = unzipSync(readFileSync(file));
    expect(answer.entries).toEqual(
      Object.entries(files).map(([name, { length }]) => ({ name, bytes: length })),
    );
    expect(strFromU8(files[`${samplePlan().run}/iterations/main/0001/a.stderr`] ?? new Uint8Array())).toBe(
      drifting,
    );
    if (has('unzip')) {
      execFileSync('unzip', ['-tq', file]);
      execFileSync('unzip', ['-q', file, '-d', path.join(folder, 'out')]);
      for (const [name, bytes] of Object.entries(files))
        expect(readFileSync(path.join(folder, 'out', name)).equals(Buffer.from(bytes))).toBe(true);
    }
    if (has('python3')) execFileSync('python3', ['-m', 'zipfile', '-t', file]);
    // Again: it is there already, and stays as it is.
    const before = readFileSync(file);
    const again = await buildrace(['bundle', run], { cwd: folder });
    expect([again.exitCode, again.stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(again.stderr).toContain('is there already; give --force to write over it');
    // To standard output, from another place, in another time zone: the same bytes.
    const moved = path.join(scratchFolder(), 'elsewhere');
    execFileSync('cp', ['-r', run, moved]);
    const piped = path.join(folder, 'piped.zip');
    const there = await buildrace(['bundle', moved, '--output', piped], {
      cwd: folder,
      env: { TZ: 'Pacific/Kiritimati' },
    });
    expect(there.exitCode).toBe(0);
    expect(readFileSync(piped).equals(before)).toBe(true);
  });

  it.runIf(process.platform === 'linux')(
    'a hostile run directory gets nothing in but its own files',
    async () => {
      const folder = scratchFolder();
      const run = await runWith(folder);
      const outside = path.join(folder, 'outside');
      mkdirSync(outside);
      writeFileSync(path.join(outside, 'secret.log'), 'PLANTED outside of the run\n');
      const secret = path.join(outside, 'secret.log');
      const put = (name: string, make: (file: string) => void): void => {
        const file = path.join(run, name);
        rmSync(file, { force: true, recursive: true });
        mkdirSync(path.dirname(file), { recursive: true });
        make(file);
      };
      put('iterations/main/0001/a.stderr', (file) => symlinkSync(secret, file));
      put('iterations/main/0001/b.stderr.times.jsonl', (file) => symlinkSync(secret, file));
      put('iterations/main/0001/daemon.log', (file) => symlinkSync(secret, file));
      put('iterations/main/0002/daemon.log', (file) => execFileSync('mkfifo', [file]));
      put('daemons/linked.log', (file) => symlinkSync(secret, file));
      put('daemons/pipe.log', (file) => execFileSync('mkfifo', [file]));
      put('daemons/$(touch owned)\n;`id`.log', (file) => writeFileSync(file, 'its own\n'));
      put('daemons/con.log', (file) => writeFileSync(file, `its own\n${'x'.repeat(5_000)}\n`));
      put('daemons/sub/\u001b[2J\u202e.log', (file) => writeFileSync(file, 'its own\n'));
      const ended = await buildrace(['bundle', run, '--output', 'x.zip'], { cwd: folder });
      expect(ended.exitCode).toBe(0);
      const files = unzipSync(readFileSync(path.join(folder, 'x.zip')));
      const top = samplePlan().run;
      for (const [name, bytes] of Object.entries(files)) {
        expect(name).toMatch(new RegExp(`^${top}/[\\w./-]+$`));
        expect(name).not.toMatch(/\.\.|\/\/|\/con\./);
        expect(strFromU8(bytes)).not.toContain('PLANTED');
      }
      // A run keeps its daemons' logs in one folder, so that what lies deeper is none of them.
      expect(Object.keys(files).filter((name) => name.includes('/daemons/'))).toHaveLength(2);
      expect(strFromU8(files[`${top}/README.md`] ?? new Uint8Array())).toContain('link that leads out of');
      // What is not in it is said, one way and another.
      const [, leftOut = ''] = strFromU8(files[`${top}/README.md`] ?? new Uint8Array()).split(
        '## What was left out',
      );
      expect(leftOut).toContain('cannot be read:\n\n- `iterations/main/0001/a`\n');
      expect(leftOut).toContain('The ends of 1 line, behind 4,096 characters');
      // A folder of iterations that is a link brings nothing in either.
      put('iterations', (file) => symlinkSync(outside, file));
      put('daemons', (file) => symlinkSync(outside, file));
      const linked = await buildrace(['bundle', run, '--output', 'y.zip'], { cwd: folder });
      expect(linked.exitCode).toBe(0);
      for (const bytes of Object.values(unzipSync(readFileSync(path.join(folder, 'y.zip')))))
        expect(strFromU8(bytes)).not.toContain('PLANTED');
    },
  );

  it('runs that say little become bundles that say so', async () => {
    const folder = scratchFolder();
    const bundled = async (run: string): Promise<string> => {
      const ended = await buildrace(['bundle', run, '--output', 'x.zip', '--force'], { cwd: folder });
      expect([ended.exitCode, ended.stderr.includes('    at ')]).toEqual([0, false]);
      const files = unzipSync(readFileSync(path.join(folder, 'x.zip')));
      return strFromU8(files[`${samplePlan().run}/README.md`] ?? new Uint8Array());
    };
    const cut = await runWith(scratchFolder());
    const journal = path.join(cut, layout.journal);
    writeFileSync(journal, readFileSync(journal, 'utf8').slice(0, -100));
    expect(await bundled(cut)).toContain('The run did not reach its end');
    const nothing = await runWith(scratchFolder());
    writeFileSync(path.join(nothing, layout.journal), '');
    expect(await bundled(nothing)).toContain('The run has no finished iteration.');
    const binary = await runWith(
      scratchFolder(),
      Uint8Array.from({ length: 5_000 }, (_, i) => (i * 37) % 256),
    );
    expect(await bundled(binary)).toContain('`iterations/main/0001/`');
    const plan = samplePlan({ arms: [plannedArm({ iterations: 1 })] });
    const invalid = await writeRun(path.join(scratchFolder(), 'run'), {
      plan,
      events: [iterationFinished({ lanes: [laneRecord('a', { startMs: null }), laneRecord('b')] })],
    });
    expect(await bundled(invalid)).toContain('does not count');
  });

  it('what cannot be bundled is one sentence', async () => {
    const folder = scratchFolder();
    const run = await runWith(folder);
    const call = (...args: string[]): Promise<Ended> => buildrace(['bundle', ...args], { cwd: folder });
    refused(await call(run, '--output', path.join(run, 'x.zip')), folder, /lies in the run directory/);
    refused(await call(run, '--upstream', 'docker'), folder, /^--upstream docker: expected one of buildkit,/);
    refused(
      await call(run, '--output', 'no/x.zip'),
      folder,
      /no\/x\.zip cannot be written: there is no folder no/,
    );
    expect(existsSync(path.join(run, 'x.zip'))).toBe(false);
    rmSync(path.join(run, layout.environment));
    symlinkSync('/etc/passwd', path.join(run, layout.environment));
    refused(await call(run), folder, /environment\.json is a link that leads out of/);
    const evil = samplePlan({ run: '../../evil' });
    writeFileSync(path.join(run, layout.plan), JSON.stringify(evil));
    refused(await call(run), folder, /plan\.json is damaged: run/);
  });
});
