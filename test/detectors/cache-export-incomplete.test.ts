import { describe, expect, test } from 'vitest';
import { cacheExportIncomplete } from '../../src/detectors/cache-export-incomplete.js';
import type { CacheCheck, LaneEvidence } from '../../src/detectors/detector.js';
import { internal, iteration, lane, line, timeline, told } from './timelines.js';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const whole: CacheCheck = { folder: 'cache', lanes: ['a', 'b'], manifests: 2, missing: [], problem: null };
const dangling: CacheCheck = { ...whole, missing: [{ digest: digest('a'), namedBy: 'index.json' }] };
const unreadable: CacheCheck = { ...whole, manifests: 0, problem: 'there is no index.json' };
const exporting = internal(7, 'exporting cache to client directory', {
  name: 'exporting cache to client directory',
});
const built = (name: string, more: Partial<LaneEvidence> = {}) =>
  lane(timeline([exporting]), { lane: name, ...more });
const failed = { outcome: 'failed' } as const;
const detect = (checks: readonly CacheCheck[], lanes = [built('a'), built('b'), built('c')]) =>
  cacheExportIncomplete.detect({ ...iteration(lanes), cacheChecks: checks });

test('a whole export is clean', () => {
  expect(detect([whole])).toEqual({ findings: [], blind: [] });
});

test('a missing blob is a finding in each lane that exported, with the header of its export', () => {
  const message = 'the cache export cache lacks 1 blob: sha256:aaaaaaaaaaaa… (named by index.json)';
  const evidence = [line(7, '#7 exporting cache to client directory')];
  expect(detect([dangling])).toEqual({
    findings: ['a', 'b'].map((of) => ({ signal: 'cache-export-incomplete', lane: of, message, evidence })),
    blind: [],
  });
});

test('names three blobs at most, and blobs that name blobs by their short digests', () => {
  const missing = ['a', 'b', 'c', 'd', 'e'].map((letter) => ({
    digest: digest(letter),
    namedBy: `blobs/sha256/${'f'.repeat(64)}`,
  }));
  const by = '(named by blobs/sha256/ffffffffffff…)';
  expect(told(detect([{ ...whole, lanes: ['a'], missing }]))).toEqual([
    `a: the cache export cache lacks 5 blobs: sha256:aaaaaaaaaaaa… ${by}, sha256:bbbbbbbbbbbb… ${by}, sha256:cccccccccccc… ${by} and 2 more`,
  ]);
});

test('an export that cannot be read is one too', () => {
  expect(told(detect([{ ...unreadable, lanes: ['b'] }]))).toEqual([
    'b: the cache export cache cannot be read: there is no index.json',
  ]);
});

describe('where builds failed', () => {
  const lanes = [built('a', failed), built('b', { ...failed, timedOut: true })];

  test('all of them: then nobody exported, and nothing can be said', () => {
    const blind = [
      'a blind: no build came to export its cache',
      'b blind: the build was ended at its time limit',
    ];
    expect(told(detect([unreadable], lanes))).toEqual(blind);
    expect(told(detect([whole], lanes))).toEqual(blind);
  });

  test('but a blob that is named and missing is a fault all the same', () => {
    expect(detect([dangling], lanes).findings).toHaveLength(2);
  });

  test('one of them: the other exported', () => {
    expect(detect([unreadable], [built('a', failed), built('b')]).findings).toHaveLength(2);
  });

  test('a lane with a finding of another export is not blind', () => {
    const checks = [
      { ...dangling, folder: 'one' },
      { ...unreadable, folder: 'two' },
    ];
    expect(detect(checks, lanes).blind).toEqual([]);
  });
});

test('applies where an export was checked', () => {
  expect(cacheExportIncomplete.appliesTo(iteration([built('a')]))).toBe(false);
  expect(cacheExportIncomplete.appliesTo({ ...iteration([]), cacheChecks: [whole] })).toBe(true);
});
