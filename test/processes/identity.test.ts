import { describe, expect, test } from 'vitest';
import { isGone, isOver, isRunning, isThisWorld, signalProcess } from '../../src/processes/identity.js';
import type { ProcessSystem } from '../../src/processes/process-system.js';
import { psSystem } from '../../src/processes/ps-system.js';

const here = { bootId: 'this boot', pidNamespace: 'pid:[1]' };

/** A system that tells this of every process. */
const telling = (start: string, world = here): ProcessSystem => ({
  ...psSystem(() => null),
  startOf: () => start,
  bootId: () => world.bootId,
  pidNamespace: () => world.pidNamespace,
});

describe('one process', () => {
  test.for([
    ['runs', '100', '100', [true, false]],
    ['gave its number to another one', '100', '101', [false, true]],
    ['ended', '100', 'none', [false, true]],
    ['cannot be looked at', '100', 'unknown', [false, false]],
    ['was noted without a start, and somebody has its number', '', '101', [false, false]],
    ['was noted without a start, and nobody has its number', '', 'none', [false, true]],
    ['was noted as nothing that a start can be', 'unknown', 'unknown', [false, false]],
  ] as const)('that %s', ([, noted, start, [runs, gone]]) => {
    const one = { pid: 7, startTicks: noted };
    const system = telling(start);
    expect([isRunning(one, system), isGone(one, system)]).toEqual([runs, gone]);
    expect(isOver(one, here, system)).toBe(gone);
    expect(isOver(one, { ...here, pidNamespace: 'pid:[2]' }, system)).toBe(false);
    expect(isOver(one, { ...here, bootId: 'another boot' }, system)).toBe(true);
  });

  test('is not signalled where nothing shows that it is that one', () => {
    expect(signalProcess({ pid: process.pid, startTicks: '1' }, 'SIGKILL')).toBe(false);
    expect(signalProcess({ pid: 2 ** 30, startTicks: '1' }, 'SIGKILL')).toBe(false);
  });
});

describe('pids', () => {
  test.for([
    ['of this boot and namespace are pids here', here, here, true],
    ['of another boot are not', { ...here, bootId: 'another boot' }, here, false],
    ['of another namespace are not', { ...here, pidNamespace: 'pid:[2]' }, here, false],
    ['of a boot that nobody knows are not', { ...here, bootId: '' }, { ...here, bootId: '' }, false],
  ] as const)('%s', ([, world, there, isThis]) => {
    expect(isThisWorld(world, telling('100', there))).toBe(isThis);
  });
});
