import { describe, expect, test } from 'vitest';
import { marksOf } from '../../src/details/marks.js';
import { sourceOf, timedSteps } from '../../src/details/steps.js';
import { parseLog } from '../../src/progress/parse.js';
import type { LogLine, Step, Timeline } from '../../src/progress/timeline.js';
import { maxShownSteps } from '../../src/results/detail.js';
import { finding } from '../reports/sample-detail.js';
import { step, timelineOf } from './sample-steps.js';

const indexesMarked = (timeline: Timeline, ...evidence: LogLine[]) =>
  [...marksOf(timeline, [finding({ evidence })]).keys()].map(({ index }) => index).sort();

describe('the steps that findings name', () => {
  const plain = timelineOf([
    step(1, '[a 1/2] RUN x'),
    step(2, '[a 2/2] RUN y', { marks: [{ line: 22, text: 'buildrace: a files=1' }] }),
  ]);

  test('by header, end, and what the step printed', () => {
    expect(indexesMarked(plain, { line: 20, text: 'whatever' })).toEqual([2]);
    expect(indexesMarked(plain, { line: 25, text: 'whatever' })).toEqual([2]);
    expect(indexesMarked(plain, { line: 22, text: 'buildrace: a files=1' })).toEqual([2]);
  });

  test('by the number in front of a plain line, wherever it stands', () => {
    expect(indexesMarked(plain, { line: 13, text: '#2 0.1 late output' })).toEqual([]);
    expect(indexesMarked(plain, { line: 500, text: '#2 0.1 late output' })).toEqual([2]);
    expect(indexesMarked(plain, { line: 500, text: 'error: failed to solve' })).toEqual([]);
  });

  test('of several builds in one log, the one that had begun', () => {
    const twice = timelineOf([
      step(5, '[a 1/1] RUN x', { line: 10 }),
      step(5, '[b 1/1] RUN x', { line: 100 }),
    ]);
    const named = (line: number) =>
      [...marksOf(twice, [finding({ evidence: [{ line, text: '#5 0.1 text' }] })]).keys()].map(
        ({ stage }) => stage,
      );
    expect(named(50)).toEqual(['a']);
    expect(named(150)).toEqual(['b']);
  });

  test('each signal once', () => {
    const two = [finding(), finding({ signal: 'build-failed' }), finding()];
    const evidence = [{ line: 20, text: 'x' }];
    const marks = marksOf(
      plain,
      two.map((one) => ({ ...one, evidence })),
    );
    expect([...marks.values()]).toEqual([['platform-drift', 'build-failed']]);
  });

  test('in rawjson, where one line tells of many steps, the text decides', () => {
    const raw = timelineOf(
      [
        step(1, '[a 1/3] RUN x', { line: 1, endLine: 3 }),
        step(2, '[a 2/3] RUN x y', { line: 1, endLine: 3 }),
        step(3, '[a 3/3] RUN z', { line: 1, endLine: 4, marks: [{ line: 3, text: 'buildrace: z' }] }),
      ],
      { format: 'rawjson' },
    );
    expect(indexesMarked(raw, { line: 1, text: '[a 2/3] RUN x y' })).toEqual([2]);
    expect(indexesMarked(raw, { line: 3, text: '[a 1/3] RUN x: exit code: 1' })).toEqual([1]);
    expect(indexesMarked(raw, { line: 3, text: 'buildrace: z' })).toEqual([3]);
    expect(indexesMarked(raw, { line: 1, text: '#2 no number of rawjson' })).toEqual([1, 2, 3]);
  });
});

describe('the source of a COPY --from', () => {
  const nameOf = (steps: readonly Step[], at: number) => {
    const copy = steps[at] as Step;
    const source = sourceOf(timelineOf(steps), copy);
    return source === null ? null : steps[source]?.name;
  };

  test('is the last step of the stage, whatever its letters’ case', () => {
    const steps = [
      step(1, '[Builder 1/3] FROM alpine'),
      step(2, '[Builder 2/3] RUN a'),
      step(3, '[other 1/1] RUN b'),
      step(4, '[Builder 3/3] RUN c'),
      step(5, '[main 2/2] COPY --from=builder /a /b'),
    ];
    expect(nameOf(steps, 4)).toBe('[Builder 3/3] RUN c');
  });

  test('of several platforms is the step’s own, spelt either way', () => {
    const steps = [
      step(1, '[linux/arm64 builder 2/2] RUN a'),
      step(2, '[linux/amd64 builder 2/2] RUN a'),
      step(3, '[linux/arm64/v8 main 2/2] COPY --from=builder /a /b'),
      step(4, '[linux/amd64 main 2/2] COPY --from=builder /a /b'),
    ];
    expect(nameOf(steps, 2)).toBe('[linux/arm64 builder 2/2] RUN a');
    expect(nameOf(steps, 3)).toBe('[linux/amd64 builder 2/2] RUN a');
  });

  test('of several bake targets is the step’s own', () => {
    const steps = [
      step(1, '[app builder 2/2] RUN a'),
      step(2, '[web builder 2/2] RUN a'),
      step(3, '[app main 2/2] COPY --from=builder /a /b'),
    ];
    expect(steps[2]).toMatchObject({ target: 'app', stage: 'main' });
    expect(nameOf(steps, 2)).toBe('[app builder 2/2] RUN a');
  });

  test('a number is the stage without a name', () => {
    const steps = [step(1, '[stage-0 2/2] RUN a'), step(2, '[stage-1 2/2] COPY --from=0 /a /b')];
    expect(nameOf(steps, 1)).toBe('[stage-0 2/2] RUN a');
  });

  test('a stage that is no more than its base has its FROM', () => {
    const steps = [
      step(1, '[base 1/1] FROM alpine'),
      step(2, '[main 1/2] FROM alpine'),
      step(3, '[main 2/2] COPY --from=base /a /b'),
    ];
    expect(nameOf(steps, 2)).toBe('[base 1/1] FROM alpine');
  });

  test('is what the vertex is made from, where the log tells it', () => {
    const steps = [
      step(1, '[named 2/2] RUN a', { digest: 'sha256:1' }),
      step(2, '[main 1/2] FROM alpine', { digest: 'sha256:2' }),
      step(3, '[main 2/2] COPY --from=0 /a /b', { digest: 'sha256:3', inputs: ['sha256:2', 'sha256:1'] }),
    ];
    expect(nameOf(steps, 2)).toBe('[named 2/2] RUN a');
  });

  test('an image, a missing stage, or no --from at all has none', () => {
    const steps = [
      step(1, '[main 1/3] FROM alpine'),
      step(2, '[main 2/3] COPY --from=busybox:1 /a /b'),
      step(3, '[main 3/3] COPY /a /b'),
      step(4, '[main 3/3] COPY --from=main /a /b'),
    ];
    expect([1, 2].map((at) => nameOf(steps, at))).toEqual([null, null]);
    // A stage that copies from itself is a mistake of the Dockerfile; its own step is not its source.
    expect(nameOf(steps, 3)).not.toBe(steps[3]?.name);
  });
});

describe('the steps that are shown', () => {
  const untimed = () => ({ start: null, end: null, clock: null });

  test('count from the iteration’s zero, and never below', () => {
    const [one] = timedSteps(
      timelineOf([step(1, 'x')]),
      [],
      () => ({ start: 900, end: 1_500.0004, clock: 'arrival' }),
      1_000,
    ).steps;
    expect(one).toMatchObject({ startMs: 0, endMs: 500, clock: 'arrival' });
  });

  test('have no time without a zero', () => {
    const [one] = timedSteps(
      timelineOf([step(1, 'x')]),
      [],
      () => ({ start: 9, end: 10, clock: 'builder' }),
      null,
    ).steps;
    expect(one).toMatchObject({ startMs: null, endMs: null, clock: null });
  });

  test('of too many are those that a finding names and those that failed, in order', () => {
    const steps = Array.from({ length: 1_000 }, (_, i) => step(i + 1, `[a ${i + 1}/1000] RUN ${i}`));
    steps[700] = { ...(steps[700] as Step), status: 'error' };
    const shown = timedSteps(
      timelineOf(steps),
      [finding({ evidence: [{ line: 9_000, text: '#900 x' }] })],
      untimed,
      0,
    );
    const indexes = shown.steps.map(({ index }) => index);
    expect(indexes).toHaveLength(maxShownSteps);
    expect(shown.omitted).toBe(1_000 - maxShownSteps);
    expect(indexes).toEqual([...Array.from({ length: maxShownSteps - 2 }, (_, i) => i + 1), 701, 900]);
    expect(shown.steps.at(-1)?.marked).toEqual(['platform-drift']);
  });

  test('of a real log are joined: COPY --from to the stage’s last step', async () => {
    const log = [
      '#4 [builder 1/2] FROM alpine',
      '#4 CACHED',
      '#5 [builder 2/2] RUN make',
      '#5 DONE 0.3s',
      '#6 [runtime 2/2] COPY --from=builder /a /b',
      '#6 ERROR: not found',
    ];
    const timeline = await parseLog([Buffer.from(`${log.join('\n')}\n`)]);
    const { steps } = timedSteps(timeline, [], untimed, 0);
    expect(steps.map(({ index, source, status }) => [index, source, status])).toEqual([
      [4, null, 'cached'],
      [5, null, 'done'],
      [6, 1, 'error'],
    ]);
  });
});
