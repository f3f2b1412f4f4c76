import { describe, expect } from 'vitest';
import { keepResult } from '../../src/carry-out.js';
import { resumeTexts } from '../../src/cli/resume-text.js';
import { UserError } from '../../src/errors.js';
import { canGoOn, notCarriedOut } from '../../src/results/not-carried-out.js';
import { arm, run } from '../reports/sample-result.js';
import { test } from '../scenario/folder.js';

const full = '3 iterations in a row were spoilt: no space left on the device';
const cut = run(
  [
    arm('one', { iterations: { planned: 10, valid: 3, invalid: 1 } }),
    arm('two', { iterations: { planned: 10, valid: 2, invalid: 2 } }),
    arm('three', { iterations: { planned: 10, valid: 0, invalid: 0 }, skipped: 'it needs a registry' }),
  ],
  { stopped: full, directory: '/elsewhere/of run' },
);
const whole = run([arm('one')], { stopped: full });

describe('a run that ended early', () => {
  test('lacks what was neither counted nor spoilt, of the arms that could run', () => {
    expect(notCarriedOut(cut)).toEqual({ count: 12, of: 20 });
    expect(notCarriedOut(whole)).toEqual({ count: 0, of: 5 });
  });

  test('goes on, unless nothing is left, it showed enough, or its time is over', () => {
    expect(canGoOn(cut)).toBe(true);
    expect(canGoOn(whole)).toBe(false);
    expect(canGoOn({ ...cut, stopped: null })).toBe(false);
    expect(canGoOn({ ...cut, stopped: 'the time limit of 2s was reached' })).toBe(false);
    expect(resumeTexts([whole, cut])).toEqual([
      "the finished iterations are kept; go on with: buildrace resume 'of run' --out /elsewhere",
    ]);
  });

  test('says so where its result cannot be written', async ({ folder }) => {
    const directory = folder.at('none');
    const kept = `what was finished is whole, and buildrace analyze ${directory} judges it again`;
    const unwritten = `${directory}/result.json cannot be written (no such file or directory)`;
    const left = `12 of 20 iterations were not carried out (${full})`;
    await expect(keepResult(directory, cut)).rejects.toThrow(
      new UserError(
        `${unwritten}; ${left}, and buildrace resume ${directory} goes on with the rest; ${kept}`,
      ),
    );
    const over = 'the time limit of 2s was reached';
    await expect(keepResult(directory, { ...cut, stopped: over })).rejects.toThrow(
      new UserError(`${unwritten}; 12 of 20 iterations were not carried out (${over}); ${kept}`),
    );
    for (const done of [whole, { ...cut, stopped: null }])
      await expect(keepResult(directory, done)).rejects.toThrow(new UserError(`${unwritten}; ${kept}`));
  });
});
