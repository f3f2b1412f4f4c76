import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, vi } from 'vitest';
import { openGate } from '../../src/runner/gate.js';
import type { Lane, LaneEnd } from '../../src/runner/lane.js';
import { appears, isAlive, kill, until } from '../processes/alive.js';
import { arrivalOfEachLine } from './arrival-file.js';
import { type Gated, sh, test } from './gated.js';

async function letGo(gated: Gated, ...lanes: readonly Lane[]): Promise<void> {
  const gate = await openGate(gated.fifo, lanes);
  for (const lane of lanes) lane.setOrigin(gate.openedAt);
  await Promise.all(lanes.map((lane) => lane.through));
  gate.close();
}

async function run(gated: Gated, lane: Lane): Promise<LaneEnd> {
  await letGo(gated, lane);
  return lane.ended;
}

const stdout = (gated: Gated, lane = 'a'): Promise<string> =>
  readFile(gated.at(`logs/${lane}.stdout`), 'utf8');

describe('what a lane prints', () => {
  const catBoth = 'cat "$1"; cat "$2" >&2';

  async function capture(gated: Gated, name: string, out: Buffer, err: Buffer): Promise<void> {
    const files = [await gated.write(`${name}.out`, out), await gated.write(`${name}.err`, err)];
    const { exitCode } = await run(gated, gated.start(name, sh(catBoth, ...files)));
    expect(exitCode).toBe(0);
    expect((await readFile(gated.at(`logs/${name}.stdout`))).equals(out)).toBe(true);
    expect((await readFile(gated.at(`logs/${name}.stderr`))).equals(err)).toBe(true);
    for (const [stream, bytes] of [
      ['stdout', out],
      ['stderr', err],
    ] as const) {
      const file = await readFile(gated.at(`logs/${name}.${stream}.times.jsonl`), 'utf8');
      const times = arrivalOfEachLine(file, bytes.toString('latin1'));
      expect(times.toSorted((a, b) => a - b)).toEqual(times);
      expect(times.every((ms) => ms >= 0)).toBe(true);
    }
  }

  test('is kept byte for byte, with the arrival of each line', async ({ gated }) => {
    let round = 0;
    const bytes = fc.uint8Array({ maxLength: 2_000 }).map((some) => Buffer.from(some));
    const lines = fc
      .array(fc.constantFrom('a', '\n', '\r\n', '\0', '\x1b[0m'), { maxLength: 60 })
      .map((some) => Buffer.from(some.join('')));
    const stream = fc.oneof(bytes, lines);
    await fc.assert(
      fc.asyncProperty(stream, stream, (out, err) => capture(gated, `lane${round++}`, out, err)),
      { numRuns: 12 },
    );
  });

  test('is kept where it is much, of both streams at once', async ({ gated }) => {
    await capture(
      gated,
      'much',
      randomBytes(2_000_000),
      Buffer.concat([randomBytes(2_000_000), Buffer.from('no end')]),
    );
  });

  test('is kept where it is nothing', async ({ gated }) => {
    await capture(gated, 'nothing', Buffer.alloc(0), Buffer.alloc(0));
  });

  test('is shown while it comes', async ({ gated }) => {
    const shown: [string, string][] = [];
    const go = gated.at('go');
    const lane = gated.start('a', sh('echo first; while ! [ -e "$1" ]; do sleep 0.02; done; echo last', go), {
      onOutput: (name, piece) => shown.push([name, piece.toString()]),
    });
    await letGo(gated, lane);
    await until(() => shown.length > 0);
    expect(shown).toEqual([['a', 'first\n']]);
    await writeFile(go, '');
    await lane.ended;
    expect(shown.map(([, text]) => text).join('')).toBe('first\nlast\n');
  });
});

describe('how a lane ends', () => {
  test('is told: exit code, signal, and that it had the time it needed', async ({ gated }) => {
    expect(await run(gated, gated.start('done', 'exit 0'))).toMatchObject({
      exitCode: 0,
      signal: null,
      timedOut: false,
    });
    expect(await run(gated, gated.start('seven', 'exit 7'))).toMatchObject({
      exitCode: 7,
      signal: null,
      timedOut: false,
    });
    expect(await run(gated, gated.start('killed', 'kill -KILL $$'))).toMatchObject({
      exitCode: null,
      signal: 'SIGKILL',
      timedOut: false,
    });
  });

  test('is 127 where there is no such program, and what the shell says is kept', async ({ gated }) => {
    const end = await run(gated, gated.start('a', { file: 'no-such-builder', args: [] }));
    expect(end.exitCode).toBe(127);
    expect(await readFile(gated.at('logs/a.stderr'), 'utf8')).toMatch(
      /^buildrace-gate: .*no-such-builder.*not found/,
    );
  });

  test('is an error where its log cannot be made, and it is not held up by that', async ({ gated }) => {
    const lane = gated.start('a', 'head -c 1000000 /dev/zero', { folder: gated.at('none') });
    await letGo(gated, lane);
    await expect(lane.ended).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.runIf(existsSync('/dev/full'))(
    'is an error where there is no space for its log',
    async ({ gated }) => {
      await symlink('/dev/full', gated.at('logs/a.stdout'));
      const lane = gated.start(
        'a',
        sh('head -c 1000000 /dev/zero && echo "all was read" >"$1"', gated.at('note')),
      );
      await letGo(gated, lane);
      await expect(lane.ended).rejects.toMatchObject({ code: 'ENOSPC' });
      // The builder was not blocked by a pipe that nobody reads.
      expect(await appears(gated.at('note'))).toBe('all was read');
    },
  );
});

describe('what a lane is given', () => {
  test('is an empty standard input', async ({ gated }) => {
    await run(gated, gated.start('a', 'wc -c | tr -d " "'));
    expect(await stdout(gated)).toBe('0\n');
  });

  test('is a process group and a session of its own, so that Ctrl-C is the harness’s alone', async ({
    gated,
  }) => {
    const lane = gated.start('a', 'ps -o pgid= -p $$ | tr -d " "');
    await run(gated, lane);
    expect(await stdout(gated)).toBe(`${lane.pid}\n`);
  });

  test('is the user’s environment untouched, and the builder’s variables', async ({ gated }) => {
    const env = {
      PATH: process.env.PATH,
      NO_COLOR: '',
      BUILDKIT_COLORS: 'run=green',
      HOME: '/home/"it\'s" $(x)\nnew',
      UTF8: 'é',
      'npm_config_@scope:registry': 'https://example.com/',
      'BASH_FUNC_which%%': '() {  :\n}',
      'with blank': 'x y',
      REPLACED: 'by the user',
    };
    const command = {
      file: process.execPath,
      args: ['-e', 'process.stdout.write(JSON.stringify(process.env))'],
      env: { DOCKER_BUILDKIT: '1', REPLACED: 'by the builder' },
    };
    vi.stubEnv('LEAKED_FROM_THE_HARNESS', '1');
    const { exitCode } = await run(gated, gated.start('a', command, { env }));
    vi.unstubAllEnvs();
    expect(exitCode).toBe(0);
    // Shells add these of their own.
    const { PWD, OLDPWD, SHLVL, _, __CF_USER_TEXT_ENCODING, ...seen } = JSON.parse(
      await stdout(gated),
    ) as Record<string, string>;
    expect(seen).toEqual({ ...env, ...command.env });
  });
});

describe('the end of a lane’s processes', () => {
  /** A child that ignores SIGTERM, and a child of it that does so too; their ids go to $1. */
  const stubborn = sh(
    `trap '' TERM
     sh -c 'trap "" TERM; echo $$ >"$1.child"; while :; do sleep 0.05; done' sh "$1" &
     echo $$ >"$1"
     while :; do sleep 0.05; done`,
  );
  const stubbornLane = (gated: Gated, more = {}): Lane =>
    gated.start('a', { ...stubborn, args: [...stubborn.args, gated.at('pid')] }, more);
  const pidsOf = async (gated: Gated): Promise<number[]> =>
    (await Promise.all([appears(gated.at('pid')), appears(gated.at('pid.child'))])).map(Number);

  afterEach(() => {
    vi.useRealTimers();
  });

  test('comes with the time limit, to all of the group, also where SIGTERM is ignored', async ({ gated }) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const lane = stubbornLane(gated, { timeoutMs: 60_000 });
    const bystander = gated.start('b', 'while :; do sleep 0.05; done');
    await letGo(gated, lane, bystander);
    const pids = await pidsOf(gated);
    vi.advanceTimersByTime(59_999);
    expect(await Promise.all(pids.map(isAlive))).toEqual([true, true]);
    vi.advanceTimersByTime(1);
    expect(await lane.ended).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: true });
    expect(await Promise.all(pids.map(isAlive))).toEqual([false, false]);
    expect(await isAlive(bystander.pid)).toBe(true);
  });

  test('waits for what is kept of a lane that then ends by itself, and leaves what that left', async ({
    gated,
  }) => {
    let isKept = false;
    const script =
      '(while :; do sleep 0.05; done) >&- 2>&- & echo $! >"$2"; until [ -e "$1" ]; do sleep 0.02; done';
    const lane: Lane = gated.start('a', sh(script, gated.at('go'), gated.at('left')), {
      timeoutMs: 20,
      onTimeLimit: async () => {
        await writeFile(gated.at('go'), '');
        await until(async () => !(await isAlive(lane.pid)));
        await new Promise((resolve) => setTimeout(resolve, 100));
        isKept = true;
      },
    });
    expect(await run(gated, lane)).toMatchObject({ exitCode: 0, timedOut: true });
    expect(isKept).toBe(true);
    const left = Number(await appears(gated.at('left')));
    expect(await isAlive(left)).toBe(true);
    kill(left);
  });

  test.for([
    ['of one that runs', 'while :; do sleep 0.05; done', { signal: 'SIGTERM', timedOut: true }],
    ['of one that ended by itself meanwhile', 'sleep 0.2', { exitCode: 0, timedOut: true }],
  ] as const)(
    'that the user wants does not wait for what is kept at the limit, %s',
    async ([, script, end], { gated }) => {
      let atLimit = (): void => undefined;
      const reached = new Promise<void>((resolve) => {
        atLimit = resolve;
      });
      const lane = gated.start('a', script, {
        timeoutMs: 20,
        onTimeLimit: () => {
          atLimit();
          return new Promise(() => undefined);
        },
      });
      await letGo(gated, lane);
      await reached;
      if ('exitCode' in end) await until(async () => !(await isAlive(lane.pid ?? 0)));
      await lane.stop();
      expect(await lane.ended).toMatchObject(end);
    },
  );

  test('does not come for the time that a lane waits at the gate', async ({ gated }) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const lane = gated.start('a', 'exit 0', { timeoutMs: 60_000 });
    await lane.ready;
    vi.advanceTimersByTime(60_000);
    expect(await run(gated, lane)).toMatchObject({ exitCode: 0, timedOut: false });
  });

  test('is SIGTERM first, which a builder may use to clean up', async ({ gated }) => {
    const lane = gated.start(
      'a',
      'trap "echo cleaned up; exit 3" TERM; echo ready; while :; do sleep 0.05; done',
      {
        patience: { graceMs: 60_000, drainMs: 100 },
      },
    );
    await letGo(gated, lane);
    await until(async () => (await stdout(gated)) === 'ready\n');
    await lane.stop();
    expect(await lane.ended).toMatchObject({ exitCode: 3, timedOut: false });
    expect(await stdout(gated)).toBe('ready\ncleaned up\n');
  });

  test.for(['the lane is over', 'stopping it is'])(
    'is waited for: no process of the group is left when %s',
    async (when, { gated }) => {
      // The lane itself obeys SIGTERM; what it started does not, and holds no pipe that would be waited for.
      const script = `sh -c 'trap "" TERM; echo $$ >"$1"; while :; do sleep 0.05; done' sh "$1" >/dev/null 2>&1 & sleep 1000`;
      const lane = gated.start('a', sh(script, gated.at('pid')), {
        patience: { graceMs: 1_500, drainMs: 100 },
      });
      await letGo(gated, lane);
      const pid = Number(await appears(gated.at('pid')));
      const stopped = lane.stop();
      await (when === 'the lane is over' ? lane.ended : stopped);
      expect(await isAlive(pid)).toBe(false);
      expect(await lane.ended).toMatchObject({ signal: 'SIGTERM' });
    },
  );

  test('comes to a lane that still waits at the gate', async ({ gated }) => {
    const lane = gated.start('a', 'echo ran');
    await lane.ready;
    await lane.stop();
    expect(await lane.ended).toMatchObject({ exitCode: null, signal: 'SIGTERM', timedOut: false });
    expect(await stdout(gated)).toBe('');
  });

  test('comes to the delay of a lane as well', async ({ gated }) => {
    const lane = gated.start('a', 'echo ran', { delayMs: 1_000_000 });
    const gate = await openGate(gated.fifo, [lane]);
    await lane.stop();
    expect(await lane.ended).toMatchObject({ signal: 'SIGTERM' });
    gate.close();
  });

  test('is done once: stopping again, or after the end, does nothing', async ({ gated }) => {
    const lane = gated.start('a', 'exit 0');
    await run(gated, lane);
    const spy = vi.spyOn(process, 'kill');
    await Promise.all([lane.stop(), lane.stop()]);
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  });

  test('is not the lane’s own where a process that it left holds the pipe', async ({ gated }) => {
    const lane = gated.start('a', 'sleep 1000 & echo $!');
    expect(await run(gated, lane)).toMatchObject({ exitCode: 0, timedOut: false });
    const left = Number(await stdout(gated));
    // What a builder leaves running is the user's; only a lane that was told to end takes it along.
    expect(await isAlive(left)).toBe(true);
    kill(left);
  });

  test('is not the lane’s own where a process that it left goes on printing', async ({ gated }) => {
    const lane = gated.start('a', 'echo first; yes & echo $! >&2');
    expect(await run(gated, lane)).toMatchObject({ exitCode: 0 });
    expect((await stdout(gated)).startsWith('first\ny\ny\n')).toBe(true);
    kill(Number(await readFile(gated.at('logs/a.stderr'), 'utf8')));
  });

  test('does not come early for a limit that no timer can hold', async ({ gated }) => {
    const lane = gated.start('a', 'sleep 0.2; echo ran', { timeoutMs: 2 ** 31 });
    expect(await run(gated, lane)).toMatchObject({ exitCode: 0, timedOut: false });
  });

  test.runIf(existsSync('/proc/self/fd')).for([
    ['a session of its own', 'setsid sh -c "$1" sh "$2" &', ''],
    [
      'a session of its own, its output elsewhere',
      'setsid sh -c "$1" sh "$2" >/dev/null 2>&1 </dev/null &',
      '',
    ],
    ['two forks behind', '(setsid sh -c "$1" sh "$2" >/dev/null 2>&1 </dev/null &);', ''],
    ['a session of its own, deaf to SIGTERM', 'setsid sh -c "trap \'\' TERM; $1" sh "$2" &', ''],
    ['the lane’s outputs, after its end', 'setsid sh -c "$1" sh "$2" &', 'exit 0'],
  ] as const)('comes to what took %s', async ([, away, end], { gated }) => {
    const stray = 'echo $$ >"$1"; while :; do sleep 0.05; done';
    const lane = gated.start('a', sh(`${away} ${end || 'sleep 1000'}`, stray, gated.at('pid')), {
      // The lane that ends by itself is waited for as long as its pipe is open.
      patience: { graceMs: 200, drainMs: end === '' ? 100 : 60_000 },
    });
    await letGo(gated, lane);
    const pid = Number(await appears(gated.at('pid')));
    expect(await isAlive(pid)).toBe(true);
    await lane.stop();
    await lane.ended;
    expect(await isAlive(pid)).toBe(false);
    expect(readdirSync(gated.path).filter((name) => name.startsWith('mark-'))).toEqual([]);
  });

  test.runIf(existsSync('/proc/self/fd'))(
    'comes not to what a lane that ended by itself left, nor to others',
    async ({ gated }) => {
      const script = 'setsid sh -c "echo \\$\\$ >$1; exec sleep 1000" >/dev/null 2>&1 &';
      const [over, stopped] = ['a', 'b'].map((name) =>
        gated.start(name, sh(name === 'a' ? script : `${script} sleep 1000`, gated.at(`pid-${name}`))),
      ) as [Lane, Lane];
      await letGo(gated, over, stopped);
      const pids = await Promise.all(
        ['a', 'b'].map(async (one) => Number(await appears(gated.at(`pid-${one}`)))),
      );
      await over.ended;
      await Promise.all([over.stop(), stopped.stop()]);
      expect(await Promise.all(pids.map(isAlive))).toEqual([true, false]);
      for (const pid of pids) kill(pid);
    },
  );
});

describe('the limit of what is kept', () => {
  const flood =
    'head -c 300000 /dev/zero | tr "\\0" "x" | fold -w 99; head -c 200000 /dev/zero | tr "\\0" "e" >&2';
  const sizeOf = async (gated: Gated, stream: string): Promise<number> =>
    (await readFile(gated.at(`logs/a.${stream}`))).length;

  test('is that of both streams together, and the cuts are told', async ({ gated }) => {
    const { cuts } = await run(gated, gated.start('a', sh(flood), { maxLogBytes: 100_000 }));
    const [out, err] = [await sizeOf(gated, 'stdout'), await sizeOf(gated, 'stderr')];
    expect(out + err).toBeLessThanOrEqual(100_000);
    expect(out + err).toBeGreaterThan(90_000);
    expect(cuts.map(({ stream }) => stream)).toEqual(['stdout', 'stderr']);
    for (const cut of cuts) {
      const lines = (await readFile(gated.at(`logs/a.${cut.stream}`), 'utf8')).split('\n');
      expect(lines[cut.line - 1]).toMatch(/^\[buildrace: [\d,]+ bytes left out here: /);
    }
  });

  test('touches nothing that stays below it', async ({ gated }) => {
    const { cuts } = await run(gated, gated.start('a', sh(flood), { maxLogBytes: 510_000 }));
    expect(cuts).toEqual([]);
    expect(await sizeOf(gated, 'stdout')).toBe(303_030);
    expect(await sizeOf(gated, 'stderr')).toBe(200_000);
    const times = await readFile(gated.at('logs/a.stdout.times.jsonl'), 'utf8');
    expect(arrivalOfEachLine(times, await stdout(gated))).toHaveLength(3_031);
  });
});
