import { describe, expect, it } from 'vitest';
import { isSafePath, safePart, UniqueNames } from '../../src/bundle/entry-names.js';

describe('safePart', () => {
  it.each([
    ['no-cache', 'no-cache'],
    ['../../etc', 'etc'],
    ['/etc/passwd', 'etc-passwd'],
    ['a/b\\c:d', 'a-b-c-d'],
    ['\u202egpj.exe', 'gpj-exe'],
    ['..', 'unnamed'],
    ['', 'unnamed'],
    ['con', 'con_'],
    ['LPT1', 'LPT1_'],
    ['console', 'console'],
    ['x'.repeat(500), 'x'.repeat(128)],
  ])('%j becomes %j', (name, part) => expect(safePart(name)).toBe(part));
});

describe('isSafePath', () => {
  it.each(['Dockerfile', 'sub/Dockerfile.v8', '.dockerignore', 'a b', 'größe.txt'])('takes %j', (path) =>
    expect(isSafePath(path)).toBe(true),
  );

  it.each([
    '',
    '/etc/passwd',
    '../x',
    'a/../../x',
    'a//b',
    'a/./b',
    'a/',
    'C:/x',
    'a\\..\\b',
    'nul',
    'sub/AUX.txt',
    'a\nb',
    'a\u001b[2Jb',
    'evil\u202etxt.sh',
    'dot.',
    'blank ',
    '...',
    `${'a/'.repeat(20)}b`,
    'x'.repeat(300),
  ])('refuses %j', (path) => expect(isSafePath(path)).toBe(false));
});

describe('UniqueNames', () => {
  it('gives no name twice, and tells no case apart', () => {
    const names = new UniqueNames();
    expect(names.take('a/b', '.log')).toBe('a/b.log');
    expect(names.take('a/B', '.log')).toBe('a/B-2.log');
    expect(names.take('a/b', '.log')).toBe('a/b-3.log');
  });

  it('takes no file where a folder is, and none in a file', () => {
    const names = new UniqueNames();
    expect(names.takes('a/b')).toBe(true);
    expect(names.takes('a')).toBe(false);
    expect(names.takes('a/b/c')).toBe(false);
    expect(names.takes('a/bc')).toBe(true);
  });
});
