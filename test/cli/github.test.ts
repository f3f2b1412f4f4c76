import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tellGithub } from '../../src/cli/github.js';
import { maxSummaryBytes } from '../../src/reports/github.js';
import { fullRun } from '../reports/sample-result.js';
import { comparison, comparisonRow } from '../reports/sample-rows.js';

let folder: string;
let file: string;
let told: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-github-'));
  file = path.join(folder, 'summary.md');
  told = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += text;
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const compared = { ...fullRun(), comparison: comparison([comparisonRow()]) };

test('outside of GitHub Actions it does nothing', async () => {
  await tellGithub([compared]);
  expect(told).toBe('');
});

test('the summary is appended to what the step has written before', async () => {
  vi.stubEnv('GITHUB_STEP_SUMMARY', file);
  writeFileSync(file, 'before\n');
  await tellGithub([compared]);
  expect(readFileSync(file, 'utf8')).toMatch(
    /^before\n## `2026-11-21T10[^`]*` against its baseline: regression\n\n[\s\S]+output-lost[\s\S]+\n## `chaos-1506`/,
  );
  expect(told).toBe('');
});

test('all that a step writes stays within what GitHub takes', async () => {
  vi.stubEnv('GITHUB_STEP_SUMMARY', file);
  writeFileSync(file, `${'x'.repeat(maxSummaryBytes - 500)}\n`);
  await tellGithub([fullRun()]);
  expect(readFileSync(file).byteLength).toBeLessThanOrEqual(maxSummaryBytes);
  expect(readFileSync(file, 'utf8')).toContain('The rest is left out');
  await tellGithub([fullRun()]);
  expect(readFileSync(file).byteLength).toBeLessThanOrEqual(maxSummaryBytes);
});

test('a summary that cannot be written is a sentence', async () => {
  vi.stubEnv('GITHUB_STEP_SUMMARY', folder);
  await tellGithub([fullRun()]);
  expect(told).toMatch(/^the job summary .* cannot be written \(.*directory.*\)\n$/);
});

test('annotations go to stderr, errors first', async () => {
  vi.stubEnv('GITHUB_ACTIONS', 'true');
  await tellGithub([compared]);
  const lines = told.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^::error title=regression/);
  expect(lines.slice(1)).not.toHaveLength(0);
  for (const line of lines.slice(1)) expect(line).toMatch(/^::(warning|notice) title=/);
});
