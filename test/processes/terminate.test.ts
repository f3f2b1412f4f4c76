import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, vi } from 'vitest';
import { closeMark, makeMark } from '../../src/processes/mark.js';
import { thisSystem } from '../../src/processes/system.js';
import { findMarked, killMarked, terminateFamily } from '../../src/processes/terminate.js';
import { type Folder, test } from '../scenario/folder.js';
import { appears, isAlive, kill, until } from './alive.js';

const obeys = 'echo $$ >"$1"; exec sleep 1000';
const isDeaf = 'trap "" TERM; echo $$ >"$1"; while :; do sleep 0.05; done';

interface Started {
  readonly leader: number;
  readonly mark: string;
  /** Settles with the signal that ended the leader. */
  readonly signal: Promise<string | null>;
  /** Of the process that wrote its id to `$1`. */
  readonly pid: number;
}

const started: number[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const pid of started.splice(0)) kill(pid);
});

async function start(folder: Folder, script: string, ...args: readonly string[]): Promise<Started> {
  const mark = makeMark(folder.path);
  const child = spawn('sh', ['-c', script, 'sh', folder.at('pid'), ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ignore', mark?.descriptor],
  });
  closeMark(mark);
  const signal = new Promise<string | null>((resolve) => child.once('exit', (_, name) => resolve(name)));
  const leader = child.pid ?? 0;
  started.push(-leader);
  const pid = Number(await appears(folder.at('pid')));
  started.push(pid);
  return { leader, mark: mark?.file ?? '', signal, pid };
}

/** The system does not tell who is there, the first `times` times. */
function blind(times: number) {
  const real = thisSystem.look.bind(thisSystem);
  let asked = 0;
  return vi.spyOn(thisSystem, 'look').mockImplementation(async (files) => {
    asked++;
    return asked <= times ? null : real(files);
  });
}

describe('a family whose system does not tell who is there', () => {
  test.for([
    ['SIGTERM', obeys],
    ['SIGKILL', isDeaf],
  ] as const)('is ended all the same, with %s', async ([signal, script], { folder }) => {
    const { leader, mark, signal: ended } = await start(folder, script);
    blind(Number.POSITIVE_INFINITY);
    await terminateFamily({ leader, mark }, 200);
    expect(await ended).toBe(signal);
  });

  test.runIf(existsSync('/proc/self/fd')).for([
    ['left it', 'setsid sh -c "$2" sh "$1" & exec sleep 1000', obeys],
    ['left it and is deaf to SIGTERM', 'setsid sh -c "$2" sh "$1" & exec sleep 1000', isDeaf],
  ] as const)('is asked for again: what %s is ended once it tells', async ([, script, away], { folder }) => {
    const { leader, mark, pid } = await start(folder, script, away);
    const look = blind(3);
    await terminateFamily({ leader, mark }, 1_000);
    expect(look.mock.calls.length).toBeGreaterThan(3);
    expect(await isAlive(pid)).toBe(false);
  });

  test.runIf(existsSync('/proc/self/fd'))(
    'is not taken for ended by a member that cannot be looked at for a moment',
    async ({ folder }) => {
      const script = 'setsid sh -c "$2" sh "$1" & exec sleep 1000';
      const cleansUp = `trap 'echo >"$1.cleaned"; exit' TERM; echo $$ >"$1"; while :; do sleep 0.05; done`;
      const { leader, mark, pid } = await start(folder, script, cleansUp);
      const real = thisSystem.startOf.bind(thisSystem);
      let asked = 0;
      vi.spyOn(thisSystem, 'startOf').mockImplementation((one) => {
        if (one === pid) asked++;
        return one === pid && asked <= 3 ? 'unknown' : real(one);
      });
      await terminateFamily({ leader, mark }, 60_000);
      expect(await isAlive(pid)).toBe(false);
      // It was told in the end, and not only killed.
      expect(existsSync(folder.at('pid.cleaned'))).toBe(true);
    },
  );
});

describe('a family', () => {
  test.runIf(existsSync('/proc/self/fd'))(
    'takes along what only its parents tell of, though these end first',
    async ({ folder }) => {
      // A session of its own, and nothing open that it inherited.
      const script = 'setsid sh -c "$2" sh "$1" >/dev/null 2>&1 4>&- & wait';
      const { leader, mark, pid } = await start(folder, script, obeys);
      await terminateFamily({ leader, mark }, 500);
      expect(await isAlive(pid)).toBe(false);
    },
  );

  test('is over at once where nobody is left', async ({ folder }) => {
    const look = vi.spyOn(thisSystem, 'look');
    await terminateFamily({ leader: 2 ** 30, mark: folder.at('mark') }, 60_000);
    expect(look).toHaveBeenCalledTimes(2);
  });
});

describe.runIf(existsSync('/proc/self/fd'))('those that have a mark', () => {
  test('are not known where the system does not tell, and not taken for none', async ({ folder }) => {
    const { mark, pid } = await start(folder, obeys);
    blind(Number.POSITIVE_INFINITY);
    expect(await findMarked([mark])).toBe(null);
    expect(await killMarked([mark], 100)).toBe(null);
    expect(await isAlive(pid)).toBe(true);
    vi.restoreAllMocks();
    blind(2);
    expect(await killMarked([mark], 60_000)).toBe(1);
    await until(async () => !(await isAlive(pid)));
    expect(await killMarked([], 0)).toBe(0);
  });
});
