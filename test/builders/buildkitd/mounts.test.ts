import { expect, it } from 'vitest';
import { mayHoldMounts, mountsBelow } from '../../../src/builders/buildkitd/mounts.js';

it('lists what is mounted at and below a folder, the deepest and the latest first', () => {
  const mounts = [
    'overlay / overlay rw 0 0',
    'tmpfs /tmp/a tmpfs rw 0 0',
    'overlay /tmp/a/root/executor/x/rootfs overlay rw 0 0',
    'stargz /tmp/a/root/b\\040c fuse.rawBridge rw 0 0',
    'tmpfs /tmp/ab tmpfs rw 0 0',
    'first /tmp/a/root tmpfs rw 0 0',
    '',
  ].join('\n');
  expect(mountsBelow('/tmp/a', mounts)).toEqual([
    '/tmp/a/root/executor/x/rootfs',
    '/tmp/a/root/b c',
    '/tmp/a/root',
    '/tmp/a',
  ]);
});

it.runIf(process.platform === 'linux')(
  'takes a folder for one with mounts where nobody can read them',
  () => {
    expect(mayHoldMounts('/tmp/a', '')).toBe(true);
    expect(mayHoldMounts('/tmp/a', 'overlay / overlay rw 0 0\n')).toBe(false);
    expect(mayHoldMounts('/tmp/a', 'tmpfs /tmp/a/b tmpfs rw 0 0\n')).toBe(true);
  },
);
