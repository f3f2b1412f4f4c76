import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { refuseLinks } from '../../src/results/own-folders.js';
import { test } from '../scenario/folder.js';
import { samplePlan } from './sample-run.js';

const plan = samplePlan();

describe('a run directory that is written again', () => {
  test('is taken as a run leaves it', async ({ folder }) => {
    await folder.write('iterations/main/0001/a.stdout', '');
    await folder.write('warm-up/main/a.stdout', '');
    await folder.write('journal.jsonl', '');
    await refuseLinks({ directory: folder.path, plan });
  });

  for (const name of [
    'iterations',
    'iterations/main',
    'warm-up',
    'warm-up/main/a.stdout',
    'daemons/daemon-1.log',
    'journal.jsonl',
    'harness.log',
    'result.json',
    'locks',
  ])
    test(`is not when ${name} is a link`, async ({ folder }) => {
      await mkdir(folder.at('victim'));
      await writeFile(folder.at('victim/file'), '');
      const target = folder.at('run', name);
      await mkdir(target.slice(0, target.lastIndexOf('/')), { recursive: true });
      await symlink(folder.at(/\./.test(name) ? 'victim/file' : 'victim'), target);
      await expect(refuseLinks({ directory: folder.at('run'), plan })).rejects.toThrow(
        `${name} is a link or no ordinary file`,
      );
    });
});
