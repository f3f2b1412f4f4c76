import { chmodSync, existsSync } from 'node:fs';
import { describe, expect, vi } from 'vitest';
import { chooseBuilders } from '../../src/cli/probes.js';
import { clearScratch, findScratch } from '../../src/remains/scratch.js';
import { whyNoScratch, withScratch } from '../../src/runner/scratch.js';
import { type Folder, test } from '../scenario/folder.js';

/** What TMPDIR may name by mistake. */
const mistakes: Readonly<Record<string, (folder: Folder) => Promise<string>>> = {
  'a folder that is not there': async (folder) => folder.at('none'),
  'one that is not there, from here': async () => 'none/such',
  'a file': (folder) => folder.write('file', ''),
};
const sentence =
  /^no scratch folder can be made \((?:no such file or directory|not a directory)\); set TMPDIR to a folder that can be written$/;

describe('TMPDIR names', () => {
  for (const [what, make] of Object.entries(mistakes))
    test(`${what}: nothing is left there, and no run begins`, async ({ folder }) => {
      const temporary = await make(folder);
      vi.stubEnv('TMPDIR', temporary);
      vi.stubEnv('BUILDRACE_SIMULATOR_STATE', '');
      try {
        expect([await findScratch(), await clearScratch()]).toEqual([[], []]);
        await expect(withScratch(() => Promise.resolve())).rejects.toThrow(sentence);
        await expect(chooseBuilders(['simulated'])).rejects.toThrow(sentence);
        expect(existsSync(folder.at('none'))).toBe(false);
      } finally {
        vi.unstubAllEnvs();
      }
    });

  test('a folder that cannot be written, or one that can', async ({ folder }) => {
    vi.stubEnv('TMPDIR', folder.path);
    try {
      expect(whyNoScratch()).toBeNull();
      chmodSync(folder.path, 0o555);
      // It is the real user's rights that are asked for, and root may write everywhere.
      if (process.getuid?.() !== 0) expect(whyNoScratch()).toBe('permission denied');
    } finally {
      chmodSync(folder.path, 0o700);
      vi.unstubAllEnvs();
    }
  });
});
