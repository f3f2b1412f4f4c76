import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { daemonFiles } from '../../src/details/daemon-logs.js';
import { scratch } from './stored-run.js';

test('the logs of daemons, by name; no link, no folder, nothing else', async () => {
  const run = scratch();
  mkdirSync(path.join(run, 'daemons', 'folder.log'), { recursive: true });
  for (const name of ['b.log', 'a.log', 'a.txt', 'evil\n.log'])
    writeFileSync(path.join(run, 'daemons', name), '12345');
  symlinkSync(path.join(run, 'daemons', 'a.log'), path.join(run, 'daemons', 'c.log'));
  expect(await daemonFiles(run)).toEqual([
    { name: 'a', file: 'daemons/a.log', bytes: 5 },
    { name: 'b', file: 'daemons/b.log', bytes: 5 },
    { name: 'evil\n', file: 'daemons/evil\n.log', bytes: 5 },
  ]);
});

test('a folder that is a link, or missing, has none', async () => {
  const [run, outside] = [scratch(), scratch()];
  writeFileSync(path.join(outside, 'a.log'), 'x');
  expect(await daemonFiles(run)).toEqual([]);
  symlinkSync(outside, path.join(run, 'daemons'));
  expect(await daemonFiles(run)).toEqual([]);
});

test('of very many, the first', async () => {
  const run = scratch();
  mkdirSync(path.join(run, 'daemons'));
  for (let i = 100; i < 200; i++) writeFileSync(path.join(run, 'daemons', `${i}.log`), '');
  const files = await daemonFiles(run);
  expect([files.length, files[0]?.name]).toEqual([64, '100']);
});
