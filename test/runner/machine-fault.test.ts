import { describe, expect, it } from 'vitest';
import { machineFault, SpoiltInRow, whyNoProcess } from '../../src/runner/machine-fault.js';

const error = (code: string) => Object.assign(new Error(code), { code });
const noSpace = { spoilt: 'no space left on the device' };

describe('what a machine lacks', () => {
  it.each([
    ['ENOSPC', 'no space left on the device'],
    ['EROFS', 'the file system can only be read'],
    ['EMFILE', 'too many open files'],
  ])('%s is %s', (code, words) => expect(machineFault(error(code))).toBe(words));

  it.each([error('ENOENT'), new Error('x'), null, undefined])('%s is a fault of something else', (one) =>
    expect(machineFault(one)).toBeNull(),
  );

  it('is said of a lane that got no process', () => {
    expect(whyNoProcess(error('EAGAIN'))).toBe('no more processes allowed');
    expect(whyNoProcess(undefined)).toBe('no process');
  });
});

describe('a machine that spoils iterations', () => {
  it('ends the run at the third in a row, whatever else the reason says', () => {
    const row = new SpoiltInRow();
    const all = [
      noSpace,
      { spoilt: 'the logs could not be kept: no space left on the device' },
      { spoilt: 'lane a could not be started (no more processes allowed)' },
    ].map((event) => row.after(event));
    expect(all).toEqual([null, null, '3 iterations in a row were spoilt: no more processes allowed']);
  });

  it('is given another chance after one that was carried out, or was spoilt by something else', () => {
    const row = new SpoiltInRow();
    for (const other of [{ spoilt: null }, { spoilt: 'lane a died before the gate opened' }]) {
      expect([noSpace, noSpace, other, noSpace, noSpace].map((event) => row.after(event))).toEqual(
        Array(5).fill(null),
      );
      row.after({ spoilt: null });
    }
  });
});
