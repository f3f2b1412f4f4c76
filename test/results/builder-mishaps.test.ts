import { describe, expect, test } from 'vitest';
import { builderMishapsOf } from '../../src/results/builder-mishaps.js';
import type { JournalEvent } from '../../src/results/journal.js';
import { samplePlan } from './sample-run.js';

const base = { schemaVersion: 1 as const, at: '2026-01-02T03:04:05.678Z' };
const changed = (version: string | null, daemonVersion: string | null): JournalEvent => ({
  ...base,
  ...{ event: 'builder-changed', version, daemonVersion },
});
const resumed: JournalEvent = { ...base, event: 'run-resumed', toolVersion: '0.1.0', warnings: [] };
const told = (...events: JournalEvent[]): string[] =>
  builderMishapsOf({ plan: samplePlan(), journal: { events, unreadable: [] } });
const two = 'a rate over two builders says nothing of either';

describe('what befell a builder between iterations', () => {
  test('mostly nothing', () => {
    expect(told({ ...base, event: 'run-started' }, { ...base, event: 'run-finished' })).toEqual([]);
  });

  test.for([
    ['v0.99.0', 'v0.99.0', 'v0.99.0'],
    ['v0.99.0', null, 'v0.99.0'],
    ['v0.32.2', 'v0.99.0', 'v0.32.2 (daemon v0.99.0)'],
    [null, 'v0.99.0', 'of an unknown version (daemon v0.99.0)'],
  ] as const)('another version: program %s, daemon %s', ([version, daemonVersion, text]) => {
    expect(told(changed(version, daemonVersion))).toEqual([
      `the builder was v0.32.2 when the run began and ${text} when it ended: ${two}`,
    ]);
  });

  test('another version before a run that was resumed, and again after', () => {
    expect(told(changed('v2', 'v2'), resumed, changed('v2', 'v2'))).toEqual([
      `the builder was v0.32.2 when the run began and v2 before it was resumed: ${two}`,
      `the builder was v0.32.2 when the run began and v2 when it ended: ${two}`,
    ]);
  });

  test('a daemon that is started again, once for each', () => {
    const restarted = (daemon: string): JournalEvent => ({
      ...base,
      ...{ event: 'daemon-restarted', daemon, reason: 'no BuildKit daemon answers' },
    });
    expect(told(restarted('daemon-1'), restarted('daemon-2'), restarted('daemon-1'))).toEqual([
      'daemon-1 stopped answering in the warm-up and was started again',
      'daemon-2 stopped answering in the warm-up and was started again',
    ]);
  });
});
