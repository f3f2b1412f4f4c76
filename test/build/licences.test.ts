import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAllowed, licencesOf } from '../../build/licences.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'buildrace-licences-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function addPackage(name: string, license: unknown, files: Record<string, string>): void {
  const folder = path.join(root, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
}

/** A bundle that holds so many bytes of each of these files. */
function bundleOf(bytes: Record<string, number>): Metafile {
  const inputs = Object.fromEntries(
    Object.entries(bytes).map(([file, bytesInOutput]) => [file, { bytesInOutput }]),
  );
  return {
    inputs: {},
    outputs: { 'dist/main.js': { bytes: 1, inputs, imports: [], exports: [] } },
  };
}

describe('the licences of what is bundled', () => {
  test('each text stands once, with the packages that it is of', () => {
    addPackage('lane', 'MIT', { LICENSE: 'Permission is granted\n' });
    addPackage('@gates/fifo', 'MIT', { 'license.md': 'Permission is granted' });
    addPackage('timer', 'Apache-2.0', { LICENSE: 'Apache', NOTICE: 'Made by the timers' });
    const text = licencesOf(
      root,
      bundleOf({
        'src/main.ts': 900,
        'node_modules/lane/index.js': 20,
        'node_modules/@gates/fifo/lib/a.js': 30,
        'node_modules/timer/index.js': 5,
      }),
    );
    expect(text).toContain('@gates/fifo 1.2.3 (MIT)\nlane 1.2.3 (MIT)\n\nPermission is granted\n');
    expect(text.match(/Permission is granted/g)).toHaveLength(1);
    expect(text).toContain('timer 1.2.3 (Apache-2.0)\n\nApache\n\nMade by the timers\n');
  });

  test('a package within a package is one of its own', () => {
    addPackage('lane', 'MIT', { LICENSE: 'One' });
    addPackage('lane/node_modules/gate', 'ISC', { LICENSE: 'Two' });
    const text = licencesOf(root, bundleOf({ 'node_modules/lane/node_modules/gate/index.js': 7 }));
    expect(text).toContain('lane/node_modules/gate 1.2.3 (ISC)\n\nTwo');
    expect(text).not.toContain('One');
  });

  test('a package that nothing is left of is not named', () => {
    addPackage('lane', 'GPL-3.0-only', { LICENSE: 'Share alike' });
    expect(licencesOf(root, bundleOf({ 'node_modules/lane/index.js': 0 }))).not.toContain('lane');
  });

  test('a package without a text of its licence may not be bundled', () => {
    addPackage('lane', 'MIT', { 'README.md': 'MIT', NOTICE: 'Made by us' });
    expect(() => licencesOf(root, bundleOf({ 'node_modules/lane/index.js': 1 }))).toThrow(
      'lane has no text of its licence',
    );
  });

  test.each(['GPL-3.0-only', 'SEE LICENSE IN terms.txt', undefined, { type: 'MIT' }])(
    'a package under %j may not be bundled',
    (license) => {
      addPackage('lane', license, { LICENSE: 'Terms' });
      expect(() => licencesOf(root, bundleOf({ 'node_modules/lane/index.js': 1 }))).toThrow(
        'not known to be one that may be bundled',
      );
    },
  );
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-2.0-only)', true],
  ['GPL-2.0-only OR LGPL-3.0-only', false],
  ['Apache-2.0 AND BSL-1.0', true],
  ['Apache-2.0 AND GPL-3.0-only', false],
  ['MIT*', false],
])('%s may be bundled: %s', (expression, may) => {
  expect(isAllowed(expression)).toBe(may);
});
