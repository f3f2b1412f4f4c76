import { describe, expect, test } from 'vitest';
import { cacheMountLost } from '../../src/detectors/cache-mount-lost.js';
import { cacheMountShared } from '../../src/detectors/cache-mount-shared.js';
import type { Timeline } from '../../src/progress/timeline.js';
import { iteration, lane, line, step, timeline, told, verdictOn } from './timelines.js';

const marked = (...texts: readonly string[]) =>
  step(1, 'RUN look', { marks: texts.map((text, i) => line(10 + i, `buildrace: ${text}`)) });
const both = [cacheMountShared, cacheMountLost] as const;

describe('cache-mount-shared', () => {
  test.each([
    ['cache-mount of=amd64 holds=amd64', 'clean'],
    ['cache-mount of=amd64 holds=', 'clean'],
    ['cache-mount of=amd64 holds=AMD64,amd64', 'clean'],
    ['cache-mount of=amd64 holds=amd64,arm64', 'found'],
    ['cache-mount of=amd64 holds=arm64', 'found'],
  ])('%s', (text, expected) => {
    expect(verdictOn(cacheMountShared, timeline([marked(text)]))).toBe(expected);
    expect(verdictOn(cacheMountShared, timeline([marked(text)], { outcome: 'failed' }))).toBe(expected);
  });

  test('names the architectures, once, with the marks as evidence', () => {
    const texts = [
      'cache-mount of=arm64 holds=arm64',
      'cache-mount of=amd64 holds=amd64,arm64,arm',
      'cache-mount of=amd64 holds=arm64,arm',
    ];
    const { findings } = cacheMountShared.detect(iteration([lane(timeline([marked(...texts)]))]));
    expect(findings).toEqual([
      {
        signal: 'cache-mount-shared',
        lane: 'a',
        message: 'the cache mount of a step for amd64 holds files of arm64, arm',
        evidence: [line(11, `buildrace: ${texts[1]}`), line(12, `buildrace: ${texts[2]}`)],
      },
    ]);
  });

  test('stays short, whatever a log holds', () => {
    const names = Array.from({ length: 500 }, (_, i) => `${'x'.repeat(300)}${i}`);
    const log = timeline([marked(`cache-mount of=amd64 holds=${names}`)]);
    expect(told(cacheMountShared.detect(iteration([lane(log)])))[0]?.length).toBeLessThan(400);
  });
});

describe('cache-mount-lost', () => {
  test.each([
    ['cache-mount marker=w-a found=yes', 'clean'],
    ['cache-mount marker=w-a found=no', 'found'],
  ])('%s', (text, expected) => {
    expect(verdictOn(cacheMountLost, timeline([marked(text)]))).toBe(expected);
    expect(verdictOn(cacheMountLost, timeline([marked(text)], { outcome: 'failed' }))).toBe(expected);
  });

  test("says which build's marker was missing", () => {
    const log = timeline([marked('cache-mount marker=w-1 found=yes', 'cache-mount marker=w-2 found=no')]);
    const { findings } = cacheMountLost.detect(iteration([lane(log, { lane: 'b' })]));
    expect(findings).toEqual([
      {
        signal: 'cache-mount-lost',
        lane: 'b',
        message: 'the cache mount had lost what lane b wrote into it one step before (marker w-2)',
        evidence: [line(11, 'buildrace: cache-mount marker=w-2 found=no')],
      },
    ]);
  });
});

describe.each(both)('$signal', (detector) => {
  const what =
    detector === cacheMountLost ? 'whether its marker was still there' : 'what its cache mount held';
  const foreign = marked('cache-mount of= holds=', 'cache-mount marker=x found=perhaps', 'x files=1');

  test.each<[string, Timeline]>([
    [`no step printed ${what}`, timeline([foreign])],
    [`the build failed before a step printed ${what}`, timeline([foreign], { outcome: 'failed' })],
    [
      `no step printed ${what}: RUN steps came from the cache`,
      timeline([step(1, 'RUN look', { status: 'cached' })]),
    ],
    ['the log was cut: no end', timeline([foreign], { truncated: 'no end' })],
  ])('is blind: %s', (reason, log) => {
    expect(verdictOn(detector, log)).toBe(`blind: ${reason}`);
  });

  test('a build that was ended at its time limit had more to say', () => {
    const ended = (text: string) => lane(timeline([marked(text)]), { timedOut: true, outcome: 'failed' });
    const [fine, wrong] =
      detector === cacheMountLost
        ? ['marker=x found=yes', 'marker=x found=no']
        : ['of=a holds=a', 'of=a holds=b'];
    const blind = 'blind: the build was ended at its time limit';
    expect(verdictOn(detector, ended(`cache-mount ${fine}`))).toBe(blind);
    expect(verdictOn(detector, ended('x files=1'))).toBe(blind);
    expect(verdictOn(detector, ended(`cache-mount ${wrong}`))).toBe('found');
  });

  test('applies where builds report so, or would have', () => {
    const own = detector === cacheMountLost ? 'cache-mount marker=x found=yes' : 'cache-mount of=a holds=a';
    const other = detector === cacheMountLost ? 'cache-mount of=a holds=a' : 'cache-mount marker=x found=yes';
    const applies = (log: Timeline) => detector.appliesTo(iteration([lane(timeline([])), lane(log)]));
    expect(applies(timeline([marked(own)]))).toBe(true);
    expect(applies(timeline([step(1, `RUN echo "buildrace: ${own}"`)]))).toBe(true);
    expect(applies(timeline([marked(other), step(1, `RUN echo "buildrace: ${other}"`)]))).toBe(false);
  });
});
