import { expect, it } from 'vitest';
import { pruneText } from '../../src/reports/prune-text.js';

it('what was pruned keeps within the width, with names whole', () => {
  const run = `2026-01-01T01-00-00-000Z-${'x'.repeat(30)}`;
  const removed = [{ run, bytes: 27 }];
  const pruned = { schemaVersion: 1 as const, dryRun: true, removed, bytes: 27, failed: [] };
  expect(pruneText({ ...pruned, kept: ['one'], writing: ['other'] }, 40).split('\n')).toEqual([
    'would remove',
    run,
    '(27 bytes)',
    'kept other: it is still being written',
    'would remove 1 run, 27 bytes; 2 runs',
    'stay',
  ]);
});
