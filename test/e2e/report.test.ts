import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { iterationFinished, plannedArm, samplePlan, writeRun } from '../results/sample-run.js';
import { buildrace, mainFile, scratchFolder } from './program.js';

const folder = scratchFolder();
const run = path.join(folder, 'results', 'one');
beforeAll(async () => {
  const plan = samplePlan({ arms: [plannedArm()] });
  await writeRun(run, { plan, events: [iterationFinished({ arm: 'main', iteration: 1 })] });
});

it.each([
  [['--redact', 'acme'], '--redact goes with --format html or issue: md is written as it is, unredacted'],
  [
    ['--keep', '/(/', '--format', 'json'],
    '--keep goes with --format html or issue: json is written as it is',
  ],
  [['--format', 'issue', '--redact', '/(/'], '/(/'],
])('%j is refused with a sentence, and nothing is written', async (args, sentence) => {
  const file = path.join(folder, 'refused');
  const { stdout, stderr, exitCode } = await buildrace(['report', run, ...args, '--output', file]);
  expect([stdout, exitCode]).toEqual(['', 2]);
  expect(stderr).toContain(sentence);
  expect(existsSync(file)).toBe(false);
});

it('a report is written though nobody reads what is told of it', async () => {
  const file = path.join(folder, 'issue.md');
  const child = spawn(process.execPath, [mainFile, 'report', run, '--format', 'issue', '--output', file]);
  child.stderr.destroy();
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain('## Bug description');
});
