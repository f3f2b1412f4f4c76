import { describe, expect, it } from 'vitest';
import { read, readLines } from './reading.js';

const unknown = { format: 'unknown', truncated: null, steps: [], outcome: 'unknown' };

describe('which format a log is', () => {
  it.each([
    ['#1 [internal] load .dockerignore', 'plain'],
    ['#7 [4/4] RUN x', 'plain'],
    ['#7 0.039 text from the middle of a log', 'plain'],
    ['#7 DONE', 'plain'],
    ['#7 DONE 0.1s  ', 'plain'],
    ['#0 building with "x" instance using remote driver', 'plain'],
    ['#1 resolve image config for docker.io/docker/dockerfile:1', 'plain'],
    ['#5 oci-layout://docker.io/library/alpine:3.20@sha256:06', 'plain'],
    ['#5 [app linux/arm64 build 2/4] RUN => ERROR [x 1/2] RUN', 'plain'],
    ['#5 0.1 Step 1/2 : FROM x', 'plain'],
    ['#6 sha256:f5380123456789abcdef0123456789abcdef0123456789abcdef0123456789ab 3.1MB', 'plain'],
    ['log of it: #9 exporting to image', 'plain'],
    ['log of it: #9 importing cache manifest from x', 'plain'],
    ['log of it: #3 transferring context: 2B', 'plain'],
    ['#1       digest: sha256:6d3c', 'plain'],
    ['#7 ...', 'plain'],
    ['#7 ERROR: no', 'plain'],
    ['#7 local://context', 'plain'],
    ['12:30:01 #7 0.1 text', 'plain'],
    ['moby/buildkit#7 0.1 text', 'plain'],
    ['[+] Building 0.0s (0/1)', 'tty'],
    [' => [internal] load .dockerignore   0.0s', 'tty'],
    ['=> ERROR [a 1/2] RUN x   0.0s', 'tty'],
    ['{"vertexes":[]}', 'rawjson'],
    ['{"logs":[{"vertex":"#1 [1/2] RUN"}]}', 'rawjson'],
    ['Step 1/2 : FROM x', 'classic'],
    ['Step 1 : FROM x', 'classic'],
    ['STEP 1: FROM x', 'buildah'],
    ['STEP 1/2: FROM x', 'buildah'],
    ['[linux/arm64] [1/2] STEP 2/11: ENV x', 'buildah'],
  ])('`%s` is %s', (line, format) => {
    expect(readLines('some words before', line).format).toBe(format);
  });

  it.each([
    'See #12 and #13.',
    'fixes #12 0.5 times',
    'it is said that #12 ERROR: is bad',
    'Step 1: install it',
    'STEPS 1/2: x',
    '{"level":"info","logs":"x"}',
    'a => b',
    '#1234567 [1/1] RUN x',
    '#x [1/1] RUN x',
    '# 1 [1/1] RUN x',
    'word#5 DONE 0.1s',
    `${'word '.repeat(50)}#5 DONE 0.1s`,
    `${'2: '.repeat(70)}#5 0.1 x`,
  ])('`%s` is of none', (line) => {
    expect(readLines(line)).toMatchObject(unknown);
  });

  it.each([
    ['nothing', ''],
    ['line ends', '\n\n\r\n'],
    ['a mark alone', Buffer.from([0xef, 0xbb, 0xbf])],
    ['one byte', Buffer.from([0xff])],
    ['bytes', Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 7919 + (at >> 8) * 31) & 0xff))],
  ])('%s is of none', (_, log) => {
    expect(read(log)).toEqual({
      ...unknown,
      lines: expect.any(Number),
      bytes: Buffer.from(log).length,
      error: null,
      source: null,
      trouble: [],
    });
  });

  it('counts lines, with and without the last line end', () => {
    expect(read('').lines).toBe(0);
    expect(read('\n').lines).toBe(1);
    expect(read('a\nb').lines).toBe(2);
    expect(read('a\nb\n').lines).toBe(2);
  });

  it('finds the log behind a long beginning', () => {
    const before = Array.from(
      { length: 5000 },
      (_, at) => `line ${at} of something else that is printed before`,
    );
    const timeline = readLines(...before, '#1 [1/1] RUN x', '#1 DONE 0.1s');
    expect(timeline.format).toBe('plain');
    expect(timeline.steps[0]).toMatchObject({ line: 5001, endLine: 5002, status: 'done' });
  });

  it('forgets what is far in front of the first step', () => {
    const before = Array.from({ length: 5000 }, (_, at) => `panic: ${at}`);
    const timeline = readLines(...before, '#1 [1/1] RUN x', '#1 DONE 0.1s');
    expect(timeline.trouble[0]?.line).toBeGreaterThan(1000);
  });

  it('hears of trouble in front of the first step', () => {
    const timeline = readLines('panic: oh', '#1 [1/1] RUN x', '#1 DONE 0.1s');
    expect(timeline.trouble).toEqual([{ line: 1, text: 'panic: oh' }]);
  });

  it('reads the error of a builder that did not begin', () => {
    const text =
      'ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
    expect(read(`\uFEFF${text}`).error?.text).toBe(text);
    expect(readLines('', text)).toMatchObject({
      ...unknown,
      error: { line: 2, text },
      trouble: [{ line: 2, text }],
    });
  });
});
