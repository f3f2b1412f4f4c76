import { describe, expect, test } from 'vitest';
import { duplicateStep } from '../../src/detectors/duplicate-step.js';
import type { Step, Timeline } from '../../src/progress/timeline.js';
import { iteration, lane, line, step, timeline, told, verdictOn } from './timelines.js';

const text = 'COPY --from=tool /t /t';
const copy = (at: number, bracket: string, more: Partial<Step> = {}) =>
  step(at, `[${bracket}] ${text}`, { text, instruction: 'COPY', stage: 'build', ...more });
const amd64 = copy(1, 'linux/amd64 build 2/4', { platform: 'linux/amd64' });
const arm64 = copy(5, 'linux/amd64->arm64 build 2/4', { platform: 'linux/amd64', targetPlatform: 'arm64' });
const mustRunOnce = ['COPY --from=tool'];
const verdict = (log: Timeline) => verdictOn(duplicateStep, lane(log, { mustRunOnce }));
const cached = (of: Step): Step => ({ ...of, status: 'cached' });

describe('in one build', () => {
  test.each([
    ['once', timeline([amd64]), 'clean'],
    ['for two platforms', timeline([amd64, arm64]), 'found'],
    ['once, and from the cache', timeline([amd64, cached(arm64)]), 'clean'],
    ['twice, failing', timeline([amd64, { ...arm64, status: 'error' }], { outcome: 'failed' }), 'found'],
    [
      'two instructions of one text',
      timeline([amd64, copy(5, 'linux/amd64 build 3/4', { platform: 'linux/amd64' })]),
      'clean',
    ],
    ['one in each of two stages', timeline([amd64, copy(5, 'x 2/4', { stage: 'x' })]), 'clean'],
    [
      'two of one place and other texts',
      timeline([amd64, { ...arm64, text: `${text} # of another Dockerfile` }]),
      'clean',
    ],
    [
      'a terminal that cuts them apart',
      timeline([{ ...amd64 }, { ...arm64, text: 'COPY --from=tool /t' }], { format: 'tty' }),
      'found',
    ],
    [
      'all from the cache',
      timeline([cached(amd64), cached(arm64)]),
      'blind: the step COPY --from=tool came from the cache',
    ],
    ['no such step', timeline([step(1, 'RUN x')]), 'blind: the log has no step COPY --from=tool'],
    ['a failed build', timeline([amd64], { outcome: 'failed' }), 'blind: the build failed'],
    ['a cut log', timeline([amd64], { truncated: 'no end' }), 'blind: the log was cut: no end'],
    [
      'one that never ended',
      timeline([{ ...amd64, status: 'cancelled' }]),
      'blind: the step COPY --from=tool did not end',
    ],
    [
      'cut names',
      timeline([{ ...amd64, text: 'COPY --from=to...' }]),
      'blind: names are cut too short to tell the step COPY --from=tool',
    ],
  ])('%s', (_, log, expected) => {
    expect(verdict(log)).toBe(expected);
  });

  test('shows the headers of both', () => {
    const { findings } = duplicateStep.detect(iteration([lane(timeline([amd64, arm64]), { mustRunOnce })]));
    expect(findings).toEqual([
      {
        signal: 'duplicate-step',
        lane: 'a',
        message: `${text} was carried out 2 times in one build, for linux/amd64, linux/amd64->arm64`,
        evidence: [
          line(1, `#1 [linux/amd64 build 2/4] ${text}`),
          line(5, `#5 [linux/amd64->arm64 build 2/4] ${text}`),
        ],
      },
    ]);
  });

  test('vertices that name one execution are one', () => {
    const named = (of: Step, nonce: string): Step => ({ ...of, marks: [ran(of.line, nonce)] });
    expect(verdict(timeline([named(amd64, 'a1'), named(arm64, 'a1')]))).toBe('clean');
    expect(verdict(timeline([named(amd64, 'a1'), named(arm64, 'b2')]))).toBe('found');
    expect(verdict(timeline([named(amd64, 'a1'), arm64]))).toBe('found');
  });
});

function ran(at: number, nonce: string) {
  return line(at, `buildrace: ran step=deps nonce=${nonce}`);
}

describe('over the lanes of one step, where steps name their executions', () => {
  const asked = { mustRunOnce: ['RUN deps'] };
  const built = (nonce: string) => timeline([step(3, 'RUN deps', { marks: [ran(4, nonce)] })]);
  const fromCache = timeline([step(3, 'RUN deps', { status: 'cached' })]);
  const detect = (a: Timeline, b: Timeline, more = {}) =>
    told(duplicateStep.detect(iteration([lane(a, asked), lane(b, { lane: 'b', ...asked, ...more })])));

  test('two nonces are two executions', () => {
    expect(detect(built('0a1b'), built('0c2d'))).toEqual([
      'b: the step deps was carried out in lane a (0a1b) and here again (0c2d)',
    ]);
    expect(detect(built('0A1B'), built('0a1b'))).toEqual([]);
  });

  test('one that ran for the other is sound, where it said so', () => {
    expect(detect(built('0a1b'), fromCache)).toEqual([]);
    expect(detect(fromCache, fromCache)).toEqual([
      'a blind: the step RUN deps came from the cache',
      'b blind: the step RUN deps came from the cache',
    ]);
    expect(detect(built('0a1b'), fromCache, { step: 1 })).toEqual([
      'b blind: the step RUN deps came from the cache',
    ]);
  });

  test('lanes of another step, other steps and marks that nobody asked for do not count', () => {
    expect(detect(built('0a1b'), built('0c2d'), { step: 1 })).toEqual([]);
    expect(detect(built('0a1b'), built('0c2d'), { mustRunOnce: [] })).toEqual([]);
  });
});

test('applies where a lane asks for it, and passes over the others', () => {
  const notAsked = lane(timeline([amd64, arm64], { outcome: 'failed' }));
  expect(duplicateStep.detect(iteration([notAsked]))).toEqual({ findings: [], blind: [] });
  expect(duplicateStep.appliesTo(iteration([lane(timeline([]))]))).toBe(false);
  expect(duplicateStep.appliesTo(iteration([lane(timeline([]), { mustRunOnce })]))).toBe(true);
});
