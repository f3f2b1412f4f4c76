import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, vi } from 'vitest';
import { createRun, keptBytes, runLimitMs } from '../../src/builders/run.js';
import { test } from './place.js';

const node = (script: string, ...args: string[]) => ({
  file: process.execPath,
  args: ['-e', script, ...args],
});

/** Waits for a file that another process writes, as long as that takes. */
async function appears(file: string): Promise<string> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return text.trim();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A killed child of a test's own child stays a zombie until init takes it: that is dead as well. */
async function died(pid: number): Promise<boolean> {
  for (;;) {
    if (!isAlive(pid)) return true;
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (/\) Z /.test(state)) return true;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

afterEach(() => {
  vi.useRealTimers();
});

describe('run', () => {
  test('tells output, errors and exit code apart, and throws for none', async () => {
    const run = createRun(process.env);
    const result = await run(node('console.log("out"); console.error("err"); process.exitCode = 3'));
    expect(result).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
      notFound: false,
    });
  });

  test('passes arguments as they are, through no shell', async () => {
    const odd = ['$(id)', 'a b', '--help', '; false', "'", '"', '*', ''];
    const { stdout } = await createRun(process.env)(
      node('console.log(JSON.stringify(process.argv.slice(1)))', '--', ...odd),
    );
    expect(JSON.parse(stdout)).toEqual(odd);
  });

  test('gives the environment untouched, and the variables of the command', async () => {
    const env = { PATH: '/nowhere', KEPT: 'yes' };
    const command = {
      ...node('console.log(JSON.stringify(process.env))'),
      env: { ADDED: '1', KEPT: 'changed' },
    };
    const { stdout } = await createRun(env)(command);
    expect(JSON.parse(stdout)).toEqual({ PATH: '/nowhere', KEPT: 'changed', ADDED: '1' });
  });

  test('looks for the program on the PATH of that environment', async ({ place }) => {
    await place.program('tool', { '': { stdout: 'here' } });
    expect((await createRun({ PATH: place.bin })({ file: 'tool', args: [] })).stdout).toBe('here');
    expect((await createRun({ PATH: '/nowhere' })({ file: 'tool', args: [] })).notFound).toBe(true);
  });

  test('tells that a program cannot be started', async ({ place }) => {
    const run = createRun(process.env);
    const nowhere = await run({ file: path.join(place.folder, 'none'), args: [] });
    expect(nowhere).toEqual({ exitCode: null, stdout: '', stderr: '', timedOut: false, notFound: true });
    // A folder is no program, and a NUL byte is no argument.
    expect((await run({ file: place.folder, args: [] })).notFound).toBe(true);
    expect((await run({ file: process.execPath, args: ['a\0b'] })).notFound).toBe(true);
  });

  test('runs in the folder given', async ({ place }) => {
    const { stdout } = await createRun(process.env)(node('console.log(process.cwd())'), { cwd: place.bin });
    expect(path.basename(stdout.trim())).toBe('bin');
  });

  test('gives an empty standard input', async () => {
    const read = 'require("node:fs").readFileSync(0); console.log("end")';
    expect((await createRun(process.env)(node(read))).stdout).toBe('end\n');
  });

  test('keeps so much output and no more, and lets the program end', async () => {
    const much = `process.stdout.write("x".repeat(${3 * keptBytes}), () => console.error("written"))`;
    const result = await createRun(process.env)(node(much));
    expect(result.stdout).toHaveLength(keptBytes);
    expect(result.stderr).toBe('written\n');
    expect(result.exitCode).toBe(0);
  });

  test('says null for the exit code of a program that a signal ended', async () => {
    const result = await createRun(process.env)(node('process.kill(process.pid, "SIGTERM")'));
    expect(result.exitCode).toBeNull();
    expect(result.timedOut).toBe(false);
  });

  test.for([
    ['its own limit', {}, runLimitMs],
    ['the limit given', { timeoutMs: 400 }, 400],
  ] as const)('kills the whole process group at %s', async ([, options, limit], { place }) => {
    const file = path.join(place.folder, 'pids');
    // Both ignore SIGTERM, and the grandchild holds the pipes.
    const sleep = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);';
    const script = `${sleep}
      const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(sleep)}], { stdio: 'inherit' });
      console.log('begun');
      require('node:fs').writeFileSync(${JSON.stringify(file)}, process.pid + ' ' + child.pid + '\\n');`;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const running = createRun(process.env)(node(script), options);
    const [own, child] = (await appears(file)).split(' ').map(Number) as [number, number];
    vi.advanceTimersByTime(limit - 1);
    expect([isAlive(own), isAlive(child)]).toEqual([true, true]);
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    const result = await running;
    expect(result).toMatchObject({ exitCode: null, stdout: 'begun\n', timedOut: true, notFound: false });
    expect([await died(own), await died(child)]).toEqual([true, true]);
  });

  test('does not wait for what the program left behind, nor ends it', async ({ place }) => {
    const file = path.join(place.folder, 'pid');
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      require('node:fs').writeFileSync(${JSON.stringify(file)}, child.pid + '\\n');
      console.log('done'); process.exit(0);`;
    const result = await createRun(process.env)(node(script));
    const left = Number(await appears(file));
    expect(result).toMatchObject({ exitCode: 0, stdout: 'done\n', timedOut: false });
    expect(isAlive(left)).toBe(true);
    process.kill(left, 'SIGKILL');
  });

  test('ends with its signal, and starts nothing where that is given already', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const ended = createRun(process.env)(node('setInterval(() => {}, 1000)'), {
      abort: signal,
      timeoutMs: 600_000,
    });
    controller.abort();
    expect(await ended).toMatchObject({ exitCode: null, timedOut: false });
    expect(
      await createRun(process.env)(node('setInterval(() => {}, 1000)'), { abort: signal }),
    ).toMatchObject({
      ...{ exitCode: null, notFound: false },
    });
  });
});
