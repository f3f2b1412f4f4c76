import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { blockedProcesses } from '../../src/runner/blocked.js';
import { GateError, makeFifo, openGate } from '../../src/runner/gate.js';
import type { Lane, LaneEnd } from '../../src/runner/lane.js';
import { processes, until } from '../processes/alive.js';
import { type Gated, sh, test } from './gated.js';

async function letThrough(
  { fifo }: Gated,
  lanes: readonly Lane[],
): Promise<{ openedAt: number; ends: LaneEnd[] }> {
  const gate = await openGate(fifo, lanes);
  await Promise.all(lanes.map((lane) => lane.through));
  gate.close();
  return { openedAt: gate.openedAt, ends: await Promise.all(lanes.map((lane) => lane.ended)) };
}

const isBlocked = async ({ pid }: Lane): Promise<boolean> =>
  (await blockedProcesses([pid]))?.has(pid) !== false;

describe('the gate', () => {
  test('holds every lane until it opens, however early it was started', async ({ gated }) => {
    const early = gated.start('early', 'echo ran');
    await early.ready;
    await until(() => isBlocked(early));
    const late = gated.start('late', 'echo ran');
    await late.ready;
    await until(() => isBlocked(late));
    expect([early.hasLeft(), late.hasLeft()]).toEqual([false, false]);
    expect(await readFile(gated.at('logs/early.stdout'), 'utf8')).toBe('');

    const { openedAt, ends } = await letThrough(gated, [early, late]);
    for (const end of ends) {
      expect(end.exitCode).toBe(0);
      expect(end.startedAt).toBeGreaterThanOrEqual(openedAt);
      expect(end.endedAt).toBeGreaterThanOrEqual(end.startedAt ?? Number.POSITIVE_INFINITY);
    }
    expect(await readFile(gated.at('logs/early.stdout'), 'utf8')).toBe('ran\n');
  });

  test('lets all lanes go, and none alone: each waits for all the others', async ({ gated }) => {
    await mkdir(gated.at('met'));
    // A lane that were held back by another one would never end.
    const meet = sh(
      ': >"$1/$2"; while [ "$(ls "$1" | wc -l)" -lt 8 ]; do sleep 0.02; done; echo met',
      gated.at('met'),
    );
    const lanes = Array.from({ length: 8 }, (_, i) =>
      gated.start(`lane${i}`, { ...meet, args: [...meet.args, String(i)] }),
    );
    const { ends } = await letThrough(gated, lanes);
    expect(ends.map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(0));
    for (let i = 0; i < 8; i++)
      expect(await readFile(gated.at(`logs/lane${i}.stdout`), 'utf8')).toBe('met\n');
  });

  test('is as good as new afterwards', async ({ gated }) => {
    for (const round of ['one', 'two', 'three']) {
      const lanes = ['a', 'b'].map((name) => gated.start(`${name}-${round}`, 'echo ran'));
      await Promise.all(lanes.map((lane) => lane.ready));
      await until(async () => (await Promise.all(lanes.map(isBlocked))).every(Boolean));
      // Were the last round's gate still open, these would be through.
      expect(lanes.map((lane) => lane.hasLeft())).toEqual([false, false]);
      const { ends } = await letThrough(gated, lanes);
      expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    }
  });

  test('delays a lane from its opening on', async ({ gated }) => {
    const delayMs = 150;
    const lanes = [gated.start('prompt', 'echo ran'), gated.start('delayed', 'echo ran', { delayMs })];
    await Promise.all(lanes.map((lane) => lane.ready));
    await until(async () => (await Promise.all(lanes.map(isBlocked))).every(Boolean));
    // Nobody counts the delay yet: the waiting lanes have no child.
    const pids = lanes.map(({ pid }) => pid);
    expect((await processes()).filter(({ parent }) => pids.includes(parent))).toEqual([]);

    const { openedAt, ends } = await letThrough(gated, lanes);
    // `sleep` takes at least that long; the harness's clock and its own may differ by a tick.
    expect((ends[1]?.startedAt ?? 0) - openedAt).toBeGreaterThanOrEqual(delayMs - 2);
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  test('lets lanes go in the order of their delays', async ({ gated }) => {
    // Each of them waits for the file of the one before, so that the order is none of the machine's.
    const follow = 'while ! [ -e "$1" ]; do sleep 0.02; done; : >"$2"; echo ran';
    await gated.write('0', '');
    const lanes = [60, 30, 0].map((delayMs) =>
      gated.start(
        `after-${delayMs}`,
        sh(follow, gated.at(String(delayMs / 30)), gated.at(String(delayMs / 30 + 1))),
        { delayMs },
      ),
    );
    const { openedAt, ends } = await letThrough(gated, lanes);
    for (const [i, delayMs] of [60, 30, 0].entries()) {
      expect((ends[i]?.startedAt ?? 0) - openedAt).toBeGreaterThanOrEqual(delayMs - 2);
    }
    expect((await readdir(gated.path)).filter((name) => /^\d$/.test(name)).sort()).toEqual([
      '0',
      '1',
      '2',
      '3',
    ]);
  });
});

describe('a lane that dies before the gate opens', () => {
  test('is an error of the gate, before it said that it is ready', async ({ gated }) => {
    const lane = gated.start('a', 'echo ran');
    process.kill(lane.pid, 'SIGKILL');
    // It may have been quick enough to be ready; dead it is either way.
    const opening = openGate(gated.fifo, [lane]);
    await expect(opening).rejects.toBeInstanceOf(GateError);
    await expect(opening).rejects.toThrow('lane a died before the gate opened');
  });

  test('is an error of the gate while the others wait, and they do not run', async ({ gated }) => {
    const lanes = ['a', 'b', 'c'].map((name) => gated.start(name, 'echo ran'));
    await Promise.all(lanes.map((lane) => lane.ready));
    const [a, b, c] = lanes;
    process.kill(b?.pid ?? 0, 'SIGKILL');
    await expect(openGate(gated.fifo, lanes)).rejects.toThrow('lane b died before the gate opened');
    expect([a?.hasLeft(), c?.hasLeft()]).toEqual([false, false]);
    await Promise.all(lanes.map((lane) => lane.stop()));
    for (const name of ['a', 'c']) expect(await readFile(gated.at(`logs/${name}.stdout`), 'utf8')).toBe('');
  });

  test('is an error of the gate where nobody is left to wait', async ({ gated }) => {
    const lanes = ['a', 'b'].map((name) => gated.start(name, 'echo ran'));
    await Promise.all(lanes.map((lane) => lane.ready));
    for (const { pid } of lanes) process.kill(pid, 'SIGKILL');
    await expect(openGate(gated.fifo, lanes)).rejects.toThrow('died before the gate opened');
  });

  test('is an error of the gate where the FIFO is missing', async ({ gated }) => {
    await rm(gated.fifo);
    const lane = gated.start('a', 'echo ran');
    await expect(openGate(gated.fifo, [lane])).rejects.toThrow('lane a died before the gate opened');
    expect((await lane.ended).exitCode).not.toBe(0);
  });

  test('is one that could not be started at all', async ({ gated }) => {
    // Longer than any system lets an argument be.
    const lane = gated.start('a', sh(':', 'x'.repeat(3_000_000)));
    await expect(openGate(gated.fifo, [lane])).rejects.toThrow(
      'lane a could not be started (argument list too long)',
    );
    expect(await lane.ended).toEqual({
      startedAt: null,
      endedAt: null,
      exitCode: null,
      signal: null,
      timedOut: false,
      cuts: [],
    });
    await lane.through;
    await lane.stop();
  });
});

describe('nothing of data gets into shell text', () => {
  const hostile = [
    '',
    ' ',
    "it's",
    '"',
    '$(touch pwned)',
    '`touch pwned`',
    '; touch pwned',
    '|| touch pwned',
    '\n touch pwned \n',
    '$1',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is a shell's variable
    '${HOME}',
    '\\',
    '*',
    '~',
    '-n',
    '--',
    '%s\\n',
    '!!',
    'é 🦭',
    '\u0001',
    'x'.repeat(10_000),
  ];
  const print = '#!/bin/sh\nprintf "%s\\0" "$0" "$@"\n';

  test('of arguments: they arrive untouched', async ({ gated }) => {
    const file = await gated.write('print', print);
    await chmod(file, 0o755);
    await letThrough(gated, [gated.start('a', { file, args: hostile })]);
    const printed = (await readFile(gated.at('logs/a.stdout'), 'utf8')).split('\0');
    expect(printed).toEqual([file, ...hostile, '']);
  });

  test.for(["it's", '$(touch pwned)', '`touch pwned`', 'two  blanks', 'x\ny', '-x', 'a;b', '*', 'é'])(
    'of the names %j of program, FIFO and log folder',
    async (name, { gated }) => {
      const folder = gated.at(name);
      await mkdir(folder);
      const file = `${folder}/print ${name}`;
      await writeFile(file, print, { mode: 0o755 });
      const fifo = `${folder}/gate ${name}`;
      await makeFifo(fifo);
      const lane = gated.start('a', { file, args: ['x'] }, { fifo, folder });
      await letThrough({ ...gated, fifo }, [lane]);
      expect(await readFile(`${folder}/a.stdout`, 'utf8')).toBe(`${file}\0x\0`);
      expect(existsSync('pwned')).toBe(false);
    },
  );

  test('of a delay: it is a number', async ({ gated }) => {
    const lanes = [0.0001, 1e-9, 0.5].map((delayMs, i) => gated.start(`lane${i}`, 'echo ran', { delayMs }));
    const { ends } = await letThrough(gated, lanes);
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  });
});

test('a process that does not sleep is not taken for a waiting one', async ({ gated }) => {
  const lane = gated.start('busy', 'while :; do :; done');
  await letThroughWithoutEnd(gated, lane);
  // It is always running or runnable; a look in between may find it in the kernel for an instant.
  let seen = 0;
  for (let look = 0; look < 20; look++) seen += (await isBlocked(lane)) ? 1 : 0;
  expect(seen).toBeLessThan(20);
  expect(await blockedProcesses([lane.pid, 2 ** 22 + 1])).not.toContain(2 ** 22 + 1);
  await lane.stop();
});

async function letThroughWithoutEnd({ fifo }: Gated, lane: Lane): Promise<void> {
  const gate = await openGate(fifo, [lane]);
  await lane.through;
  gate.close();
}
