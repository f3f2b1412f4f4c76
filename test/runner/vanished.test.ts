import { existsSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { UserError } from '../../src/errors.js';
import { scratchVanished } from '../../src/runner/vanished.js';
import { plannedArm } from '../results/sample-run.js';
import { type Bench, buildStep, finishedOnes, inShort, type Options, test } from './carried-out.js';

const twice = [plannedArm({ iterations: 2, steps: [buildStep(['a'])] })];
/** Called once the first iteration is finished. */
const afterFirst = (remove: () => void): Options => ({
  rule: () => {
    remove();
    return Promise.resolve(new Set());
  },
});
/** Called by the build of the first iteration, which then ends well. */
const inFirst = (remove: string): Options => ({ script: `case $tag in *-1:*) ${remove};; esac` });
const begun = ['run-started', 'warm-up-finished', 'iteration-started main 1'];

describe('the scratch folder is removed', () => {
  test('between iterations: what was finished stays, and the run tells why it ended', async ({ bench }) => {
    const removing = afterFirst(() => rmSync(bench.at('tmp'), { recursive: true }));
    const stopped = await stoppedBy(bench, removing);
    expect(stopped).toBe(scratchVanished);
    const events = await bench.events();
    expect(inShort(events)).toEqual([
      ...begun,
      'iteration-finished main 1',
      'iteration-started main 2',
      'run-stopped',
    ]);
    expect(events.at(-1)).toMatchObject({ reason: scratchVanished });
  });

  for (const what of ['', '/gate'])
    test(`during an iteration (buildrace-*${what}), which then counts for nothing`, async ({ bench }) => {
      expect(await stoppedBy(bench, inFirst(`rm -rf "$folder"/tmp/buildrace-*${what}`))).toBe(
        scratchVanished,
      );
      expect(inShort(await bench.events())).toEqual([...begun, 'run-stopped']);
    });
});

describe('the run directory is removed', () => {
  const sentence = (what: string) =>
    new RegExp(`^\\S*/${what} was removed or moved away while the run wrote it, .* run it afresh$`);

  async function expectRefused(bench: Bench, options: Options, what: string): Promise<void> {
    const error = await bench.carryOut(twice, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(sentence(what));
    expect(await readdir(bench.at('tmp'))).toEqual([]);
  }

  test('between iterations: it is not made anew', async ({ bench }) => {
    await expectRefused(
      bench,
      afterFirst(() => rmSync(bench.run, { recursive: true })),
      'run',
    );
    expect(existsSync(bench.run)).toBe(false);
  });

  test('during an iteration', async ({ bench }) => {
    await expectRefused(bench, inFirst('rm -rf "$folder/run"'), 'run');
    expect(existsSync(bench.run)).toBe(false);
  });

  test('but for its journal, while an iteration writes there', async ({ bench }) => {
    const alone = [plannedArm({ iterations: 2, steps: [buildStep(['a', 'b'], false)] })];
    const { script } = inFirst('rm -rf "$folder/run/iterations"');
    const error = await bench.carryOut(alone, { script: script ?? '' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(/main\/0001\S* was removed or moved away/);
  });

  test('but for its journal, as the last build ends: logs that are gone prove nothing', async ({ bench }) => {
    await expectRefused(bench, inFirst('rm -rf "$folder/run/iterations"'), 'iterations/main');
    expect(inShort(await bench.events())).toEqual(begun);
  });
});

test('an iteration that the disk had no room for is spoilt, and has no logs to miss', async ({ bench }) => {
  const { stopped, events } = await bench.carryOut(twice, {
    builder: {
      build: () => {
        rmSync(bench.at('run/iterations'), { recursive: true, force: true });
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      },
    },
  });
  expect(stopped).toBeNull();
  expect(finishedOnes(events).map(({ spoilt }) => spoilt)).toEqual(
    Array(2).fill('no space left on the device'),
  );
});

/** Beside `carryOut`, which looks for leftovers in a folder that is gone. */
async function stoppedBy(bench: Bench, options: Options): Promise<string | null> {
  const carried = bench.carryOut(twice, options).then(({ stopped }) => stopped);
  return carried.catch(async (error: NodeJS.ErrnoException) => {
    if (error.path !== bench.at('tmp')) throw error;
    const end = (await bench.events()).at(-1);
    return end?.event === 'run-stopped' ? end.reason : null;
  });
}
