import type { Comparable, ComparableArm } from '../../src/results/comparable.js';
import type { Signal } from '../../src/signals.js';

export function comparableArm(name: string, more: Partial<ComparableArm> = {}): ComparableArm {
  return {
    name,
    role: 'reproduce',
    of: null,
    point: null,
    skipped: null,
    valid: 20,
    steps: ['build a, b'],
    delaysMs: [0, 0],
    signals: [],
    ...more,
  };
}

export function seen(
  signal: Signal,
  count: number,
  of = 20,
  expected = true,
): ComparableArm['signals'][number] {
  return { signal, expected, count, of };
}

export function comparable(
  name: string,
  arms: readonly ComparableArm[],
  more: Partial<Comparable> = {},
): Comparable {
  return {
    name,
    file: `/results/${name}`,
    isBaseline: false,
    scenario: 'chaos-1506',
    contentSha256: 'ad5b1c8e',
    builder: { kind: 'buildctl', name: null, version: 'v0.32.2', daemonVersion: 'v0.32.2', simulated: false },
    machine: {
      os: 'Linux #1 SMP',
      kernel: '6.12.38',
      arch: 'x64',
      host: '1f2e3d4c5b6a',
      cpus: 2,
      cpuModel: 'AMD EPYC 7763',
    },
    ofSeveralMachines: false,
    ofSeveralBuilders: false,
    startedAt: '2026-11-20T10:15:00.000Z',
    stopping: { rule: 'fixed' },
    phase: null,
    shard: null,
    stopped: null,
    countedBy: '0.1.0',
    arms,
    ...more,
  };
}

/** A run with one arm that expects one signal. */
export function drift(name: string, count: number, of = 20, more: Partial<Comparable> = {}): Comparable {
  return comparable(
    name,
    [comparableArm('main', { valid: of, signals: [seen('platform-drift', count, of)] })],
    more,
  );
}
