import { describe, expect, it } from 'vitest';
import { hasGap, leftOutLine, leftOutOfMiddle, saysLeftOut } from '../../src/progress/left-out.js';
import { createParser } from '../../src/progress/parse.js';
import type { Timeline } from '../../src/progress/timeline.js';

const gap = leftOutLine(744_001_210, 12, 14_779_673);

function read(lines: readonly string[], isGap?: (text: string, line: number) => boolean): Timeline {
  const parser = createParser(isGap);
  parser.push(Buffer.from(lines.map((line) => `${line}\n`).join('')));
  return parser.end();
}

describe('the line that tells of what was left out', () => {
  it('says how much, and which lines', () => {
    expect(gap).toBe(
      '[buildrace: 744,001,210 bytes left out here: lines 12 to 14779673 of what was printed, which is more than the log may hold]',
    );
    expect(leftOutLine(1, 3, 3)).toMatch(/^\[buildrace: 1 byte left out here: line 3 of /);
    expect(saysLeftOut(gap)).toBe(true);
    expect(saysLeftOut('[buildrace: 12 lines left out here: lines 1 to 12 of this file]')).toBe(true);
    expect(saysLeftOut(`#1 0.1 ${gap}`)).toBe(false);
  });

  it('is below what is set aside for it, whatever the numbers are', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(2 * (leftOutLine(most, most, most - 1).length + 2)).toBeLessThan(1_024);
  });
});

const plain = ['#1 [1/2] FROM alpine', '#1 DONE 0.1s', '', '#2 [2/2] RUN make', '#2 0.1 text'];
const classic = [
  'Step 1/9 : FROM alpine',
  ' ---> 0123456789ab',
  'Step 2/9 : RUN make',
  ' ---> Running in 0123456789ab',
];
const buildah = ['STEP 1/9: FROM alpine', 'STEP 2/9: RUN make', 'text'];
const rawjson = [
  '{"vertexes":[{"digest":"sha256:a","name":"[1/2] FROM alpine","started":"2026-11-21T20:00:00Z"}]}',
];
const tty = ['[+] Building 0.2s (1/2)', ' => [1/2] FROM alpine   0.1s', ' => [2/2] RUN make   0.1s'];

describe('a log with a gap', () => {
  it.each(Object.entries({ plain, classic, buildah, rawjson, tty }))('is cut: %s', (format, lines) => {
    const timeline = read([...lines, gap]);
    expect(timeline).toMatchObject({ format, truncated: leftOutOfMiddle });
    expect(hasGap(timeline)).toBe(true);
    expect(hasGap(read([...lines, gap], () => false))).toBe(false);
    expect(hasGap(read(lines))).toBe(false);
  });

  it('goes on in the classic builder’s steps behind it, and does not say how the one before ended', () => {
    const lines = [
      ...classic,
      gap,
      'Step 7/9 : RUN true',
      ' ---> 0123456789ab',
      'Successfully built 0123456789ab',
    ];
    const { steps, outcome } = read(lines);
    expect(steps.map(({ index, status }) => [index, status])).toEqual([
      [1, 'done'],
      [2, 'unfinished'],
      [7, 'done'],
    ]);
    expect(outcome).toBe('succeeded');
    expect(read(lines, () => false).steps).toHaveLength(2);
  });

  it('goes on in buildah’s steps behind it', () => {
    const lines = [...buildah, gap, 'STEP 7/9: RUN true', '--> 0123456789a'];
    expect(read(lines).steps.map(({ index, status }) => [index, status])).toEqual([
      [1, 'done'],
      [2, 'unfinished'],
      [7, 'done'],
    ]);
    expect(read(lines, () => false).steps).toHaveLength(2);
  });

  it('ends an error summary, an error’s text, and a JSON object', () => {
    const failed = ['#2 ERROR: first', gap, 'no part of it', '#3 [3/3] RUN x', '#3 DONE 0.1s'];
    expect(read([...plain, ...failed]).steps[1]?.error).toBe('first');
    const summary = ['------', ' > [2/2] RUN make:', gap, 'error: failed to solve: x'];
    expect(read([...plain, ...summary]).error?.text).toBe('error: failed to solve: x');
    expect(read([...rawjson, '{', '  "vertexes": [', gap, ...rawjson]).steps).toHaveLength(1);
  });

  it('repeats no row of a terminal’s frame of which the beginning is missing', () => {
    expect(read([...tty, gap, ...tty.slice(1)]).steps).toHaveLength(2);
  });
});
