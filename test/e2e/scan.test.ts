import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { scanDocument } from './contract.js';
import { buildrace, recordedLogs, scratchFolder } from './program.js';

interface Expected {
  readonly drift?: boolean;
  readonly failed?: boolean;
  readonly copyFromFailed?: boolean;
}

const expected = JSON.parse(readFileSync(path.join(recordedLogs, 'expected.json'), 'utf8')) as Record<
  string,
  Expected
>;
const names = readdirSync(recordedLogs).filter((name) => name.endsWith('.log'));

describe('scan of the recorded logs', () => {
  let logs: z.infer<typeof scanDocument>['logs'] = [];

  beforeAll(async () => {
    const ended = await buildrace(['scan', '--json', ...names], { cwd: recordedLogs });
    expect(ended.exitCode).toBe(0);
    ({ logs } = scanDocument.parse(JSON.parse(ended.stdout)));
  });

  it('reads every one of them', () => {
    expect(Object.keys(expected).sort()).toEqual([...names].sort());
    expect(logs.map((log) => log.file)).toEqual(names);
  });

  it.each(names)('%s shows what it is known to show', (name) => {
    const log = logs.find(({ file }) => file === name);
    const found = new Set(log?.findings.map(({ signal }) => signal));
    const facts = expected[name] ?? {};
    expect(log?.format).not.toBe('unknown');
    expect(found.has('platform-drift')).toBe(facts.drift);
    if (facts.failed !== undefined) expect(found.has('build-failed')).toBe(facts.failed);
    if (facts.copyFromFailed !== undefined) expect(found.has('copy-from-failed')).toBe(facts.copyFromFailed);
  });

  it('finds nothing in logs whose steps print what a builder prints', () => {
    const noisy = logs.filter(({ file }) => file.includes('.noisy.'));
    expect(noisy.length).toBeGreaterThan(5);
    expect(noisy.flatMap(({ findings }) => findings)).toEqual([]);
  });
});

describe('scan for a person', () => {
  it('shows the lines that carry a drift, and which instruction spells the platform how', async () => {
    const { stdout, exitCode } = await buildrace(['scan', 'buildctl-v0.32.2.v8.multi.plain.log'], {
      cwd: recordedLogs,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('platform-drift');
    expect(stdout).toMatch(/builder FROM\s+linux\/arm64\/v8/);
    expect(stdout).toMatch(/builder RUN\s+linux\/arm64\n/);
  });

  it('reads standard input', async () => {
    const input = readFileSync(path.join(recordedLogs, 'buildctl-v0.32.2.v8.arm64.plain.log'));
    const { stdout } = await buildrace(['scan', '--json', '-'], { input });
    const [log] = scanDocument.parse(JSON.parse(stdout)).logs;
    expect(log).toMatchObject({ file: '-', format: 'plain', truncated: false });
    expect(log?.findings.map(({ signal }) => signal)).toEqual(['platform-drift']);
  });

  it('reads what people paste: CI time stamps, and the numbers that GitHub rewrites', async () => {
    const plain = readFileSync(path.join(recordedLogs, 'buildctl-v0.32.2.v8.arm64.plain.log'), 'utf8');
    const pasted = plain
      .split('\n')
      .map(
        (line, i) => `2026-11-20T12:19:${String(10 + i)}.5930996Z ${line.replace(/^#(\d)/, 'moby/moby#$1')}`,
      )
      .join('\n');
    const { stdout } = await buildrace(['scan', '--json', '-'], { input: pasted });
    const [log] = scanDocument.parse(JSON.parse(stdout)).logs;
    expect(log?.findings.map(({ signal }) => signal)).toEqual(['platform-drift']);
  });

  it('leads no terminal escape of a log to the terminal', async () => {
    const input =
      '#1 [linux/arm64 a 1/2] RUN \u001b]0;owned\u0007x\n#1 ERROR: \u001b[2Jboom\n#2 [linux/arm64/v8 a 2/2] COPY a b\n#2 DONE 0.1s\nerror: failed to solve: \u001b[2Jboom\n';
    const { stdout, stderr } = await buildrace(['scan', '-'], { input });
    expect(stdout).toContain('boom');
    expect(stdout + stderr).not.toContain('\u001b');
  });
});

describe('scan of what is no log', () => {
  const folder = scratchFolder();
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(path.join(folder, name), content);
    return name;
  };

  const subfolder = (): string => {
    mkdirSync(path.join(folder, 'sub'), { recursive: true });
    return 'sub';
  };

  it.each([
    ['an empty file', () => file('empty.log', ''), 'empty.log is empty'],
    [
      'a binary file',
      () => file('binary', new Uint8Array([127, 69, 76, 70, 0, 1, 2, 0, 255])),
      'binary is a binary file',
    ],
    ['a folder', () => subfolder(), 'sub is a folder'],
    ['no file', () => 'nothing.log', 'nothing.log does not exist'],
  ])('%s: one sentence and exit code 2', async (_, make, sentence) => {
    const { stderr, exitCode } = await buildrace(['scan', make()], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('reads the other logs all the same', async () => {
    file('empty.log', '');
    file('good.log', readFileSync(path.join(recordedLogs, 'buildctl-v0.32.2.v8.arm64.plain.log')));
    const { stdout, exitCode } = await buildrace(['scan', '--json', 'empty.log', 'good.log'], {
      cwd: folder,
    });
    expect(exitCode).toBe(2);
    const { logs } = scanDocument.parse(JSON.parse(stdout));
    expect(logs.at(-1)?.findings).toHaveLength(1);
  });

  it('says that a file holds two builds', async () => {
    const one = 'buildctl-v0.32.2.missing.arm64.plain.log';
    const text = readFileSync(path.join(recordedLogs, one), 'utf8');
    const once = await buildrace(['scan', '-'], { input: text });
    const twice = await buildrace(['scan', '-'], { input: text + text });
    expect(once.stderr).not.toContain('builds');
    expect(twice.stderr).toContain('standard input holds 2 builds, which are read as one');
  });

  it('reads a log that is cut as far as it goes, and says that it is cut', async () => {
    const whole = readFileSync(path.join(recordedLogs, 'buildctl-v0.32.2.v8.multi.plain.log'), 'utf8');
    const cut = file('cut.log', whole.slice(0, whole.indexOf('#5 DONE') - 20));
    const { stdout, stderr, exitCode } = await buildrace(['scan', '--json', cut], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('cut.log is cut');
    const [log] = scanDocument.parse(JSON.parse(stdout)).logs;
    expect(log?.truncated).toBe(true);
    expect(log?.steps.length).toBeGreaterThan(3);
  });

  it('says of prose that it is no log, and is blind to every signal in it', async () => {
    const { stdout, stderr } = await buildrace(['scan', '--json', '-'], {
      input: 'Dear diary,\nnothing happened.\n',
    });
    const [log] = scanDocument.parse(JSON.parse(stdout)).logs;
    expect(log).toMatchObject({ format: 'unknown', findings: [] });
    expect(log?.blind.length).toBeGreaterThan(5);
    expect(stderr).toContain('no builder');
  });
});
