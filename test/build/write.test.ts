import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeBuilt } from '../../build/write.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-built-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = (texts: Record<string, string>): Map<string, Uint8Array> =>
  new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]));
const at = (name: string): string => path.join(folder, name);

test('programs of an earlier build go, declarations stay', () => {
  mkdirSync(at('parts'));
  for (const name of ['parts/chunk-OLD.js', 'parts/chunk-OLD.js.map', 'index.d.ts', '.tsbuildinfo']) {
    writeFileSync(at(name), 'old');
  }
  writeBuilt(folder, files({ 'main.js': '#!/usr/bin/env node\n', 'parts/chunk-NEW.js': '1' }));
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
    '.tsbuildinfo',
    'index.d.ts',
    'main.js',
    'parts',
    'parts/chunk-NEW.js',
  ]);
  expect(statSync(at('main.js')).mode & 0o111).toBe(0o111);
  expect(statSync(at('parts/chunk-NEW.js')).mode & 0o111).toBe(0);
});

test('what is there already is not written again, what changed is replaced as a whole', () => {
  writeBuilt(folder, files({ 'main.js': 'one', 'index.js': 'one' }));
  const [main, index] = [statSync(at('main.js')), statSync(at('index.js'))];
  writeBuilt(folder, files({ 'main.js': 'one', 'index.js': 'two' }));
  expect(statSync(at('main.js')).ino).toBe(main.ino);
  expect(statSync(at('main.js')).mtimeMs).toBe(main.mtimeMs);
  expect(readFileSync(at('index.js'), 'utf8')).toBe('two');
  expect(statSync(at('index.js')).ino).not.toBe(index.ino);
});
