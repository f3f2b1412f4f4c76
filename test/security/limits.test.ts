import { chmod, mkdir, readFile, symlink } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { scanText } from '../../src/reports/scan-text.js';
import { tooDeep } from '../../src/scenario/nesting.js';
import { UsageError } from '../../src/simulator/errors.js';
import { ownState } from '../../src/simulator/state.js';
import { test } from '../scenario/folder.js';
import { program } from './program.js';

describe('a scenario of a stranger', () => {
  const shapes: readonly [string, string, number][] = [
    ['lists without an end', `title: ${'['.repeat(900_000)}`, 1],
    ['lists', `title: ${'['.repeat(100_000)}${']'.repeat(100_000)}`, 1],
    ['maps', `title: ${'{a: '.repeat(100_000)}${'}'.repeat(100_000)}`, 1],
    ['lists on one line', `title:\n  ${'- '.repeat(100_000)}a`, 2],
    ['keys on one line', `title:\n  ${'? '.repeat(100_000)}a`, 2],
    ['lists below each other', Array.from({ length: 1_300 }, (_, i) => `${' '.repeat(i)}-`).join('\n'), 101],
    ['maps below each other', Array.from({ length: 1_300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 101],
  ];
  // Where a parser runs out of its stack, the process may be gone before it can say so.
  test.for(shapes)('of %s in each other is refused with a sentence', async ([, text, line], { folder }) => {
    const { exitCode, stderr } = await program(['list', await folder.write('deep.yaml', text)]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(new RegExp(`deep\\.yaml:${line}: this is nested too deeply\\n$`));
  });

  test('may be long, and hold as many brackets as it likes', () => {
    const flat = `title: "${'['.repeat(5_000)}"\nb: |\n${'  - [ { : ? \n'.repeat(3_000)}c:\n${'  - [a, {b: [c]}]\n'.repeat(3_000)}`;
    expect(tooDeep(flat)).toBeNull();
    expect(tooDeep(Array.from({ length: 99 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'))).toBeNull();
  });

  test.for(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'has the key %s as any other',
    async (key, { folder }) => {
      await folder.write('d/Dockerfile', 'FROM scratch\n');
      const arms = 'arms: [{name: a, role: reproduce, expects: [build-failed]}]\n';
      const bad = await folder.write(
        'bad.yaml',
        `title: x\ndockerfiles: d\n${key}: {a: 1}\nbuild: {${key}: 1}\n${arms}`,
      );
      const refused = await program(['list', bad]);
      expect(refused.exitCode).toBe(2);
      expect(refused.stderr).toContain(`bad.yaml:3: unknown key "${key}"`);
      expect(refused.stderr).toContain(`bad.yaml:4: unknown key "${key}" in build`);
      const good = await folder.write(
        'good.yaml',
        `title: x\ndockerfiles: d\nbuild: {buildArgs: {${key}: v, A: b}}\n${arms}`,
      );
      expect((await program(['list', good])).exitCode).toBe(0);
      expect(Object.prototype).not.toHaveProperty('a');
      expect(({} as { a?: unknown }).a).toBeUndefined();
    },
  );
});

test('a log of more rows than a call can have arguments is shown', () => {
  const steps = Array.from({ length: 150_000 }, (_, i) => ({
    ...{ index: i, stage: `s${i}`, platform: 'linux/arm64', instruction: 'RUN', text: '' },
    ...{ status: 'done' as const, error: null, line: i + 1 },
  }));
  const findings = [{ signal: 'platform-drift' as const, message: 'm', evidence: [] }];
  const log = { file: 'f', format: 'plain' as const, truncated: false, truncatedBecause: null };
  const text = scanText({ ...log, outcome: 'succeeded', steps, findings, blind: [] });
  expect(text.split('\n').length).toBeGreaterThan(150_000);
});

describe('the state folder of the simulated builder', () => {
  test('is made for this user alone, and taken again', async ({ folder }) => {
    const state = folder.at('a/state');
    expect(ownState(state)).toBe(state);
    await chmod(state, 0o755);
    expect(ownState(state)).toBe(state);
  });

  test('is refused where others may write to it, or it is a link or a file', async ({ folder }) => {
    const state = folder.at('state');
    await mkdir(state);
    await chmod(state, 0o777);
    expect(() => ownState(state)).toThrow(UsageError);
    await symlink(folder.path, folder.at('link'));
    expect(() => ownState(folder.at('link'))).toThrow('is not a folder that this user alone writes to');
    const file = await folder.write('file', 'x');
    expect(() => ownState(file)).toThrow(UsageError);
    expect(await readFile(file, 'utf8')).toBe('x');
  });
});
