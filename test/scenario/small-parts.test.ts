import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMs, maxDurationMs, parseDuration } from '../../src/scenario/duration.js';
import { fromPlatforms } from '../../src/scenario/from-platforms.js';
import { scenarioName } from '../../src/scenario/load.js';
import { laneName, nameSchema } from '../../src/scenario/names.js';
import { fillIn } from '../../src/scenario/placeholders.js';
import { type PlannedStep, stepText } from '../../src/scenario/plan.js';
import { plannedBuild } from '../results/sample-run.js';

describe('a duration', () => {
  it.each([
    ['0', 0],
    ['0ms', 0],
    ['50ms', 50],
    ['1.5s', 1_500],
    ['2s', 2_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(durationMs(text)).toBe(ms);
  });

  it('is 480h at most', () => {
    expect(parseDuration('480h')).toBe(maxDurationMs);
    for (const text of ['480.001h', '999999999999h', `${'9'.repeat(400)}ms`])
      expect(parseDuration(text)).toBeNull();
  });

  it.each(['', '5', '5 s', 's', '-1s', '1e3s', '.5s', '1.s', '5sec', '1h30m', 'Infinity', '５s'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );
});

describe('the platforms that a Dockerfile names', () => {
  it('are those of its FROM lines, each once, in order', () => {
    const dockerfile = [
      'FROM --platform=linux/arm64/v8 alpine AS a',
      'from  --platform="linux/amd64"  alpine AS b',
      "  FROM --platform='linux/386' alpine",
      'FROM --platform=linux/amd64 alpine',
    ].join('\r\n');
    expect(fromPlatforms(dockerfile)).toEqual(['linux/arm64/v8', 'linux/amd64', 'linux/386']);
  });

  it('are found behind a line that goes on', () => {
    expect(fromPlatforms('FROM \\\n  --platform=linux/arm64 \\ \n alpine')).toEqual(['linux/arm64']);
  });

  it('are not those of variables, comments, COPY or RUN', () => {
    const dockerfile = [
      'FROM --platform=$BUILDPLATFORM golang',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is a Dockerfile's variable
      'FROM --platform=${TARGETPLATFORM} alpine',
      '# FROM --platform=linux/arm64 alpine',
      'FROM alpine',
      'RUN echo FROM --platform=linux/s390x x',
      'COPY --platform=linux/ppc64le a b',
    ].join('\n');
    expect(fromPlatforms(dockerfile)).toEqual([]);
  });
});

describe('names', () => {
  it('of lanes are all different, and fit for files', () => {
    const names = Array.from({ length: 1_000 }, (_, i) => laneName(i));
    expect(new Set(names).size).toBe(1_000);
    expect(names.every((name) => nameSchema.safeParse(name).success)).toBe(true);
    expect([names[0], names[25], names[26], names[701], names[702]]).toEqual(['a', 'z', 'aa', 'zz', 'aaa']);
  });

  it.each(['', '.', '..', '../x', 'a/b', 'a\\b', 'A', 'a_b', '-a', 'a\n', 'a'.repeat(64), 'ä'])(
    '%j is none',
    (name) => {
      expect(nameSchema.safeParse(name).success).toBe(false);
    },
  );

  it('of scenarios come from their files, and are fit for folders and images whatever the file is called', () => {
    expect(scenarioName('/x/chaos-1506.yaml')).toBe('chaos-1506');
    expect(scenarioName('My Scenario_2.YML')).toBe('my-scenario-2');
    expect(scenarioName('…')).toBe('scenario');
    expect(scenarioName(`${'a'.repeat(62)}-b.yaml`)).toBe('a'.repeat(62));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ minLength: 60 })), (base) => {
        expect(nameSchema.safeParse(scenarioName(`/folder/${base.replaceAll('/', '')}.yaml`)).success).toBe(
          true,
        );
      }),
    );
  });
});

describe('placeholders', () => {
  const values = { run: 'r', arm: 'a-{lane}', lane: 'l', iteration: 3, registry: 'h:1' };

  it('are filled in wherever they stand, once', () => {
    expect(fillIn('{run}:{arm}:{lane}:{iteration}:{run}', values)).toBe('r:a-{lane}:l:3:r');
  });

  it('leave everything else alone', () => {
    expect(fillIn('$(x) {other} {Run} $& $1', values)).toBe('$(x) {other} {Run} $& $1');
  });
});

describe('a step in a few words', () => {
  const lane = { name: 'a', delayMs: 0, cancelAfterMs: null, build: plannedBuild };
  it.each<[PlannedStep, string]>([
    [{ step: 'prune' }, 'prune'],
    [{ step: 'check-cache', folder: 'c-{lane}' }, 'check-cache c-{lane}'],
    [
      { step: 'build', together: true, lanes: [lane, { ...lane, name: 'b', cancelAfterMs: 300 }] },
      'build a, b (ended after 300 ms)',
    ],
    [
      {
        step: 'make-context',
        name: 'other',
        files: 1,
        each: 'lane',
        bytes: { min: 1, max: 2 },
        like: 'one',
      },
      'make-context other like one',
    ],
  ])('%j', (step, words) => {
    expect(stepText(step)).toBe(words);
  });
});
