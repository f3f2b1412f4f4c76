import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { buildrace, scratchFolder } from './program.js';

const nameOf = (day: number): string => `2026-01-0${day}T01-00-00-000Z-sample-buildctl-x`;

function resultsOf(days: readonly number[]): string {
  const folder = scratchFolder();
  for (const day of days) {
    const run = path.join(folder, 'results', nameOf(day));
    mkdirSync(run, { recursive: true });
    writeFileSync(path.join(run, 'plan.json'), '{}');
    writeFileSync(path.join(run, 'journal.jsonl'), '{"event":"run-finished"}\n');
  }
  return folder;
}

it('results prune removes all but the newest runs, and says what went', async () => {
  const cwd = resultsOf([1, 2, 3]);
  const left = () => readdirSync(path.join(cwd, 'results'));
  const dry = await buildrace(['results', 'prune', '--keep', '1', '--dry-run'], { cwd });
  expect(dry.stdout).toBe(
    `would remove ${nameOf(1)} (27 bytes)\nwould remove ${nameOf(2)} (27 bytes)\nwould remove 2 runs, 54 bytes; 1 run stays\n`,
  );
  expect(left()).toHaveLength(3);
  const json = await buildrace(['results', 'prune', '--keep', '2', '--json'], { cwd });
  expect(JSON.parse(json.stdout)).toEqual({
    schemaVersion: 1,
    dryRun: false,
    removed: [{ run: nameOf(1), bytes: 27 }],
    bytes: 27,
    kept: [nameOf(2), nameOf(3)],
    writing: [],
    failed: [],
  });
  expect(left()).toEqual([nameOf(2), nameOf(3)]);
  const all = await buildrace(['results', 'prune', '--keep', '0'], { cwd });
  expect([all.exitCode, left()]).toEqual([0, []]);
});

it.each([
  [['results', 'prune']],
  [['results', 'prune', '--keep', '-1']],
  [['results', 'prune', '--keep', 'all']],
  [['results', 'tidy', '--keep', '1']],
  [['results', 'prune', '--keep', '1', '--out', 'missing']],
])('%j is refused in one sentence', async (args) => {
  const cwd = resultsOf([1]);
  const ended = await buildrace(args, { cwd });
  expect(ended.exitCode).toBe(2);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  expect(readdirSync(path.join(cwd, 'results'))).toHaveLength(1);
});
