import { describe, expect, it } from 'vitest';
import { maxMarks, maxTextLength } from '../../src/progress/timeline.js';
import { outline, read, readLines, stepOf } from './reading.js';

describe('vertices', () => {
  it('prints headers again, and counts the last state', () => {
    const timeline = readLines(
      '#1 [a 1/2] FROM scratch',
      '#1 DONE 0.4s',
      '',
      '#2 [a 2/2] RUN one',
      '#2 0.084 one',
      '#2 ...',
      '',
      '#1 [a 1/2] FROM scratch',
      '#1 CACHED',
      '',
      '#2 [a 2/2] RUN one',
      '#2 0.184 two',
      '#2 DONE 1.2s',
    );
    expect(outline(timeline)).toEqual(['1 cached [a 1/2] FROM scratch', '2 done [a 2/2] RUN one']);
    expect(stepOf(timeline, 1)).toMatchObject({ line: 1, endLine: 9 });
    expect(stepOf(timeline, 2)).toMatchObject({ line: 4, endLine: 13, outputLines: 2, durationMs: 1200 });
    expect(timeline.outcome).toBe('succeeded');
  });

  it('takes a header and an end twice for one vertex', () => {
    const timeline = readLines('#9 [a 2/2] RUN x', '#9 CACHED', '', '#9 [a 2/2] RUN x', '#9 CACHED');
    expect(outline(timeline)).toEqual(['9 cached [a 2/2] RUN x']);
  });

  it('keeps an end without a header', () => {
    const timeline = readLines('#13 [1/1] RUN x', '#13 DONE 0.1s', '', '#14 DONE');
    expect(outline(timeline)).toEqual(['13 done [1/1] RUN x', '14 done ']);
    expect(stepOf(timeline, 14)).toMatchObject({ internal: true, instruction: null, durationMs: null });
  });

  it('finds the header behind statuses, where the beginning of the log is missing', () => {
    const timeline = readLines(
      '#6 sha256:f5380123456789abcdef0123456789abcdef0123456789abcdef0123456789ab 3.1MB / 30.0MB 0.2s',
      '#6 extracting sha256:f538 0.1s done',
      '#6 resolve docker.io/library/alpine:3.20 0.2s done',
      '#6 transferring context: 2B',
      '#6 exporting layers',
      '',
      '#6 [1/2] FROM alpine',
      '#6 DONE 0.3s',
    );
    // `exporting layers` could be anything; everything else in front of the header is a status for sure.
    expect(timeline.steps).toHaveLength(1);
    expect(stepOf(timeline, 6)).toMatchObject({ status: 'done', line: 5 });
    const known = readLines(
      '#6 extracting sha256:f538 0.1s done',
      '#6 transferring context: 2B',
      '#6 sending tarball done',
      '',
      '#6 [1/2] RUN truncate -s 10MB',
      '#6 DONE 0.3s',
    );
    expect(outline(known)).toEqual(['6 done [1/2] RUN truncate -s 10MB']);
    expect(stepOf(known, 6).line).toBe(5);
  });

  it('does not take lines for numbered that look like it', () => {
    const others = [
      '# [1/1] RUN a',
      '#x [1/1] RUN a',
      '#1234567 [1/1] RUN a',
      '#5x 0.1 y',
      '#5',
      '#5\t[1/1] RUN a',
      ' #5 [1/1] RUN a',
      'a5 [1/1] RUN a',
      '# 0.5 a',
    ];
    const timeline = readLines('#123456 [1/1] RUN x', ...others, '#123456 DONE 0.1s');
    expect(outline(timeline)).toEqual(['123456 done [1/1] RUN x']);
    expect(stepOf(timeline, 123_456).outputLines).toBe(0);
  });

  it('keeps output apart by its number', () => {
    const timeline = readLines(
      '#0 0.1 of no vertex at all',
      '#1 [a 1/2] RUN x',
      '#1 0.1 x',
      '#2 0.1 of a vertex without header',
      '#2 0.2 the same',
      '#1 0.2 x',
      '#1 ERROR: no',
      '#1 0.3 late',
      'not of the error',
      'ERROR: failed to solve: no',
    );
    expect(timeline.steps.map((step) => [step.index, step.outputLines, step.line, step.error])).toEqual([
      [1, 3, 2, 'no'],
      [2, 2, 4, null],
    ]);
  });

  it('does not take the description for a vertex', () => {
    const timeline = readLines(
      '#0 building with "default" instance using docker driver',
      '',
      '#1 [internal] load .dockerignore',
      '#1 DONE 0.0s',
    );
    expect(outline(timeline)).toEqual(['1 done [internal] load .dockerignore']);
  });

  it('counts output under `#0` to the current vertex (before v0.12)', () => {
    const timeline = readLines(
      '#0 building with "x" instance using remote driver',
      '#4 [1/1] RUN make',
      '#0 0.106 text',
      '#4 0.107 text',
      '#0 0.108 buildrace: a',
      '#4 DONE 0.1s',
    );
    expect(stepOf(timeline, 4)).toMatchObject({ outputLines: 3, marks: [{ line: 5, text: 'buildrace: a' }] });
    expect(timeline.steps).toHaveLength(1);
  });

  it('knows all ways to print seconds, and empty output', () => {
    const timeline = readLines(
      '#4 [1/1] RUN make',
      '#4 0.1060 before v0.8',
      '#4 1234. before v0.8',
      '#4 0.106 x',
      '#4 12.10 x',
      '#4 263.1 x',
      '#4 1263.1 x',
      '#4 0.2 ',
      '#4 0.2',
      '#4 .2 no output',
      '#4 2 no output',
      '#4 0.2x no output',
      '#4 DONE 9.9s',
    );
    expect(stepOf(timeline, 4).outputLines).toBe(8);
  });

  it('reads CANCELED, warnings, and names that were cut', () => {
    const cut = '[builder  7/11] COPY --from=ruby_bundle /usr/local/bundle /usr/local/bun...';
    const timeline = readLines(
      `#18 ${cut}`,
      '#18 WARN: something (line 1)',
      '#18 CANCELED',
      'error: interrupted',
    );
    expect(outline(timeline)).toEqual([`18 cancelled ${cut}`]);
    expect(stepOf(timeline, 18)).toMatchObject({
      stage: 'builder',
      from: 'ruby_bundle',
      instruction: 'COPY',
    });
  });

  it('reads the events of v0.3', () => {
    const timeline = readLines(
      '#1 [internal] load .dockerignore',
      '#1       digest: sha256:6d3c',
      '#1         name: "[internal] load .dockerignore"',
      '#1      started: 2018-11-14 12:17:37.5 +0000 UTC',
      '#1    completed: 2018-11-14 12:17:37.6 +0000 UTC',
      '#1     duration: 122.3ms',
      '',
      '#2 [1/2] RUN false',
      '#2      started: 2018-11-14 12:17:37.5 +0000 UTC',
      '#2    completed: 2018-11-14 12:17:37.6 +0000 UTC',
      '#2        error: "executor failed running [/bin/sh -c false]: exit code 1"',
      '',
      '#3 [2/2] RUN true',
      '#3    completed: 2018-11-14 12:17:37.6 +0000 UTC',
      '#3       cached: true',
      '',
      '#4 [x 1/1] RUN sleep 9',
      '#4    completed: 2018-11-14 12:17:37.6 +0000 UTC',
      '#4        error: "context canceled"',
    );
    expect(timeline.steps.map((step) => step.status)).toEqual(['done', 'error', 'cached', 'cancelled']);
    const begun = readLines(
      '#5       digest: sha256:6d3c',
      '#5      started: 2018-11-14 12:17:37.5 +0000 UTC',
      '#5       cached: false',
      '#5 [1/1] RUN x',
    );
    expect(outline(begun)).toEqual(['5 unfinished [1/1] RUN x']);
    expect(stepOf(timeline, 1).digest).toBe('sha256:6d3c');
    expect(stepOf(timeline, 2).error).toBe('executor failed running [/bin/sh -c false]: exit code 1');
  });

  it('takes a digest only from under the header', () => {
    const digest = `sha256:${'5'.repeat(64)}`;
    const timeline = readLines(
      '#1 [1/2] FROM alpine',
      `#1 ${digest}`,
      '#1 DONE 0.1s',
      '',
      '#2 [2/2] RUN x',
      '#2 0.1 text',
      `#2 ${digest}`,
      '#2 DONE 0.1s',
      '',
      '#3 [3/3] RUN y',
      '#3 resolve x done',
      `#3 ${digest}`,
      '#3 DONE 0.1s',
    );
    expect(stepOf(timeline, 3).digest).toBeNull();
    const apart = readLines('#4 [4/4] RUN z', '', `#4 ${digest}`, '#5 [5/5] RUN z', 'text', `#5 ${digest}`);
    expect(apart.steps.map((step) => step.digest)).toEqual([null, null]);
    expect(stepOf(timeline, 1).digest).toBe(digest);
    expect(stepOf(timeline, 2).digest).toBeNull();
  });

  it('knows that `...` and a warning are no header', () => {
    const timeline = readLines('#9 ...', '#9 WARN: x', '#9 [1/1] RUN x', '#9 DONE 0.1s');
    expect(outline(timeline)).toEqual(['9 done [1/1] RUN x']);
  });

  it('does not mix the steps of two builds in one file', () => {
    const timeline = readLines(
      '#0 building with "default" instance using docker driver',
      '#1 [a 1/2] RUN one',
      '#1 ERROR: no',
      '',
      '#0 building with "default" instance using docker driver',
      '#1 [b 1/2] RUN two',
      '#1 DONE 0.1s',
      '#2 exporting to image',
      '#2 DONE 0.1s',
      '',
      '#1 [internal] load .dockerignore',
      '#1 DONE 0.1s',
    );
    expect(outline(timeline)).toEqual([
      '1 error [a 1/2] RUN one',
      '1 done [b 1/2] RUN two',
      '2 done exporting to image',
      '1 done [internal] load .dockerignore',
    ]);
  });
});

describe('several builds in one file', () => {
  const first = ['#1 [internal] load .dockerignore', '#1 DONE 0.0s', '', '#2 [a 1/1] RUN one', '#2 0.1 out'];
  const second = [
    '#1 [internal] load build definition from Dockerfile',
    '#1 DONE 0.0s',
    '',
    '#2 [b 1/1] RUN two',
    '#2 DONE 0.1s',
    '',
    '#1 [internal] load build definition from Dockerfile',
    '#1 CACHED',
  ];
  it.each([
    ['an export', ['#2 DONE 0.1s', '', '#3 exporting to image', '#3 DONE 0.1s']],
    ['a closing error', ['#2 ERROR: no', 'ERROR: failed to solve: no']],
  ])('count anew behind %s, once', (_, end) => {
    const timeline = readLines(...first, ...end, '', ...second);
    expect(timeline.steps.slice(-2).map(({ index, status, name }) => [index, status, name])).toEqual([
      [1, 'cached', '[internal] load build definition from Dockerfile'],
      [2, 'done', '[b 1/1] RUN two'],
    ]);
    expect(timeline.steps).toHaveLength(2 + (end.length > 2 ? 1 : 0) + 2);
  });

  it('are one build as long as none has ended', () => {
    expect(readLines(...first, '#2 DONE 0.1s', '', ...second).steps).toHaveLength(2);
  });

  it('share no current vertex', () => {
    const description = '#0 building with "default" instance using docker driver';
    const timeline = readLines(description, ...first, description, '#0 0.1 of no vertex');
    expect(stepOf(timeline, 2).outputLines).toBe(1);
  });
});

describe('output', () => {
  it('never makes a step, a state or a platform', () => {
    const timeline = readLines(
      '#5 [linux/arm64 2/2] RUN noise',
      '#5 0.084 #5 DONE 0.1s',
      '#5 0.084 #6 [linux/arm64/v8 fake 1/2] COPY --from=x',
      '#5 0.084 ERROR: failed to solve',
      '#5 0.084 rpc error: code = Unavailable',
      '#5 0.084 panic: no',
      '#5 0.084 ------',
      '#5 0.084 error: failed to solve: x#5 DONE',
      '#5 0.084 more',
      '#5 DONE 0.2s',
    );
    expect(timeline).toMatchObject({ error: null, trouble: [], outcome: 'succeeded' });
    expect(timeline.steps).toHaveLength(1);
    expect(stepOf(timeline, 5)).toMatchObject({ status: 'done', endLine: 10, outputLines: 8 });
  });

  it('keeps marks, the first ones, clipped', () => {
    const many = Array.from({ length: maxMarks + 5 }, (_, at) => `#5 0.1 buildrace: n=${at}`);
    const timeline = readLines(
      '#5 [1/1] RUN report',
      '#5 0.084 buildrace: context files=3',
      '#5 0.084  buildrace: not at the start',
      '#5 0.084 buildrac',
      `#5 0.084 buildrace: ${'x'.repeat(9999)}`,
      ...many,
      '#5 DONE 0.2s',
    );
    const { marks, outputLines } = stepOf(timeline, 5);
    expect(marks).toHaveLength(maxMarks);
    expect(marks[0]).toEqual({ line: 2, text: 'buildrace: context files=3' });
    expect(marks[1]?.text).toHaveLength(maxTextLength);
    expect(marks[1]?.text.endsWith('x…')).toBe(true);
    expect(outputLines).toBe(maxMarks + 9);
  });

  it('finds an end that is glued to the last line of output (before v0.11)', () => {
    const timeline = readLines(
      '#4 [1/2] RUN printf x',
      '#4 0.1 no line end#4 DONE 0.1s',
      '',
      '#5 [2/2] RUN printf y',
      '#5 0.1 of another#4 CACHED',
      '#5 0.2 no line end, and then more#5 DONE 7.7s',
      '#5 0.3 more',
      '#5 DONE 0.3s',
      '',
      '#6 [x] booting buildkit',
      '#6 20.03 time="now" msg="using host network as the defaul#6 starting container x 0.1s done',
      '#6 0.2 x#6 CANCELED',
    );
    expect(timeline.steps.map((step) => step.status)).toEqual(['done', 'done', 'cancelled']);
    expect(stepOf(timeline, 4)).toMatchObject({ endLine: 2, durationMs: 100 });
    expect(stepOf(timeline, 5)).toMatchObject({ endLine: 8, durationMs: 300 });
  });

  it('finds it in front of CRLF', () => {
    const timeline = readLines('#5 [2/2] RUN y\r', '#5 0.2 x#5 DONE 7.7s\r');
    expect(stepOf(timeline, 5)).toMatchObject({ status: 'done', durationMs: 7700 });
  });

  it('does not take it for an end when more follows', () => {
    const output = readLines('#5 [2/2] RUN y', '#5 0.2 x#5 DONE 7.7s', '#5 0.3 more');
    expect(stepOf(output, 5).status).toBe('unfinished');
    const paused = readLines('#5 [2/2] RUN y', '#5 0.2 x#5 DONE 7.7s', '#5 ...');
    expect(stepOf(paused, 5).status).toBe('unfinished');
  });
});

describe('the end of a failed build', () => {
  const failed = [
    '#7 [4/4] RUN idontexist',
    '#7 0.039 /bin/sh: idontexist: not found',
    '#7 ERROR: process "/bin/sh -c idontexist" did not complete successfully: exit code: 127',
    '------',
    ' > [4/4] RUN idontexist:',
    '0.039 /bin/sh: idontexist: not found',
    '0.040 in the output: rpc error: code = Unavailable',
    'panic: in the output',
    '0.041 error: failed to solve: in the output',
    '------',
    'Dockerfile:6',
    '--------------------',
    '   5 |     COPY Dockerfile .',
    '   6 | >>> RUN idontexist',
    '   7 |     ',
    '--------------------',
  ];

  it('makes no step of the summary or the source, and nothing of the output in them', () => {
    const timeline = readLines(
      ...failed,
      'error: failed to solve: process "/bin/sh -c idontexist" did not …',
    );
    expect(timeline.steps).toHaveLength(1);
    expect(timeline).toMatchObject({ trouble: [], outcome: 'failed', truncated: null });
    expect(timeline.error?.line).toBe(failed.length + 1);
    expect(stepOf(timeline, 7)).toMatchObject({ status: 'error', endLine: 3, outputLines: 1 });
  });

  it.each([
    'error: failed to solve: rpc error: code = Unknown desc = process "x" did not complete',
    'ERROR: failed to solve: process "x" did not complete',
    'ERROR: failed to build: failed to solve: x',
    'ERROR: target app: failed to solve: x',
    'failed to solve with frontend dockerfile.v0: failed to build LLB: executor failed running [/bin/sh -c x]',
    'failed to solve: x',
    'target app: failed to solve: x',
    'Error: buildx failed with: ERROR: failed to solve: x',
    'Error: internalError: "failed to solve: x"',
    'Error: unavailable: "Stream unexpectedly closed."',
    'executor failed running [/bin/sh -c x]: exit code: 1',
    'process "/bin/sh -c x" did not complete successfully: exit code: 1',
    'rpc error: code = Unknown desc = no',
    'dockerfile parse error on line 3: unknown instruction: RUM',
  ])('knows `%s`', (closing) => {
    const timeline = readLines(...failed, closing);
    expect(timeline.error).toEqual({ line: failed.length + 1, text: closing });
    expect(timeline.outcome).toBe('failed');
  });

  it('prefers the error of the solve to what the caller says of it', () => {
    const timeline = readLines(
      ...failed,
      'ERROR: failed to solve: x',
      'Error: Process completed with exit code 1.',
      'error: make failed',
    );
    expect(timeline.error?.text).toBe('ERROR: failed to solve: x');
  });

  it('does not take the words of a CI for an error', () => {
    const timeline = readLines(
      '#1 [1/1] RUN x',
      '#1 DONE 0.1s',
      'Error: Process completed with exit code 1.',
    );
    expect(timeline.error).toBeNull();
  });

  it('reads summaries of before v0.9, whose lines carry numbers', () => {
    const timeline = readLines(
      '#7 [4/4] RUN x',
      '#7 0.039 not found',
      '#7 ERROR: executor failed running [/bin/sh -c x]: runc did not terminate sucessfully',
      '------',
      ' > [4/4] RUN x:',
      '#7 0.039 not found',
      '#9 0.040 not found',
      '------',
      'failed to solve with frontend dockerfile.v0: failed to build LLB: executor failed running [/bin/sh -c x]',
    );
    expect(timeline.steps).toHaveLength(1);
    expect(stepOf(timeline, 7).outputLines).toBe(1);
  });

  it('reads several summaries, and one without an end', () => {
    const timeline = readLines(
      '#1 [a 1/2] RUN x',
      '#1 ERROR: one',
      '',
      '#2 [b 1/2] RUN y',
      '#2 ERROR: two',
      '------',
      ' > [a 1/2] RUN x:',
      '------',
      '------',
      ' > [b 1/2] RUN y:',
      '0.1 text',
      'ERROR: failed to solve: two',
    );
    expect(timeline).toMatchObject({ error: { line: 12 }, truncated: null });
    const lone = readLines('#1 [a 1/2] RUN x', '#1 ERROR: one', '------', 'ERROR: failed to solve: one');
    expect(lone.error?.line).toBe(4);
    expect(timeline.steps.map((step) => step.error)).toEqual(['one', 'two']);
    const goesOn = readLines(
      '#1 [a 1/2] RUN x',
      '#1 ERROR: one',
      '------',
      ' > [a 1/2] RUN x:',
      '#3 [c 1/1] RUN z',
      '#3 0.1 x',
    );
    expect(stepOf(goesOn, 3).outputLines).toBe(1);
    expect(goesOn.truncated).toBeNull();
  });

  it('keeps all lines of an error text, and none of what follows', () => {
    const timeline = readLines(
      '#7 [4/4] RUN x',
      '#7 ERROR: first',
      'second',
      '  third',
      '------',
      ' > [4/4] RUN x:',
      '------',
      'error: failed to solve: first',
      'second',
    );
    expect(stepOf(timeline, 7)).toMatchObject({ error: 'first\nsecond\n  third', endLine: 2 });
    const blank = readLines('#7 [4/4] RUN x', '#7 ERROR: first', '', 'second', 'ERROR: failed to solve: x');
    expect(stepOf(blank, 7).error).toBe('first');
    const other = readLines('#7 [4/4] RUN x', '#7 ERROR: first', '#8 [x 1/1] RUN y', 'second');
    expect(stepOf(other, 7).error).toBe('first');
    const closed = readLines('#7 [4/4] RUN x', '#7 ERROR: first', 'ERROR: failed to solve: x', 'second');
    expect(stepOf(closed, 7).error).toBe('first');
  });

  it('takes a vertex as failed that only the summary says so of', () => {
    const timeline = readLines(
      '#7 [4/4] RUN x',
      '#7 0.1 output without line end#7 ERROR: process did not complete',
      '------',
      ' > [4/4] RUN x:',
      '------',
      'error: failed to solve: process did not complete',
    );
    expect(stepOf(timeline, 7)).toMatchObject({ status: 'error', error: null, endLine: null });
  });

  it('makes nothing of warnings and hints behind the build', () => {
    const timeline = readLines(
      '#1 [1/1] RUN x',
      '#1 DONE 0.1s',
      '',
      ' \x1b[33m1 warning found (use docker --debug to expand):',
      "\x1b[0m - FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 1)",
      '',
      'View build details: docker-desktop://dashboard/build/default/default/abc',
    );
    expect(timeline).toMatchObject({ outcome: 'succeeded', error: null, truncated: null });
    expect(timeline.steps).toHaveLength(1);
  });
});

describe('outcome', () => {
  const exported = ['#3 exporting to image', '#3 DONE 0.2s'];
  it.each([
    [
      'an export that is done, whatever failed before',
      ['#1 [internal] load x', '#1 ERROR: no', '', ...exported],
      'succeeded',
    ],
    [
      'an error, and no export',
      ['#1 [1/1] RUN x', '#1 ERROR: no', '------', ' > [1/1] RUN x:', '------'],
      'failed',
    ],
    ['a solve that failed behind an export', [...exported, 'error: failed to solve: cache export'], 'failed'],
    [
      'an export that failed',
      [
        '#1 [1/1] RUN x',
        '#1 DONE 0.1s',
        '#3 exporting to image',
        '#3 ERROR: no',
        'ERROR: failed to solve: no',
      ],
      'failed',
    ],
    [
      'steps that are done or cached',
      ['#1 [1/2] FROM x', '#1 CACHED', '', '#2 [2/2] RUN x', '#2 DONE 0.1s'],
      'succeeded',
    ],
    ['a step that was cancelled, and no error', ['#1 [1/2] FROM x', '#1 CANCELED'], 'unknown'],
    [
      'one of two that was',
      ['#1 [1/2] FROM x', '#1 DONE 0.1s', '', '#2 [2/2] RUN x', '#2 CANCELED'],
      'unknown',
    ],
    [
      'an export from cache',
      ['#1 [internal] load x', '#1 ERROR: no', '', '#3 exporting to image', '#3 CACHED'],
      'succeeded',
    ],
    [
      'one of two exports that failed',
      [
        ...exported,
        '',
        '#4 exporting to client directory',
        '#4 ERROR: no',
        '------',
        ' > exporting to client directory:',
        '------',
      ],
      'failed',
    ],
    [
      'an export of cache only, and an error',
      [
        '#1 exporting cache to client directory',
        '#1 DONE 0.1s',
        '#2 [1/1] RUN x',
        '#2 ERROR: no',
        '------',
        ' > [1/1] RUN x:',
        '------',
      ],
      'failed',
    ],
    [
      'a closing error and no step',
      ['#0 building with "x" instance using docker driver', 'ERROR: no such builder'],
      'failed',
    ],
    ['nothing but a beginning', ['#0 building with "x" instance using docker driver'], 'unknown'],
  ])('%s', (_, lines, outcome) => {
    expect(readLines(...lines).outcome).toBe(outcome);
  });
});

describe('truncated', () => {
  const begin = ['#1 [1/2] FROM x', '#1 DONE 0.0s', '', '#2 [2/2] RUN x'];
  it.each([
    ['a step that never ended', `${begin.join('\n')}\n`, '1 step never ended'],
    ['several', `${begin.join('\n')}\n#3 [x] y\n`, '2 steps never ended'],
    ['half an output line', `${begin.join('\n')}\n#2 0.1 outp`, 'the last line has no line end'],
    [
      'half an output line behind a blank one',
      `${begin.slice(0, 3).join('\n')}\n#1 0.1 outp`,
      'the last line has no line end',
    ],
    ['half a number', `${begin.join('\n')}\n#2 DONE 0.0s\n\n#`, 'the last line has no line end'],
    ['half a state', `${begin.join('\n')}\n#2 DONE 0.`, 'the last line has no line end'],
    ['half an error', `${begin.join('\n')}\n#2 ERROR: proc`, 'the last line has no line end'],
    [
      'an error and nothing else',
      `${begin.join('\n')}\n#2 ERROR: process\n`,
      'no closing error follows the failed step',
    ],
    [
      'half a summary',
      `${begin.join('\n')}\n#2 ERROR: no\n------\n > [2/2] RUN x:\n0.1 x\n`,
      'the error summary at the end is not complete',
    ],
    [
      'half the source',
      `${begin.join('\n')}\n#2 ERROR: no\n------\n > [2/2] RUN x:\n------\nDockerfi`,
      'the last line has no line end',
    ],
    [
      'a description alone',
      '#0 building with "x" instance using docker driver\n',
      'no step follows its beginning',
    ],
  ])('%s', (_, log, reason) => {
    expect(read(log).truncated).toBe(reason);
  });

  it.each([
    ['a whole last line without line end', `${begin.join('\n')}\n#2 DONE 0.0s`],
    ['a closing error without line end', `${begin.join('\n')}\n#2 ERROR: no\nERROR: failed to solve: no`],
    ['a fence behind the log', `${begin.join('\n')}\n#2 DONE 0.0s\n\`\`\``],
    [
      'an open step and a closing error',
      `${begin.join('\n')}\nERROR: failed to solve: Canceled: context canceled\n`,
    ],
    ['an open step and an export that is done', `${begin.join('\n')}\n#3 exporting to image\n#3 DONE 0.1s\n`],
    [
      'an open step and a summary',
      `${begin.join('\n')}\n#3 [x 1/1] RUN y\n#3 ERROR: no\n------\n > [x 1/1] RUN y:\n------\n`,
    ],
  ])('not: %s', (_, log) => {
    expect(read(log).truncated).toBeNull();
  });
});

describe('a result that is fetched', () => {
  it('is told by the layers that are extracted, and by nothing that the step prints', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const timeline = readLines(
      '#8 [made 2/3] RUN echo stable',
      `#8 ${digest} 119B / 119B done`,
      `#8 extracting ${digest} done`,
      '#8 DONE 0.1s',
      '',
      '#9 [made 3/3] RUN echo other',
      `#9 0.1 extracting ${digest}`,
      '#9 DONE 0.1s',
    );
    expect([8, 9].map((index) => stepOf(timeline, index).fetched)).toEqual([true, false]);
  });
});
