import { describe, expect, it } from 'vitest';
import type { Timeline } from '../../src/progress/timeline.js';
import { outline, read, readLines } from './reading.js';

const id = '2959341d567a'.padEnd(64, '0');

function labels({ steps }: Timeline): unknown[] {
  return steps.map((step) => [
    step.index,
    step.status,
    step.platform,
    step.stage,
    step.instruction,
    step.from,
  ]);
}

describe('buildah', () => {
  it('reads one stage, and RUN output', () => {
    const timeline = readLines(
      'STEP 1/3: FROM quay.io/libpod/testimage:20240123',
      'STEP 2/3: RUN make',
      'buildrace: context files=3',
      'STEPPING 1',
      'Error: in the output',
      'panic: in the output',
      'STEP 3/3: COPY a /b',
      'COMMIT foo',
      '--> 2959341d567',
      'Successfully tagged localhost/foo:latest',
      id,
    );
    expect(timeline).toMatchObject({
      format: 'buildah',
      outcome: 'succeeded',
      truncated: null,
      error: null,
      trouble: [],
    });
    expect(labels(timeline)).toEqual([
      [1, 'done', null, null, 'FROM', null],
      [2, 'done', null, null, 'RUN', null],
      [3, 'done', null, null, 'COPY', null],
    ]);
    expect(timeline.steps[1]).toMatchObject({
      internal: false,
      name: 'STEP 2/3: RUN make',
      text: 'RUN make',
      outputLines: 4,
      endLine: 7,
      marks: [{ line: 3, text: 'buildrace: context files=3' }],
    });
  });

  it('reads numbered commits of before 2021, and cache', () => {
    const timeline = readLines(
      'STEP 1: FROM alpine',
      'STEP 2: RUN true',
      '--> Using cache 60243881cc9f',
      '--> 60243881cc9',
      'STEP 3: COMMIT foo',
      '--> 60243881cc9',
      id,
    );
    expect(outline(timeline)).toEqual(['1 done STEP 1: FROM alpine', '2 cached STEP 2: RUN true']);
    expect(timeline.outcome).toBe('succeeded');
  });

  it('reads stages and platforms that interleave', () => {
    const log = [
      '[linux/arm64] [1/2] STEP 1/2: FROM alpine AS build',
      '[linux/386] [1/2] STEP 1/2: FROM alpine AS build',
      '[linux/arm64] [2/2] STEP 1/2: FROM alpine',
      '[linux/arm64] [1/2] STEP 2/2: RUN make',
      '[linux/386] [1/2] STEP 2/2: RUN make',
      // It waits for the stage, so the arrow below is none of its.
      '[linux/arm64] [2/2] STEP 2/2: COPY --from=build /x /y',
      '[linux/386] [2/2] STEP 1/2: FROM alpine',
      '[linux/386] [2/2] STEP 2/2: COPY --from=build /x /y',
      'output of a RUN',
      // Of one of the two RUNs.
      '--> 721f6e774a1',
      '[linux/arm64] [2/2] COMMIT',
      '--> 2959341d567',
      id,
    ];
    const end = ['[linux/386] [2/2] COMMIT', '--> 2959341d568', id];
    const timeline = readLines(...log, ...end);
    expect(labels(timeline)).toEqual([
      [1, 'done', 'linux/arm64', 'build', 'FROM', null],
      [1, 'done', 'linux/386', 'build', 'FROM', null],
      [1, 'done', 'linux/arm64', '2', 'FROM', null],
      [2, 'done', 'linux/arm64', 'build', 'RUN', null],
      [2, 'done', 'linux/386', 'build', 'RUN', null],
      [2, 'done', 'linux/arm64', '2', 'COPY', 'build'],
      [1, 'done', 'linux/386', '2', 'FROM', null],
      [2, 'done', 'linux/386', '2', 'COPY', 'build'],
    ]);
    expect(timeline.steps.map((step) => step.endLine)).toEqual([4, 5, 6, null, null, 11, 8, 14]);
    expect(timeline.steps.map((step) => step.outputLines)).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
    expect(timeline).toMatchObject({ outcome: 'succeeded', truncated: null });
    // One platform of two has its image.
    expect(readLines(...log)).toMatchObject({
      outcome: 'unknown',
      truncated: 'neither an image nor an error ends it',
    });
  });

  it('knows whose an arrow is, where the others wait', () => {
    const timeline = readLines(
      '[2/2] STEP 1/2: FROM alpine',
      '[1/2] STEP 1/2: FROM alpine AS build',
      '[2/2] STEP 2/2: COPY --from=build /x /y',
      '[1/2] STEP 2/2: RUN make',
      '--> Using cache 721f6e774a1987828e42f6cfd696253d78ca991c760bda452c57266a5728fd51',
      '--> 721f6e774a1',
    );
    expect(timeline.steps.map((step) => step.status)).toEqual(['done', 'done', 'unfinished', 'cached']);
  });

  it('takes a stage as done when the next begins, unless both go on', () => {
    const begin = [
      '[1/2] STEP 1/2: FROM alpine AS build',
      '[1/2] STEP 2/2: RUN make',
      '[2/2] STEP 1/2: FROM alpine',
    ];
    expect(readLines(...begin).steps.map((step) => step.status)).toEqual(['done', 'done', 'unfinished']);
    const jobs = [
      '[2/2] STEP 1/3: FROM alpine',
      '[1/2] STEP 1/2: FROM alpine AS build',
      '[2/2] STEP 2/3: RUN a',
    ];
    const [first, second] = readLines(...jobs).steps;
    expect(first).toMatchObject({ status: 'done', endLine: 3 });
    expect(second).toMatchObject({ status: 'unfinished', endLine: null });
  });

  it('finds lines that are glued to output', () => {
    const timeline = readLines(
      '[1/2] STEP 1/3: FROM alpine AS build',
      '[1/2] STEP 2/3: RUN one',
      'buildrace: a--> 721f6e774a1',
      '[1/2] STEP 3/3: RUN two',
      'no line end[2/2] STEP 1/3: FROM alpine',
      'STEP 2/3: of nobody',
      '[2/2] STEP 2/3: RUN three',
      'x[2/2] STEP 3/3: RUN four',
      'about to fail[2/2] COMMIT foo',
      '--> 2959341d567',
      id,
    );
    expect(labels(timeline).map((label) => (label as unknown[]).slice(0, 2))).toEqual([
      [1, 'done'],
      [2, 'done'],
      [3, 'done'],
      [1, 'done'],
      [2, 'done'],
      [3, 'done'],
    ]);
    expect(timeline.steps.map((step) => step.outputLines)).toEqual([0, 1, 1, 0, 1, 1]);
    expect(timeline.steps[1]?.marks).toEqual([{ line: 3, text: 'buildrace: a' }]);
    const failed = readLines('STEP 1/1: RUN one', 'outError: building at STEP "RUN one": exit status 1');
    const error = 'Error: building at STEP "RUN one": exit status 1';
    expect(failed.error).toEqual({ line: 2, text: `out${error}` });
    expect(failed.steps[0]).toMatchObject({ status: 'error', error, outputLines: 1 });
  });

  it('takes only the next step of a stage for one', () => {
    const timeline = readLines(
      'STEP 1/4: FROM alpine',
      'STEP 2/4: RUN noise',
      'STEP 4/4: COPY --from=fake /x /y',
      '[1/2] STEP 1/9: FROM fake',
      '[linux/arm64] STEP 7/9: FROM fake',
      `${id}`,
      'STEP 3/4: RUN more',
    );
    expect(outline(timeline)).toEqual([
      '1 done STEP 1/4: FROM alpine',
      '2 done STEP 2/4: RUN noise',
      '3 unfinished STEP 3/4: RUN more',
    ]);
    expect(timeline.steps[1]?.outputLines).toBe(4);
  });

  it('does not reopen what an arrow has closed, when stages turn out to interleave', () => {
    const timeline = readLines(
      '[2/2] STEP 1/3: FROM alpine',
      '[2/2] STEP 2/3: RUN a',
      '--> 721f6e774a1',
      '[1/2] STEP 1/2: FROM alpine',
      '[2/2] STEP 3/3: RUN b',
      '[1/2] STEP 2/2: RUN c',
    );
    expect(timeline.steps.map((step) => step.endLine)).toEqual([2, 3, 6, null, null]);
  });

  it('takes one arrow behind a commit for its own, and no more', () => {
    const timeline = readLines(
      '[linux/386] STEP 1/1: RUN a',
      '[linux/arm64] STEP 1/2: RUN b',
      '[linux/386] COMMIT',
      '--> 721f6e774a1',
      '--> 2959341d567',
      '[linux/arm64] STEP 2/2: RUN c',
      '[9/9] COMMIT',
      'output',
    );
    expect(timeline.steps.map((step) => [step.status, step.endLine, step.outputLines])).toEqual([
      ['done', 2, 0],
      ['done', 5, 0],
      ['unfinished', null, 2],
    ]);
  });

  it("knows a committed image by its number, also while another platform's RUN is under way", () => {
    const [one, other] = ['4701c780d6a7d791', '26a7a9815410e562'].map((start) => start.padEnd(64, '0'));
    const lines = [
      '[linux/amd64] [2/2] STEP 1/1: FROM alpine:3.20 AS runtime',
      '[linux/amd64] [2/2] COMMIT image',
      '--> 4701c780d6a',
      '[linux/arm64] [2/2] STEP 1/2: FROM alpine:3.20 AS runtime',
      'Successfully tagged localhost/image:latest',
      '[linux/arm64] [2/2] STEP 2/2: RUN echo',
      ...[one ?? '', 'hello'],
      '[linux/arm64] [2/2] COMMIT image',
      '--> 26a7a981541',
      'Successfully tagged localhost/image:latest',
      other ?? '',
    ];
    expect(readLines(...lines)).toMatchObject({ outcome: 'succeeded', truncated: null });
    // Of another number, it may be anything that the RUN prints.
    const strange = lines.map((line) => (line === one ? id : line));
    expect(readLines(...strange)).toMatchObject({ outcome: 'unknown' });
  });

  it('hears of the daemon and of errors between the steps, until a step follows', () => {
    const begin = ['STEP 1/2: FROM alpine', 'panic: x', 'time="2022" level=error msg="x"'];
    expect(readLines(...begin)).toMatchObject({
      outcome: 'failed',
      error: { line: 3 },
      trouble: [{ line: 2, text: 'panic: x' }],
    });
    expect(readLines(...begin, 'STEP 2/2: RUN x')).toMatchObject({ outcome: 'unknown', error: null });
  });

  it('believes the last word', () => {
    const begin = ['STEP 1/1: RUN x', 'Error: building at STEP "RUN x": fake', '--> 2959341d567', id];
    expect(readLines(...begin, 'more of a CI')).toMatchObject({ outcome: 'succeeded', error: null });
    expect(readLines(...begin, 'Error: pushing: no')).toMatchObject({ outcome: 'failed' });
  });

  it('begins anew with the next build in a file', () => {
    const build = ['STEP 1/2: FROM alpine', 'STEP 2/2: RUN x', '--> 2959341d567', id];
    const timeline = readLines(...build, ...build);
    expect(timeline.steps.map((step) => [step.index, step.line])).toEqual([
      [1, 1],
      [2, 2],
      [1, 5],
      [2, 6],
    ]);
    expect(timeline.outcome).toBe('succeeded');
    const begin = readLines(...build, ...build.slice(0, 2));
    expect(begin).toMatchObject({ outcome: 'unknown', truncated: 'neither an image nor an error ends it' });
    const failed = readLines(
      '[1/2] STEP 1/1: RUN y',
      'Error: building at STEP "RUN y": no',
      'STEP 1/2: FROM alpine',
      'x',
    );
    expect(failed.steps.map((step) => step.outputLines)).toEqual([0, 0]);
  });

  it.each([
    'Error: building at STEP "RUN false": while running runtime: exit status 1',
    'error building at STEP "RUN false": error while running runtime: exit status 1',
    'Error: error building at STEP "RUN false": exit status 1',
  ])('%s', (error) => {
    const timeline = readLines(
      'STEP 1/3: FROM alpine',
      'STEP 2/3: RUN false',
      'Error: output',
      error,
      'time="2022" level=error msg="exit status 1"',
    );
    expect(timeline).toMatchObject({ outcome: 'failed', truncated: null, error: { line: 4, text: error } });
    expect(timeline.steps[1]).toMatchObject({ status: 'error', error, endLine: 4, outputLines: 1 });
  });

  it('finds the step that failed among stages and platforms', () => {
    const copy = 'COPY --from=build "/x": /y';
    const begin = [
      `[linux/amd64] [2/2] STEP 2/2: ${copy}`,
      `[linux/arm64] [2/2] STEP 2/2: ${copy}`,
      '[linux/arm64] [1/2] STEP 2/2: RUN make',
    ];
    const one = readLines(...begin, `Error: [linux/amd64]: building at STEP "${copy}": no such file`);
    expect(one.steps.map((step) => step.error?.slice(-7))).toEqual(['ch file', undefined, undefined]);
    const both = readLines(
      ...begin,
      'Error: 2 errors occurred:',
      `\t* building at STEP "${copy}": one`,
      `\t* building at STEP "${copy}": two`,
      '',
    );
    expect(both.steps.map((step) => step.error?.slice(-5))).toEqual([': two', ': one', undefined]);
    expect(both).toMatchObject({ outcome: 'failed', error: { line: 6 } });
    const quoted = readLines('STEP 1/1: RUN make', 'Error: building at STEP "RUN other": no');
    expect(quoted.steps[0]).toMatchObject({
      status: 'error',
      error: 'Error: building at STEP "RUN other": no',
    });
  });

  it("takes other errors as the build's between the steps", () => {
    const timeline = readLines(
      'STEP 1/2: FROM nope',
      'Error: creating build container: nope: image not known',
    );
    expect(timeline).toMatchObject({ outcome: 'failed', error: { line: 2 } });
    expect(timeline.steps[0]?.status).toBe('error');
  });

  it('sees that the log is cut', () => {
    const begin = 'STEP 1/2: FROM alpine\nSTEP 2/2: RUN make\n';
    expect(read(begin)).toMatchObject({
      truncated: 'neither an image nor an error ends it',
      outcome: 'unknown',
    });
    expect(read(`${begin}outp`).truncated).toBe('the last line has no line end');
    expect(read(`${begin}COMMIT\n--> 2959341d567\n${id.slice(0, 20)}`).truncated).toBe(
      'the last line has no line end',
    );
    expect(read(`${begin}COMMIT\n--> 2959341d567\n${id}`)).toMatchObject({
      truncated: null,
      outcome: 'succeeded',
    });
  });
});
