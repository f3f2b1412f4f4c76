import { readFileSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { expect, vi } from 'vitest';
import { plannedArm } from '../results/sample-run.js';
import { test } from './carried-out.js';

// A `kill -9` cannot show that a sync is missing, as what was written stays with the system; a power cut could.
test.skipIf(process.platform !== 'linux')(
  'an iteration is told to have finished once its logs and their names are on disk, and waits for that word itself',
  async ({ bench }) => {
    const handle = await open(bench.at('run'));
    const prototype = Object.getPrototypeOf(handle) as { sync(this: { fd: number }): Promise<void> };
    await handle.close();
    const sync = prototype.sync;
    const synced: { file: string; finished: number }[] = [];
    const journal = path.join(bench.run, 'journal.jsonl');
    const finishedSoFar = (): number =>
      readFileSync(journal, 'utf8').split('"event":"iteration-finished"').length - 1;
    vi.spyOn(prototype, 'sync').mockImplementation(function (this: { fd: number }) {
      synced.push({
        file: path.relative(bench.run, readlinkSync(`/proc/self/fd/${this.fd}`)),
        finished: finishedSoFar(),
      });
      return sync.call(this);
    });
    await bench.carryOut([plannedArm({ iterations: 2 })]);
    vi.restoreAllMocks();
    // The journal's own name, before anything is written into it.
    expect(synced[0]).toEqual({ file: '', finished: 0 });
    for (const iteration of [1, 2]) {
      const before = synced.filter(({ finished }) => finished === iteration - 1).map(({ file }) => file);
      const folder = `iterations/main/000${iteration}`;
      for (const name of ['a.stdout', 'a.stderr', 'b.stdout', 'b.stderr', ''])
        expect(before, `${name} of iteration ${iteration}`).toContain(path.join(folder, name));
      // The folder's name; those around it have theirs on disk since the first iteration.
      const around = ['iterations', 'iterations/main'].filter((one) => before.includes(one));
      expect(around).toEqual(iteration === 1 ? ['iterations', 'iterations/main'] : ['iterations/main']);
      expect(before.filter((one) => one === '')).toHaveLength(iteration === 1 ? 2 : 0);
      // Its line is on disk before anything of the next one is.
      const [next] = synced.filter(({ finished }) => finished === iteration);
      expect(next?.file).toBe('journal.jsonl');
    }
  },
);
