import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { plannedArm, plannedBuild, plannedLane } from '../../results/sample-run.js';
import { detailOf } from './planned-detail.js';
import { reproduction, test } from './script-run.js';

const dockerfile = { path: 'Dockerfile', sha256: '', content: 'FROM scratch\n', encoding: 'utf8' } as const;

/** Command lines of the processes that have this text in their environment. */
function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const isOurs = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text);
        return isOurs ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
      } catch {
        return []; // It has ended, or is somebody else's.
      }
    });
}

describe.skipIf(process.platform !== 'linux').for([['dash'], ['bash', '--posix']])('%s', (shell) => {
  test.for([
    ['SIGINT', 130, true],
    ['SIGTERM', 143, true],
    ['SIGHUP', 129, true],
    ['SIGTERM', 143, false],
  ] as const)('%s ends the builds first: %s, together: %s', async ([signal, code, together], { bench }) => {
    await bench.answers({ a: { hangs: true } });
    const lanes = ['a', 'b'].map((name) =>
      plannedLane(name, {
        delayMs: name === 'b' ? 600_000 : 0,
        build: { ...plannedBuild, buildArgs: { LANE: name } },
      }),
    );
    const steps = [{ step: 'build' as const, together, lanes }];
    const detail = detailOf([plannedArm({ expects: ['build-failed'], steps })], 'buildctl', [dockerfile]);
    const { exitCode, calls } = await bench.run(reproduction(detail).script, { shell, signal });
    expect(exitCode).toBe(code);
    expect(calls.map((call) => call.includes('build-arg:LANE=a'))).toEqual([true]);
    expect(processesWith(bench.temporary)).toEqual([]);
    expect(await readdir(bench.temporary)).toEqual([]);
  });
});
