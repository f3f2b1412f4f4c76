import { describe, expect, test } from 'vitest';
import type { ImageFacts, LaneEvidence } from '../../src/detectors/detector.js';
import { digestDrift } from '../../src/detectors/digest-drift.js';
import { differences } from '../../src/detectors/json-difference.js';
import { internal, iteration, lane, line, timeline, told } from './timelines.js';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const image = (config: string, inlineCache: unknown = null): ImageFacts => ({
  name: 'localhost/x:1',
  digest: digest('0'),
  configDigest: digest(config),
  inlineCache,
});
const built = (name: string, of: ImageFacts | null, more: Partial<LaneEvidence> = {}) =>
  lane(timeline([internal(9, 'exporting to image', { name: 'exporting to image' })]), {
    lane: name,
    image: of,
    ...more,
  });
const detect = (...lanes: readonly LaneEvidence[]) => digestDrift.detect(iteration(lanes));

describe('digest-drift', () => {
  test('one digest is clean', () => {
    expect(detect(built('a', image('a')), built('b', image('a')))).toEqual({ findings: [], blind: [] });
  });

  test('each lane that differs from the first is a finding, and says how the cache records differ', () => {
    const records = (blob: string, count: number) => ({
      layers: [{ blob: digest('e') }, { blob: digest(blob) }],
      records: Array(count).fill(1),
    });
    const { findings, blind } = detect(
      built('a', image('a', records('c', 4))),
      built('b', image('b', records('d', 3))),
      built('c', image('a', records('c', 4))),
    );
    expect(blind).toEqual([]);
    expect(findings).toEqual([
      {
        signal: 'digest-drift',
        lane: 'b',
        message:
          "the image's config is sha256:bbbbbbbbbbbb…, that of lane a sha256:aaaaaaaaaaaa…; their inline cache records differ: " +
          'layers[1].blob: "sha256:cccccccccccccccc…" ≠ "sha256:dddddddddddddddd…"; records: 4 ≠ 3',
        evidence: [line(9, '#9 exporting to image')],
      },
    ]);
  });

  test('without a record, or with the same one, the difference lies elsewhere', () => {
    expect(told(detect(built('a', image('a')), built('b', image('b'))))[0]).toMatch(
      /; neither has an inline cache record$/,
    );
    expect(told(detect(built('a', image('a', [1])), built('b', image('b', [1]))))[0]).toMatch(
      /; no difference was found in their inline cache records$/,
    );
  });

  test('is blind to lanes without an image, and to a lone one', () => {
    const lanes = [
      built('a', image('a')),
      built('b', null, { outcome: 'failed' }),
      built('c', null, { outcome: 'failed', timedOut: true }),
      built('d', null),
    ];
    const without = [
      'b blind: the build failed and left no image',
      'c blind: the build was ended at its time limit',
      'd blind: no image of this build was read',
    ];
    expect(told(detect(...lanes))).toEqual([
      'a blind: no other build left an image to compare with',
      ...without,
    ]);
    expect(told(detect(...lanes, built('e', image('a'))))).toEqual(without);
  });

  test('applies where some lane has an image', () => {
    expect(digestDrift.appliesTo(iteration([built('a', null)]))).toBe(false);
    expect(digestDrift.appliesTo(iteration([built('a', null), built('b', image('a'))]))).toBe(true);
  });
});

describe('differences of two JSON values', () => {
  test.each<[string, unknown, unknown, readonly string[]]>([
    ['none', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ['lengths', { records: [1, 2, 3, 4] }, { records: [1, 2, 3] }, ['records: 4 ≠ 3']],
    ['a member', { a: [{ b: 1 }] }, { a: [{ b: '1' }] }, ['a[0].b: 1 ≠ "1"']],
    ['a key that is not there', { a: 1 }, { b: null }, ['a: 1 ≠ nothing', 'b: nothing ≠ null']],
    ['kinds', { a: [1] }, { a: { 0: 1 } }, ['a: a list of 1 ≠ an object']],
    ['the whole', null, { a: 1 }, ['whole: null ≠ an object']],
    ['keys that every object has', { constructor: 1 }, {}, ['constructor: 1 ≠ nothing']],
    ['the first three', [1, 2, 3, 4], [0, 0, 0, 0], ['[0]: 1 ≠ 0', '[1]: 2 ≠ 0', '[2]: 3 ≠ 0']],
    ['keys that are no names', { 'a\nb': 1 }, { 'a\nb': 2 }, ['["a\\nb"]: 1 ≠ 2']],
  ])('%s', (_, a, b, expected) => {
    expect(differences(a, b)).toEqual(expected);
  });

  test('are short and soon found, whatever a registry sent', () => {
    const nested = (end: string): unknown => JSON.parse(`${'['.repeat(2000)}${end}${']'.repeat(2000)}`);
    expect(differences(nested('1'), nested('2'))).toEqual([]);
    const key = 'k'.repeat(10_000);
    const [text = ''] = differences({ [key]: 'v'.repeat(10_000) }, { [key]: 'w'.repeat(10_000) });
    expect(text.length).toBeLessThanOrEqual(160);
    const wide = (end: number) => [...Array<number>(50_000).fill(0), end];
    expect(differences(wide(1), wide(2))).toEqual([]);
    const many = (end: number) => [...Array<unknown>(200).fill(Array<number>(200).fill(0)), end];
    expect(differences(many(1), many(2))).toEqual([]);
  });
});
