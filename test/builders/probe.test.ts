import { describe, expect, test } from 'vitest';
import type { Command, RunResult } from '../../src/builders/builder.js';
import { extraOutput } from '../../src/builders/probe.js';

const list: Command = { file: 'docker', args: ['buildx', 'ls'] };
const info: Command = { file: 'docker', args: ['info'] };
const done: RunResult = { exitCode: 0, stdout: 'told\n', stderr: '', timedOut: false, notFound: false };

describe('output that only a report wants', () => {
  test('is kept of the commands that ended well', async () => {
    const slow: RunResult = { ...done, exitCode: null, stdout: 'half', timedOut: true };
    const ran = await extraOutput((command) => Promise.resolve(command === list ? slow : done), [list, info]);
    expect(ran).toEqual([[info, done]]);
  });

  test('is waited for a third of a probe’s time at most, all commands side by side', async () => {
    const limits: (number | undefined)[] = [];
    let under = 0;
    await extraOutput(
      async (_, options) => {
        limits.push(options?.timeoutMs);
        under++;
        await Promise.resolve();
        expect(under).toBe(2);
        return done;
      },
      [list, info],
    );
    expect(limits).toEqual([3_000, 3_000]);
  });
});
