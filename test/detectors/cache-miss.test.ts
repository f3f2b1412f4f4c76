import { expect, test } from 'vitest';
import { cacheMiss } from '../../src/detectors/cache-miss.js';
import type { Timeline } from '../../src/progress/timeline.js';
import { internal, iteration, lane, line, step, timeline, verdictOn } from './timelines.js';

const mustBeCached = ['RUN echo stable'];
const verdict = (log: Timeline, more = {}) => verdictOn(cacheMiss, lane(log, { mustBeCached, ...more }));
const cached = step(1, 'RUN echo stable && make', { status: 'cached' });
const ran = step(5, 'RUN echo stable && make', { durationMs: 120, outputLines: 1 });

test.each([
  ['cached', timeline([cached]), 'clean'],
  ['ran', timeline([ran]), 'found'],
  ['cached for one platform, ran for the other', timeline([cached, ran]), 'found'],
  ['ran, and the build failed behind it', timeline([ran], { outcome: 'failed' }), 'found'],
  [
    'written with other blanks and case',
    timeline([step(1, 'run  echo   stable', { outputLines: 1 })]),
    'found',
  ],
  [
    'fetched, or ran without a word',
    timeline([step(1, 'RUN echo stable')]),
    'blind: a step ended without output: the log does not tell whether it ran or was fetched',
  ],
  ['fetched', timeline([step(1, 'RUN echo stable', { fetched: true })]), 'clean'],
  [
    'fetched, and ran all the same',
    timeline([step(1, 'RUN echo stable', { fetched: true, outputLines: 1 })]),
    'found',
  ],
  ['another step ran', timeline([cached, step(5, 'RUN echo other')]), 'clean'],
  ['a step that only holds the words', timeline([cached, step(5, 'RUN x RUN echo stable')]), 'clean'],
  ['an internal one of that name', timeline([cached, internal(5, 'RUN echo stable')]), 'clean'],
  ['no such step', timeline([step(1, 'RUN x')]), 'blind: the log has no step RUN echo stable'],
  ['a failed build', timeline([cached], { outcome: 'failed' }), 'blind: the build failed'],
  ['a cut log', timeline([cached], { truncated: 'no end' }), 'blind: the log was cut: no end'],
  [
    'a step without an end',
    timeline([step(1, 'RUN echo stable', { status: 'unfinished' })]),
    'blind: the step RUN echo stable did not end',
  ],
  [
    'a name that the terminal cut',
    timeline([step(1, 'RUN echo st')], { format: 'tty' }),
    'blind: names are cut too short to tell the step RUN echo stable',
  ],
  [
    'a name that fits the terminal',
    timeline([step(1, 'RUN echo stable', { status: 'cached' })], { format: 'tty' }),
    'clean',
  ],
  [
    'a name that BuildKit cut',
    timeline([step(1, 'RUN echo st...')]),
    'blind: names are cut too short to tell the step RUN echo stable',
  ],
])('%s', (_, log, expected) => {
  expect(verdict(log)).toBe(expected);
});

test('every step that was asked for has to be there', () => {
  const more = { mustBeCached: ['RUN echo stable', 'RUN other'] };
  expect(verdict(timeline([cached]), more)).toBe('blind: the log has no step RUN other');
});

test('says which steps ran, with their headers and ends', () => {
  const { findings } = cacheMiss.detect(iteration([lane(timeline([cached, ran]), { mustBeCached })]));
  expect(findings).toEqual([
    {
      signal: 'cache-miss',
      lane: 'a',
      message: 'carried out instead of taken from the cache: RUN echo stable && make',
      evidence: [line(5, '#5 RUN echo stable && make'), line(6, '#5 DONE 0.1s')],
    },
  ]);
});

test('applies where a lane asks for it, and passes over the others', () => {
  const notAsked = lane(timeline([ran], { outcome: 'failed' }));
  const both = iteration([notAsked, lane(timeline([cached]), { lane: 'b', mustBeCached })]);
  expect(cacheMiss.appliesTo(both)).toBe(true);
  expect(cacheMiss.detect(both)).toEqual({ findings: [], blind: [] });
  expect(cacheMiss.appliesTo(iteration([lane(timeline([ran]))]))).toBe(false);
});
