import { describe, expect, it } from 'vitest';
import { foreignBy } from '../../src/results/own-run.js';

const user = { uid: 1000, gid: 1000 };
const file = { uid: 1000, gid: 1000, mode: 0o100644 };

describe('what a run is resumed from', () => {
  it.each([
    ['of the user', file],
    ['of root', { ...file, uid: 0, gid: 0 }],
    ['of the user, in another group that may read it', { ...file, gid: 100 }],
    ['that the group may write which is the user’s alone (umask 002)', { ...file, mode: 0o100664 }],
  ])('may be a file %s', (_, stat) => {
    expect(foreignBy(stat, user)).toBeNull();
  });

  it.each([
    ['another user’s', { ...file, uid: 1001 }, 'owner'],
    ['another user’s, whose group it shares', { ...file, uid: 1001, mode: 0o100664 }, 'owner'],
    ['one that everybody may write', { ...file, mode: 0o100646 }, 'mode'],
    ['one that a group of several may write', { ...file, gid: 100, mode: 0o100664 }, 'mode'],
    ['root’s, that its group may write', { uid: 0, gid: 0, mode: 0o100664 }, 'mode'],
    ['a folder that everybody may add to (sticky)', { ...file, mode: 0o041777 }, 'mode'],
  ] as const)('may not be %s', (_, stat, why) => {
    expect(foreignBy(stat, user)).toBe(why);
  });

  it('may not be writable by the primary group where users share one', () => {
    const shared = { uid: 1000, gid: 20 };
    expect(foreignBy({ uid: 1000, gid: 20, mode: 0o100664 }, shared)).toBe('mode');
    expect(foreignBy({ uid: 1000, gid: 20, mode: 0o100644 }, shared)).toBeNull();
  });
});
