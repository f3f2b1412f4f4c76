import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/simulator/facts.js';
import { chaosFolder, isEmptyOrMissing, record, simulator, start, timelineOf } from './program.js';
import { manyFiles, scratch } from './scratch.js';

const chaos = (name: string): string => path.join(chaosFolder, name);

/** Builds fast, one tag, from a Dockerfile given as text. */
async function build(
  state: string,
  dockerfile: string,
  files: Record<string, string> = {},
  ...more: readonly string[]
) {
  const context = scratch({ ...files, Dockerfile: dockerfile });
  return simulator('build', '--state', state, '--pace', '0', '-t', 'test', ...more, context);
}

describe('build', () => {
  it('prints the log of the report: simulated, with the drift, and the image on stdout', async () => {
    const state = scratch();
    const ended = await simulator(
      ...['build', '--state', state, '--pace', '0.1', '--progress', 'plain', '--no-cache'],
      ...['-f', chaos('Dockerfile.shared'), '-t', 'chaos-1506-a:latest', '-t', 'other', chaosFolder],
    );
    expect(ended).toMatchObject({ exitCode: 0, stdout: 'chaos-1506-a:latest\nother:latest\n' });
    expect(ended.stderr.split('\n').slice(0, 3)).toEqual([
      '#0 building with "simulated" instance using no real builder (profile apple)',
      '',
      '#1 [resolver] fetching image...docker.io/library/alpine:3.20',
    ]);
    expect(ended.stderr.match(/linux\/arm64\/v8/g)).toHaveLength(1);
    const { steps, format, outcome } = await timelineOf(ended.stderr);
    expect(format).toBe('plain');
    expect(outcome).not.toBe('failed');
    expect(steps.every(({ status }) => status === 'done' || status === 'cached')).toBe(true);
    expect(
      steps
        .filter(({ internal }) => !internal)
        .map(({ platform, stage, instruction }) => [platform, stage, instruction]),
    ).toEqual([
      ['linux/arm64', 'builder', 'RUN'],
      ['linux/arm64/v8', 'runtime', 'COPY'],
    ]);
  });

  it('records what it printed', async () => {
    const state = scratch();
    const ended = await simulator(
      'build',
      '--state',
      state,
      '--pace',
      '0',
      '-f',
      chaos('Dockerfile.shared'),
      '-t',
      'a',
      '/',
    );
    const events = record(state, 'a:latest');
    expect(events[0]).toMatchObject({
      event: 'build-started',
      profile: 'apple',
      tags: ['a:latest'],
      noCache: false,
    });
    const labels = events.filter(({ event }) => event === 'label');
    expect(labels.map(({ platform, stage, instruction }) => [platform, stage, instruction])).toEqual([
      ['linux/arm64', 'builder', 'RUN'],
      ['linux/arm64/v8', 'runtime', 'COPY'],
    ]);
    for (const { name } of labels) {
      expect(ended.stderr).toContain(`${name}\n`);
    }
    expect(events.at(-1)).toMatchObject({ event: 'build-ended', exitCode: 0 });
    expect(
      events.every(({ pid, at }) => typeof pid === 'number' && !Number.isNaN(Date.parse(String(at)))),
    ).toBe(true);
  });

  it('brings the context to the image and says how much of it, truly', async () => {
    const state = scratch();
    const context = scratch(manyFiles(400));
    const ended = await simulator(
      'build',
      '--state',
      state,
      '--pace',
      '0',
      '-f',
      chaos('Dockerfile.context'),
      '-t',
      'c',
      context,
    );
    const { files, sha256 } = factsOf(context);
    expect(files).toBe(400);
    expect(ended.exitCode).toBe(0);
    const { steps } = await timelineOf(ended.stderr);
    expect(steps.flatMap(({ marks }) => marks.map(({ text }) => text))).toEqual([
      `buildrace: builder files=400 sha256=${sha256}`,
      `buildrace: runtime files=400 sha256=${sha256}`,
    ]);
    const loaded = record(state, 'c:latest').find(({ event }) => event === 'context');
    expect(loaded).toMatchObject({ cached: false, sent: { files, sha256 }, arrived: { files, sha256 } });
    expect(readdirSync(path.join(state, 'fssync'))).toEqual([loaded?.hash]);
  });

  it.each(['apple', 'apple-fixed'])(
    '%s takes a context cache that another build left half full',
    async (profile) => {
      const state = scratch();
      const dockerfile = 'FROM alpine AS b\nCOPY . /src\nFROM alpine\nCOPY --from=b /src/a /src/b /\n';
      const files = { a: '1', b: '2' };
      const options = ['--profile', profile] as const;
      await build(state, dockerfile, files, ...options);
      const [hash = ''] = readdirSync(path.join(state, 'fssync'));
      const cache = path.join(state, 'fssync', hash);
      expect(readdirSync(cache).sort()).toEqual(['Dockerfile', 'a', 'b']);
      rmSync(path.join(cache, 'b'));
      const ended = await build(state, dockerfile, files, ...options);
      expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
      const { steps, error } = await timelineOf(ended.stderr);
      const failed = steps.find(({ status }) => status === 'error');
      expect(failed).toMatchObject({ instruction: 'COPY', from: 'b' });
      expect(failed?.error).toMatch(
        /^failed to calculate checksum of ref \w{25}::\w{25}: "\/src\/b": not found$/,
      );
      expect(error?.text).toMatch(
        /^Error: failed to solve: failed to compute cache key: failed to calculate checksum of ref/,
      );
      const events = record(state, 'test:latest');
      expect(events.find(({ event }) => event === 'context')).toMatchObject({
        cached: true,
        sent: { files: 3 },
        arrived: { files: 2 },
      });
      expect(events.find(({ event }) => event === 'error')).toMatchObject({ name: failed?.name });
      expect(events.at(-1)).toMatchObject({ event: 'build-ended', exitCode: 1 });
    },
  );

  it('buildkit shares no context', async () => {
    const state = scratch();
    const ended = await build(state, 'FROM scratch\nCOPY a /\n', { a: '1' }, '--profile', 'buildkit');
    expect(ended.exitCode).toBe(0);
    expect(existsSync(path.join(state, 'fssync'))).toBe(false);
  });

  it('fails as BuildKit does when a command fails, with its output and the line to blame', async () => {
    const state = scratch();
    const dockerfile = 'FROM alpine\nRUN echo one && \\\n    cat /none\nRUN echo never\n';
    const ended = await build(state, dockerfile, {}, '--profile', 'buildkit');
    expect(ended.exitCode).toBe(1);
    const tail = ended.stderr.slice(ended.stderr.indexOf('------\n')).replaceAll(/^\d\.\d{3}/gm, 'TIME');
    expect(tail.split('\n')).toEqual([
      '------',
      ' > [2/3] RUN echo one &&     cat /none:',
      'TIME one',
      "TIME cat: can't open '/none': No such file or directory",
      '------',
      'Dockerfile:2',
      '--------------------',
      '   1 |     FROM alpine',
      '   2 | >>> RUN echo one && \\',
      '   3 | >>>     cat /none',
      '   4 |     RUN echo never',
      '   5 |     ',
      '--------------------',
      'ERROR: failed to solve: process "/bin/sh -c echo one &&     cat /none" did not complete successfully: exit code: 1',
      '',
    ]);
    expect(ended.stderr).not.toContain('[3/3]');
  });

  it('runs stages beside each other, and cancels the rest when one fails', async () => {
    const dockerfile =
      'FROM alpine AS slow\nRUN sleep 1000\nFROM alpine AS bad\nRUN false\nFROM alpine\nCOPY --from=slow / /\nCOPY --from=bad / /\n';
    const ended = await build(scratch(), dockerfile, {}, '--pace', '1');
    const { steps } = await timelineOf(ended.stderr);
    expect(
      steps.filter(({ instruction }) => instruction === 'RUN').map(({ stage, status }) => [stage, status]),
    ).toEqual(
      expect.arrayContaining([
        ['slow', 'cancelled'],
        ['bad', 'error'],
      ]),
    );
    expect(steps.some(({ instruction }) => instruction === 'COPY')).toBe(false);
    expect(ended.exitCode).toBe(1);
  });

  it('passes over what it does not understand, and what may come of it', async () => {
    const state = scratch();
    const dockerfile =
      'FROM python AS b\nRUN pip install --prefix=/install x | tee log\nFROM python\nCOPY --from=b /install /usr/local\nCOPY --from=nginx /etc/nginx /x\n';
    const ended = await build(state, dockerfile);
    expect(ended.exitCode).toBe(0);
    const passed = record(state, 'test:latest').filter(({ event }) => event === 'not-understood');
    expect(passed.map(({ text }) => text)).toEqual([
      'pip install --prefix=/install x | tee log',
      '/install',
      "an image's content: docker.io/library/nginx:latest",
    ]);
  });

  it('copies folders, files, several of them, by pattern, and links under their own names', async () => {
    const context = scratch({ 'd/one': '1', 'd/two': '2', 'a.txt': 'a', 'b.txt': 'b' });
    symlinkSync('a.txt', path.join(context, 'link'));
    const dockerfile = [
      'FROM alpine AS b\nWORKDIR /w',
      'COPY d folder\nCOPY a.txt renamed\nCOPY b.txt into/\nCOPY *.txt many/\nCOPY link linked/\nCOPY ["d/on?", "x y"]',
      'RUN cat folder/one folder/two renamed into/b.txt many/a.txt many/b.txt linked/link "x y"',
    ].join('\n');
    writeFileSync(path.join(context, 'Dockerfile'), dockerfile);
    const ended = await simulator('build', '--state', scratch(), '--pace', '0', '-t', 'test', context);
    expect(ended.stderr).toMatch(/^#\d+ \d\.\d{3} 12ababa1$/m);
    expect(ended.exitCode).toBe(0);
  });

  it('gives each stage that goes on from another one a file system of its own', async () => {
    const dockerfile = [
      'FROM alpine AS base\nRUN echo base > /f',
      'FROM base AS one\nRUN echo one > /f',
      'FROM base AS two\nRUN echo two >> /f',
      'FROM scratch\nCOPY --from=base /f /base\nCOPY --from=one /f /one\nCOPY --from=two /f /two\nRUN cat /base /one /two',
    ].join('\n');
    const state = scratch();
    await build(state, dockerfile);
    const output = record(state, 'test:latest').filter(({ event }) => event === 'output');
    expect(output.map(({ line }) => line)).toEqual(['base', 'one', 'base', 'two']);
  });

  it('follows no path out of the build', async () => {
    const outside = scratch({ secret: 'x' });
    const dockerfile = `FROM alpine\nCOPY ../../../..${outside} /x\n`;
    const ended = await build(scratch(), dockerfile, { a: '1' });
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain(`"${outside}": not found`);
  });

  it.each([
    [
      'FROM alpine\nFRUM x\n',
      [],
      'Error: failed to solve: dockerfile parse error on line 2: unknown instruction: FRUM',
    ],
    ['FROM alpine\n', ['--target', 'x'], 'Error: failed to solve: target stage "x" could not be found'],
    ['FROM alpine\n', ['--platform', 'a/b/c/d'], 'Error: failed to solve: failed to parse platform a/b/c/d'],
    ['FROM alpine\nCOPY --from=missing-stage- x y\nCOPY nothing /\n', [], '"/nothing": not found'],
    [
      'FROM alpine\n',
      ['-f', '/nowhere/Dockerfile'],
      'failed to read dockerfile: open Dockerfile: no such file or directory',
    ],
  ])('fails on %j %j', async (dockerfile, more, message) => {
    const state = scratch();
    const ended = await build(state, dockerfile, {}, ...more);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain(message);
    expect(isEmptyOrMissing(path.join(state, 'builds'))).toBe(true);
  });

  it('makes up the same references for the same seed', async () => {
    const digests = async (...more: readonly string[]): Promise<readonly string[]> =>
      (await build(scratch(), 'FROM alpine\nRUN true\n', {}, ...more)).stderr.match(
        /manifest sha256:\w{64}/g,
      ) ?? [];
    const first = await digests('--seed', '1');
    expect(first.length).toBeGreaterThan(0);
    expect(await digests('--seed', '1')).toEqual(first);
    expect(await digests()).not.toEqual(first);
  });

  it('takes its own files with it when it is told to stop, and leaves a line in the record', async () => {
    const state = scratch();
    const context = scratch({ Dockerfile: 'FROM alpine\nRUN sleep 3600\n' });
    const running = start(['build', '--state', state, '-t', 'killed', context]);
    await new Promise<void>((resolve) => {
      running.stderr.on('data', (data: Buffer) => data.includes('RUN sleep') && resolve());
    });
    expect(isEmptyOrMissing(path.join(state, 'builds'))).toBe(false);
    running.kill('SIGTERM');
    expect((await running).signal).toBe('SIGTERM');
    expect(isEmptyOrMissing(path.join(state, 'builds'))).toBe(true);
    expect(record(state, 'killed:latest').at(-1)).toMatchObject({
      event: 'build-ended',
      exitCode: null,
      signal: 'SIGTERM',
    });
  });

  it('names an image without a tag after the build', async () => {
    const state = scratch();
    const ended = await simulator(
      'build',
      '--state',
      state,
      '--pace',
      '0',
      scratch({ Dockerfile: 'FROM a\n' }),
    );
    const [started] = record(state);
    expect(ended.stdout).toBe(`${started?.build}:latest\n`);
  });
});

describe('the other commands', () => {
  it('list and remove images', async () => {
    const state = scratch();
    await build(state, 'FROM a\n', {}, '-t', 'localhost:5000/b');
    const list = async (): Promise<string> => (await simulator('images', 'list', '--state', state)).stdout;
    expect(await list()).toBe('localhost:5000/b:latest\ntest:latest\n');
    expect(await simulator('images', 'remove', '--state', state, 'none', 'test')).toMatchObject({
      exitCode: 1,
      stdout: 'test\n',
      stderr: 'Error: there is no image none\n',
    });
    expect(await simulator('images', 'remove', '--state', state, '--force', 'none')).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect(await list()).toBe('localhost:5000/b:latest\n');
    expect((await simulator('images', 'list', '--state', scratch())).stdout).toBe('');
  });

  it('say that they are simulated', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect((await simulator('--version')).stdout).toBe(
      `buildrace simulated builder ${version} (simulated: no real builder)\n`,
    );
    const info = JSON.parse((await simulator('info', '--state', scratch())).stdout);
    expect(info).toMatchObject({
      simulated: true,
      version,
      profiles: ['apple', 'apple-fixed', 'apple-shim', 'buildkit'],
    });
    expect(info.platforms).toEqual(expect.arrayContaining(['linux/arm64', 'linux/amd64']));
  });

  it('prune contexts and what killed builds left, and keep images and the record', async () => {
    const state = scratch({ 'builds/old/roots/1/x': '' });
    await build(state, 'FROM a\nCOPY . /\n');
    expect((await simulator('prune', '--state', state)).exitCode).toBe(0);
    expect(readdirSync(state).sort()).toEqual(['images', 'record.jsonl']);
  });

  it.each([
    [[], 'a command is missing'],
    [['constructor'], 'there is no command constructor'],
    [['build', '.'], '--state FOLDER'],
    [['images', 'remove', '--state', 's'], 'images takes list, or remove'],
    [['images', 'show', '--state', 's', 'x'], 'images takes list, or remove'],
  ])('refuse %j', async (args, message) => {
    const ended = await simulator(...args);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr.split('\n')[0]).toContain(message);
  });
});
