import { describe, expect, it } from 'vitest';
import { displayed, firstLine, quoted, whyFailed } from '../../src/builders/text.js';

const result = { exitCode: 1, stdout: '', stderr: '', timedOut: false, notFound: false };

describe('firstLine', () => {
  it('prefers standard error, and passes over empty lines', () => {
    expect(firstLine({ stderr: '\n  \nERROR: no\nmore', stdout: 'out' })).toBe('ERROR: no');
    expect(firstLine({ stderr: '', stdout: '\nout\n' })).toBe('out');
    expect(firstLine({ stderr: '', stdout: '' })).toBe('');
  });

  it('prints no control characters and no long text', () => {
    expect(firstLine({ stderr: '\x1b[31mred\x1b[0m\x07 \x1b]0;title\x07end', stdout: '' })).not.toMatch(
      /[\x00-\x1f]/,
    );
    expect(firstLine({ stderr: 'x'.repeat(5_000), stdout: '' })).toHaveLength(200);
  });
});

describe('whyFailed', () => {
  it('names the gravest reason', () => {
    expect(whyFailed({ ...result, notFound: true })).toBe('it could not be started');
    expect(whyFailed({ ...result, notFound: true, refused: 'no more; raise it' })).toBe(
      'it could not be started: no more; raise it',
    );
    expect(whyFailed({ ...result, timedOut: true, stderr: 'x' })).toBe('no answer within 10 s');
    expect(whyFailed({ ...result, stderr: 'denied\n' })).toBe('denied');
    expect(whyFailed({ ...result, exitCode: 7 })).toBe('exit code 7');
    expect(whyFailed({ ...result, exitCode: null })).toBe('exit code unknown');
  });
});

describe('displayed', () => {
  it('quotes what a shell would read otherwise', () => {
    const args = ['--addr', 'unix:///run/b.sock', 'a b', "it's", '$(id)', ''];
    expect(displayed({ file: 'buildctl', args })).toBe(
      `buildctl --addr unix:///run/b.sock 'a b' 'it'\\''s' '$(id)' ''`,
    );
  });

  it('keeps blanks, and shows no escape', () => {
    expect(quoted(' x ')).toBe(`' x '`);
    expect(quoted('a\x1b[2Jb\nc')).toBe(`'ab c'`);
  });
});
