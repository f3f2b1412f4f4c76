import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputTarget, writeOutput } from '../../src/cli/output-file.js';

let folder: string;
let run: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-output-'));
  run = path.join(folder, 'run');
  mkdirSync(path.join(run, 'iterations'), { recursive: true });
  writeFileSync(path.join(run, 'plan.json'), 'the plan');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, name);
const put = (name: string, text = 'old'): string => {
  writeFileSync(at(name), text);
  return at(name);
};
const linkTo = (target: string, name: string): string => {
  symlinkSync(target, at(name));
  return at(name);
};
async function write(file: string, { force = false, content = 'new' } = {}): Promise<void> {
  await writeOutput(await outputTarget(file, { force, run }), content);
}
const isLinux = process.platform === 'linux';

describe('an output that can be written', () => {
  it('is a new file, and nothing else is left beside it', async () => {
    await write(at('report.md'));
    expect(readFileSync(at('report.md'), 'utf8')).toBe('new');
    expect(readdirSync(folder).sort()).toEqual(['report.md', 'run']);
  });

  it('takes bytes as they are', async () => {
    await writeOutput(await outputTarget(at('x.zip'), { force: false, run }), Uint8Array.of(0, 255, 128));
    expect([...readFileSync(at('x.zip'))]).toEqual([0, 255, 128]);
  });

  it('is a file that is there, with --force, which keeps its mode', async () => {
    chmodSync(put('report.md'), 0o600);
    await write(at('report.md'), { force: true });
    expect(readFileSync(at('report.md'), 'utf8')).toBe('new');
    expect(lstatSync(at('report.md')).mode & 0o777).toBe(0o600);
  });

  it('is put in the place of a link, and what the link leads to stays', async () => {
    linkTo(put('other'), 'report.md');
    await write(at('report.md'), { force: true });
    expect(lstatSync(at('report.md')).isFile()).toBe(true);
    expect([readFileSync(at('report.md'), 'utf8'), readFileSync(at('other'), 'utf8')]).toEqual([
      'new',
      'old',
    ]);
  });

  it('is put in the place of a second name of a run’s file, and the run stays', async () => {
    linkSync(path.join(run, 'plan.json'), at('report.md'));
    await write(at('report.md'), { force: true });
    expect(readFileSync(path.join(run, 'plan.json'), 'utf8')).toBe('the plan');
  });

  it.runIf(isLinux)('is a device, or a link to one', async () => {
    await write('/dev/null');
    await write(linkTo('/dev/null', 'nowhere'));
    expect(lstatSync(at('nowhere')).isSymbolicLink()).toBe(true);
  });

  it.each(['-', '/dev/stdout', '/dev/fd/1'])('%s is standard output, whatever that is', async (file) =>
    expect(await outputTarget(file, { force: false, run })).toEqual({ kind: 'stdout' }),
  );

  it.runIf(isLinux)('is a pipe that somebody reads', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    // Opened for both, it has a reader at once.
    const reader = openSync(at('pipe'), 'r+');
    await write(at('pipe'), { content: 'through the pipe' });
    const read = Buffer.alloc(100);
    expect(read.toString('utf8', 0, readSync(reader, read))).toBe('through the pipe');
    closeSync(reader);
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
  });
});

describe('an output that cannot be written', () => {
  const cases: [string, () => string, boolean, RegExp][] = [
    ['a file that is there', () => put('taken'), false, /taken is there already; give --force/],
    ['a link', () => linkTo(put('other'), 'taken'), false, /taken is there already, as a link/],
    ['a link to nowhere', () => linkTo(at('missing'), 'taken'), false, /taken is there already, as a link/],
    ['a link into a loop', () => linkTo(at('taken'), 'taken'), false, /taken cannot be written \(/],
    ['a folder', () => run, true, /run lies|run is a folder; name a file/],
    ['a name that says folder', () => `${at('new')}/`, false, /new\/ is a folder; name a file/],
    ['no name', () => '', false, /--output: expected the name of a file/],
    [
      'a folder that is missing',
      () => at('no/such.md'),
      false,
      /no\/such\.md cannot be written: there is no folder .*no$/,
    ],
    [
      'a file as a folder',
      () => `${put('plain')}/x`,
      false,
      /plain\/x cannot be written \(not a directory\)/,
    ],
    [
      'in the run',
      () => path.join(run, 'report.md'),
      false,
      /lies in the run directory, which stays as it is/,
    ],
    ['over a file of the run', () => path.join(run, 'plan.json'), true, /lies in the run directory/],
    ['in a folder of the run', () => path.join(run, 'iterations/x.md'), true, /lies in the run directory/],
    ['in the run, by a link', () => path.join(linkTo(run, 'way'), 'x.md'), true, /lies in the run directory/],
    [
      'in the run, by ..',
      () => path.join(folder, 'run/iterations/../x.md'),
      true,
      /lies in the run directory/,
    ],
    ['a name that is too long', () => at('x'.repeat(300)), false, /cannot be written \(name too long\)/],
  ];
  it.each(cases)('%s', async (_, make, force, message) => {
    const file = make();
    const before = readdirSync(folder, { recursive: true }).sort();
    await expect(write(file, { force })).rejects.toThrow(message);
    await expect(write(file, { force })).rejects.toHaveProperty('name', 'UserError');
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
    expect(readFileSync(path.join(run, 'plan.json'), 'utf8')).toBe('the plan');
    for (const name of ['taken', 'other'].filter((one) => existsSync(at(one))))
      expect(readFileSync(at(name), 'utf8')).toBe('old');
  });

  it('a neighbour of the run whose name begins alike is none of it', async () => {
    mkdirSync(at('run-2'));
    await write(at('run-2/report.md'));
    mkdirSync(at('..run'));
    await write(at('..run/report.md'));
  });

  it.runIf(isLinux)('a pipe that nobody reads', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await expect(write(at('pipe'))).rejects.toThrow(/pipe is a pipe that nobody reads/);
  });

  it.runIf(existsSync('/dev/full'))('a device that is full', async () => {
    await expect(write('/dev/full')).rejects.toThrow('/dev/full cannot be written (no space left on device)');
  });

  it.runIf(isLinux)('a file system that takes no files', async () => {
    await expect(write('/proc/report.md')).rejects.toThrow(/\/proc\/report\.md cannot be written \(/);
  });

  it('one that somebody else made after it was looked at', async () => {
    const target = await outputTarget(at('x'), { force: false, run });
    put('x');
    await expect(writeOutput(target, 'new')).rejects.toThrow(/x is there already/);
    expect(readFileSync(at('x'), 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['run', 'x']);
  });

  it('two at once: one is whole, the other is told', async () => {
    const target = await outputTarget(at('x'), { force: false, run });
    const all = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
    const ends = await Promise.allSettled(all.map((text) => writeOutput(target, text)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(all).toContain(readFileSync(at('x'), 'utf8'));
    expect(readdirSync(folder).sort()).toEqual(['run', 'x']);
  });
});
