import { describe, expect, test } from 'vitest';
import { platformDrift } from '../../src/detectors/platform-drift.js';
import type { Step } from '../../src/progress/timeline.js';
import { internal, iteration, lane, step, timeline, verdictOn } from './timelines.js';

const on = (line: number, platform: string | null, more: Partial<Step> = {}) =>
  step(line, `[${platform} stage 1/2] RUN true`, { platform, ...more });

describe('finds two spellings of one platform', () => {
  test.each([
    ['linux/arm64', 'linux/arm64/v8'],
    ['linux/arm64', 'linux/aarch64'],
    ['linux/amd64', 'linux/x86_64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/arm', 'linux/arm/v7'],
  ])('%s beside %s', (a, b) => {
    expect(verdictOn(platformDrift, timeline([on(1, a), on(4, b)]))).toBe('found');
  });

  test('in two stages, in one stage, and between an internal step and one of the Dockerfile', () => {
    const v8 = on(4, 'linux/arm64/v8', { stage: 'builder' });
    expect(verdictOn(platformDrift, timeline([on(1, 'linux/arm64', { stage: 'runtime' }), v8]))).toBe(
      'found',
    );
    expect(verdictOn(platformDrift, timeline([on(1, 'linux/arm64', { stage: 'builder' }), v8]))).toBe(
      'found',
    );
    const metadata = internal(1, 'load metadata for alpine', { platform: 'linux/arm64' });
    expect(verdictOn(platformDrift, timeline([metadata, v8]))).toBe('found');
  });

  test('in a log that was cut, and in a build that failed', () => {
    const steps = [on(1, 'linux/arm64'), on(4, 'linux/arm64/v8')];
    expect(verdictOn(platformDrift, timeline(steps, { truncated: 'no end', outcome: 'unknown' }))).toBe(
      'found',
    );
    expect(verdictOn(platformDrift, timeline(steps, { outcome: 'failed' }))).toBe('found');
  });
});

describe('takes nothing else for a drift', () => {
  test.each([
    ['a build for two platforms', ['linux/amd64', 'linux/arm64']],
    ['variants that differ', ['linux/arm/v6', 'linux/arm/v7']],
    ['micro-architecture levels', ['linux/amd64', 'linux/amd64/v3']],
    ['one spelling throughout', ['linux/arm64/v8', 'linux/arm64/v8']],
    ['what is no platform', ['nonsense', 'NONSENSE', 'linux/arm64', 'linux/arm64']],
  ])('%s', (_, platforms) => {
    const steps = platforms.map((platform, i) => on(3 * i + 1, platform));
    expect(verdictOn(platformDrift, timeline(steps))).toBe('clean');
  });

  test('the target of a cross build', () => {
    const steps = [
      on(1, 'linux/amd64', { targetPlatform: 'amd64/v1' }),
      on(4, 'linux/amd64', { targetPlatform: 'arm64' }),
    ];
    expect(verdictOn(platformDrift, timeline(steps))).toBe('clean');
    expect(
      verdictOn(
        platformDrift,
        timeline([on(1, 'linux/arm64'), on(4, 'linux/amd64', { targetPlatform: 'arm64/v8' })]),
      ),
    ).toBe('clean');
  });

  test('two targets of one bake, each true to its own spelling', () => {
    const steps = [on(1, 'linux/arm64', { target: 'app' }), on(4, 'linux/arm64/v8', { target: 'db' })];
    expect(verdictOn(platformDrift, timeline(steps))).toBe('clean');
    expect(verdictOn(platformDrift, timeline([...steps, on(7, 'linux/arm64', { target: 'db' })]))).toBe(
      'found',
    );
  });
});

describe('says where it is blind', () => {
  test.each([
    ['no step carries a platform', timeline([on(1, null), on(4, null)])],
    ['only one step carries a platform', timeline([on(1, 'linux/arm64'), on(4, null)])],
    [
      'the log was cut: 1 step never ended',
      timeline([on(1, 'linux/arm64'), on(4, 'linux/arm64')], { truncated: '1 step never ended' }),
    ],
    ['the build failed', timeline([on(1, 'linux/arm64'), on(4, 'linux/arm64')], { outcome: 'failed' })],
    ["the classic builder's output names no platform", timeline([on(1, null)], { format: 'classic' })],
    [
      "no builder's output was recognized in the log",
      timeline([], { format: 'unknown', outcome: 'unknown' }),
    ],
  ])('%s', (reason, log) => {
    expect(verdictOn(platformDrift, log)).toBe(`blind: ${reason}`);
  });
});

test('shows both spellings, one line for each stage and instruction, in the order of the log, six at most', () => {
  const steps = [
    ...[1, 4, 7].map((line) => on(line, 'linux/arm64', { stage: 'builder' })),
    ...[10, 13, 16, 19, 22, 25].map((line, i) => on(line, 'linux/arm64', { stage: `stage-${i}` })),
    on(40, 'linux/arm64/v8', { stage: 'runtime', instruction: 'COPY' }),
  ];
  const [finding] = platformDrift.detect(iteration([lane(timeline(steps))])).findings;
  expect(finding?.evidence.map(({ line }) => line)).toEqual([1, 10, 13, 16, 19, 40]);
  expect(finding?.evidence[0]?.text).toBe('#1 [linux/arm64 stage 1/2] RUN true');
  expect(finding?.message).toBe(
    'linux/arm64 (9 steps) and linux/arm64/v8 (1 step) name one platform in this build',
  );
});

test('looks at each lane by itself: spellings of two lanes are no drift', () => {
  const one = timeline([on(1, 'linux/arm64'), on(4, 'linux/arm64')]);
  const other = timeline([on(1, 'linux/arm64/v8'), on(4, 'linux/arm64/v8')]);
  const apart = platformDrift.detect(iteration([lane(one), lane(other, { lane: 'b' })]));
  expect(apart).toEqual({ findings: [], blind: [] });
  const both = timeline([...one.steps, ...other.steps.map((s) => ({ ...s, line: s.line + 50 }))]);
  const together = platformDrift.detect(iteration([lane(one), lane(both, { lane: 'b' })]));
  expect(together.findings.map((finding) => finding.lane)).toEqual(['b']);
});
