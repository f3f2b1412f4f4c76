import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withSourcePlaces } from '../../src/cli/source-places.js';
import { packageFolder } from '../../src/places.js';

const source = `interface Lane {
  readonly name: string;
}

export function nameOf(lane: Lane): string {
  if (lane.name === '') {
    throw new Error('a lane without a name');
  }
  return lane.name;
}
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'buildrace-places-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A bundled file and its map, and the stack of what it throws. */
async function faultIn(name: string): Promise<{ file: string; stack: string }> {
  const file = path.join(folder, name);
  const sourcefile = path.join(packageFolder, 'src/lanes.ts');
  const { code, map } = await transform(source, { loader: 'ts', sourcefile, sourcemap: 'external' });
  const shown = JSON.parse(map);
  shown.sources = [path.relative(folder, sourcefile)];
  writeFileSync(file, code);
  writeFileSync(`${file}.map`, JSON.stringify(shown));
  const built = code.split('\n').findIndex((line) => line.includes('throw new Error'));
  const column = code.split('\n')[built]?.indexOf('new Error') ?? -1;
  const url = pathToFileURL(file).href;
  return { file, stack: `Error: a lane without a name\n    at nameOf (${url}:${built + 1}:${column + 1})` };
}

test('a place in a bundled file is told as that of the source', async () => {
  const { stack } = await faultIn('main.js');
  expect(withSourcePlaces(stack)).toBe('Error: a lane without a name\n    at nameOf (src/lanes.ts:7:11)');
});

test('a file without a map, or with one that cannot be read, keeps its place', async () => {
  const { file, stack } = await faultIn('other.js');
  writeFileSync(`${file}.map`, '{"version":3,');
  expect(withSourcePlaces(stack)).toBe(stack);
  rmSync(`${file}.map`);
  expect(withSourcePlaces(stack)).toBe(stack);
});

test('a stack of sources is left as it is', () => {
  const stack = `Error: x\n    at read (${import.meta.url}:3:9)\n    at node:internal/process/task_queues:105:5`;
  expect(withSourcePlaces(stack)).toBe(stack);
});
