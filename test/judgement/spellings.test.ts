import { expect, test } from 'vitest';
import { SpellingCounter } from '../../src/judgement/spellings.js';
import type { Timeline } from '../../src/progress/timeline.js';
import { internal, step, timeline } from '../detectors/timelines.js';

const counted = (timelines: readonly Timeline[]) => {
  const counter = new SpellingCounter();
  for (const one of timelines) counter.add(one);
  return counter.result;
};
const countSpellings = (timelines: readonly Timeline[]) => counted(timelines).spellings;

const run = { stage: 'builder', instruction: 'RUN', platform: 'linux/arm64' };
const copy = { stage: 'runtime', instruction: 'COPY', platform: 'linux/arm64/v8' };

test('counts builds, not steps, for each stage, instruction and spelling', () => {
  const build = timeline([step(1, 'a', run), step(4, 'b', run), step(7, 'c', copy)]);
  const other = timeline([step(1, 'a', { ...run, platform: 'linux/aarch64' }), step(7, 'c', copy)]);
  expect(countSpellings([build, build, other])).toEqual([
    { stage: 'builder', instruction: 'RUN', platform: 'linux/aarch64', builds: 1 },
    { stage: 'builder', instruction: 'RUN', platform: 'linux/arm64', builds: 2 },
    { stage: 'runtime', instruction: 'COPY', platform: 'linux/arm64/v8', builds: 3 },
  ]);
});

test('keeps a stage without a name apart, and leaves out what is internal or carries no platform', () => {
  const steps = [
    step(1, 'a', { ...run, stage: null }),
    internal(4, 'load metadata', { platform: 'linux/arm64' }),
    step(7, 'c', { ...run, platform: null }),
    step(9, 'd', { ...run, instruction: null }),
  ];
  expect(countSpellings([timeline(steps)])).toEqual([
    { stage: null, instruction: 'RUN', platform: 'linux/arm64', builds: 1 },
  ]);
  expect(countSpellings([])).toEqual([]);
});

const timesOf = (count: number, of: (i: number) => Parameters<typeof step>[2]): Timeline =>
  timeline(Array.from({ length: count }, (_, i) => step(i + 1, 'RUN x', of(i))));
const many = (count: number, from = 0) =>
  timesOf(count, (i) => ({ stage: `s${from + i}`, platform: `linux/p${from + i}` }));

test('all are told of a build of a hundred steps and a dozen platforms', () => {
  const platforms = Array.from({ length: 12 }, (_, i) => `linux/p${i}`);
  const matrix = platforms.map((platform, at) =>
    timesOf(at < 8 ? 100 : 1, (i) => ({ stage: `s${i}`, platform })),
  );
  const { spellings, spellingsLeftOut } = counted(matrix);
  expect(spellings).toHaveLength(8 * 100 + 4);
  expect(new Set(spellings.map(({ platform }) => platform))).toEqual(new Set(platforms));
  expect(spellingsLeftOut).toBe(0);
});

test('of too many the most frequent are told, then those seen first, and how many there are beside them', () => {
  const drift = timeline([step(1, 'a', run), step(4, 'b', { ...run, platform: 'linux/arm64/v8' })]);
  const { spellings, spellingsLeftOut } = counted([many(500), drift, drift]);
  expect(spellings.filter(({ stage }) => stage === 'builder')).toEqual([
    { ...run, builds: 2 },
    { ...run, platform: 'linux/arm64/v8', builds: 2 },
  ]);
  expect(spellings.slice(0, 10).map(({ platform }) => platform)).toEqual(
    Array.from({ length: 10 }, (_, i) => `linux/p${i}`),
  );
  expect(spellings).toHaveLength(12);
  expect(spellingsLeftOut).toBe(490);
});

test('a hundred steps are told of more that carry one platform', () => {
  const { spellings, spellingsLeftOut } = counted([
    timesOf(130, (i) => ({ stage: `s${i}`, platform: 'linux/arm64' })),
  ]);
  expect(spellings.map(({ stage }) => stage)).toEqual(Array.from({ length: 100 }, (_, i) => `s${i}`));
  expect(spellingsLeftOut).toBe(30);
});

test('no more are counted than a thousand, however many builds bring new ones', () => {
  const first = counted([many(8_000)]);
  expect(first.spellings).toHaveLength(12);
  expect(first.spellingsLeftOut).toBe(8_000 - 12);
  const builds = Array.from({ length: 10 }, (_, i) => many(2_000, i * 2_000));
  // Those behind the first thousand are not known from build to build: 2,000 of one are more than 1,000 of another.
  expect(counted(builds).spellingsLeftOut).toBe(1_000 - 12 + 2_000);
  expect(counted([...builds, builds[0] ?? timeline([])]).spellings[0]).toMatchObject({
    stage: 's0',
    builds: 2,
  });
});
