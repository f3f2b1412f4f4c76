import { describe, expect, it } from 'vitest';
import { createParser } from '../../src/progress/parse.js';
import { outline, read, readLines } from './reading.js';

const second = (at: number) => `2026-11-20T20:32:${String(at).padStart(2, '0')}.000000000Z`;

interface Vertex {
  readonly digest: string;
  readonly [key: string]: unknown;
}

function vertexes(...list: readonly Vertex[]): string {
  return JSON.stringify({ vertexes: list });
}

function logs(vertex: string, text: string, stream = 1): string {
  return JSON.stringify({
    logs: [{ vertex, stream, data: Buffer.from(text).toString('base64'), timestamp: second(1) }],
  });
}

const run = { digest: 'sha256:a', name: '[a 1/1] RUN x' };
const done = { ...run, started: second(1), completed: second(3) };

describe('vertices', () => {
  it('joins what is sent of one vertex', () => {
    const timeline = readLines(
      vertexes({ ...run, inputs: ['sha256:i'] }),
      vertexes({ ...run, inputs: ['sha256:i'], started: second(1), completed: second(2) }),
      vertexes({ ...run, inputs: ['sha256:i'], started: second(5) }),
      vertexes({ ...run, inputs: ['sha256:i'], started: second(5), completed: second(8), cached: true }),
      // Announced once more: that takes nothing back.
      vertexes(run),
    );
    expect(timeline.format).toBe('rawjson');
    expect(timeline.steps).toHaveLength(1);
    expect(timeline.steps[0]).toMatchObject({
      index: 1,
      status: 'cached',
      line: 1,
      endLine: 4,
      digest: 'sha256:a',
      inputs: ['sha256:i'],
      startedAt: second(1),
      completedAt: second(8),
      durationMs: 4000,
    });
  });

  it('counts nanoseconds', () => {
    const [step] = readLines(
      vertexes({
        ...run,
        started: '2026-11-20T20:32:01.000000100Z',
        completed: '2026-11-20T20:32:01.000250100Z',
      }),
    ).steps;
    expect(step?.durationMs).toBeCloseTo(0.25, 3);
  });

  it('takes an interval that is open for a vertex that runs', () => {
    const timeline = readLines(
      vertexes({ ...run, started: second(1), completed: second(2) }),
      vertexes({ ...run, started: second(5) }),
    );
    expect(timeline.steps[0]).toMatchObject({
      status: 'unfinished',
      completedAt: null,
      durationMs: null,
      endLine: null,
    });
    expect(timeline).toMatchObject({ truncated: '1 step never ended', outcome: 'unknown' });
  });

  it('tells errors from what was cancelled', () => {
    const timeline = readLines(
      vertexes(
        { ...done, error: 'process "x" did not complete' },
        {
          digest: 'sha256:b',
          name: '[b 1/1] RUN y',
          started: second(1),
          completed: second(2),
          error: 'get x: context canceled',
        },
        { digest: 'sha256:c', name: '[c 1/1] RUN z' },
      ),
      'Dockerfile:4',
      '--------------------',
      '   4 | >>> RUN x',
      '--------------------',
      'error: failed to solve: process "x" did not complete',
    );
    expect(outline(timeline)).toEqual([
      '1 error [a 1/1] RUN x',
      '2 cancelled [b 1/1] RUN y',
      '3 unfinished [c 1/1] RUN z',
    ]);
    expect(timeline.steps[0]?.error).toBe('process "x" did not complete');
    expect(timeline).toMatchObject({ outcome: 'failed', truncated: null, error: { line: 6 } });
  });

  it('merges the members of a progress group', () => {
    const group = { id: 'g', name: '[a 2/2] COPY --link --from=b /x /y' };
    const timeline = readLines(
      vertexes({ ...done, inputs: [] }),
      vertexes(
        {
          digest: 'sha256:p',
          name: 'part',
          inputs: ['sha256:a'],
          progressGroup: group,
          started: second(3),
          completed: second(5),
          cached: true,
        },
        {
          digest: 'sha256:q',
          name: '[a 2/2] LINK COPY',
          inputs: ['sha256:p'],
          progressGroup: group,
          started: second(4),
          completed: second(6),
        },
        {
          digest: 'sha256:w',
          name: 'weak',
          progressGroup: { id: 'h', name: 'hidden', weak: true },
          started: second(4),
          completed: second(6),
        },
      ),
      logs('sha256:q', 'one\n'),
    );
    expect(outline(timeline)).toEqual(['1 done [a 1/1] RUN x', '2 done [a 2/2] COPY --link --from=b /x /y']);
    expect(timeline.steps[1]).toMatchObject({
      from: 'b',
      inputs: ['sha256:a'],
      startedAt: second(3),
      completedAt: second(6),
      durationMs: 3000,
      outputLines: 1,
    });
  });

  it('takes a group as ended when all its members have', () => {
    const progressGroup = { id: 'g', name: '[a 2/2] COPY --link /x /y' };
    const timeline = readLines(
      vertexes(
        { digest: 'sha256:p', name: 'p', progressGroup, started: second(3), completed: second(5) },
        { digest: 'sha256:q', name: 'q', progressGroup, started: second(4) },
      ),
    );
    expect(timeline.steps).toMatchObject([{ status: 'unfinished', startedAt: second(3), completedAt: null }]);
  });

  it('does not stumble over fields of other types', () => {
    const timeline = readLines(
      vertexes({ ...done, inputs: 3, error: 7, progressGroup: 'x' }),
      '{"vertexes":[1,null,{"name":"no digest"}],"logs":[{"vertex":"sha256:unknown","data":"eA=="},{"vertex":"sha256:a","data":4}]}',
      '{"vertexes":null}',
      '[]',
      '{}',
    );
    expect(outline(timeline)).toEqual(['1 done [a 1/1] RUN x']);
  });
});

describe('output', () => {
  it('comes in chunks that are no lines, of two streams', () => {
    const timeline = readLines(
      vertexes(done),
      logs('sha256:a', 'one\ntwo\nbuil'),
      logs('sha256:a', 'buildrace: err=1', 2),
      logs('sha256:a', 'drace: con'),
      logs('sha256:a', 'text files=3\r\nbuildrac'),
      logs('sha256:a', '\nx buildrace: no'),
      logs('sha256:a', ' more\nError: failed to solve: x\n'),
    );
    expect(timeline.steps[0]).toMatchObject({
      outputLines: 7,
      marks: [
        { line: 2, text: 'buildrace: context files=3' },
        { line: 3, text: 'buildrace: err=1' },
      ],
    });
    expect(timeline.error).toBeNull();
  });
});

describe('output of several streams', () => {
  it('ends in the order in which they came, and goes on where a line had not ended', () => {
    const timeline = readLines(
      vertexes(done),
      logs('sha256:a', 'whole\n', 2),
      logs('sha256:a', 'buildrace: of', 7),
      logs('sha256:a', 'buildrace: o'),
      logs('sha256:a', 'buildrace: err', 2),
      logs('sha256:a', 'ne'),
      logs('sha256:a', ' seven\n', 7),
    );
    expect(timeline.steps[0]).toMatchObject({
      outputLines: 4,
      marks: [
        { line: 3, text: 'buildrace: of seven' },
        { line: 5, text: 'buildrace: err' },
        { line: 4, text: 'buildrace: one' },
      ],
    });
  });
});

describe('shapes', () => {
  const indented = (value: object) => JSON.stringify(value, null, 2);

  it('reads the indented objects of v0.13', () => {
    const log = [
      indented({ vertexes: [run] }),
      indented({ vertexes: [done] }),
      indented({ statuses: [{ id: 'x {' }] }),
      'error: failed to solve: x',
    ];
    const timeline = read(`${log.join('\n')}\n`);
    expect(timeline).toMatchObject({ format: 'rawjson', outcome: 'failed', truncated: null });
    expect(outline(timeline)).toEqual(['1 done [a 1/1] RUN x']);
    expect(timeline.steps[0]?.line).toBe(1);
  });

  it('goes on behind an indented object that was cut', () => {
    const cut = indented({ vertexes: [done] })
      .split('\n')
      .slice(0, 4)
      .join('\n');
    const timeline = read(`${cut}\n${vertexes({ ...done, digest: 'sha256:b' })}\n`);
    expect(timeline.steps.map((step) => step.digest)).toEqual(['sha256:b']);
  });

  it.each([
    ['an object in one line', `${vertexes(done)}\n${vertexes(run).slice(0, 40)}`],
    [
      'an indented object',
      `${indented({ vertexes: [done] })}\n${indented({ vertexes: [run] }).slice(0, 40)}\n`,
    ],
  ])('sees that %s is cut', (_, log) => {
    expect(read(log)).toMatchObject({ truncated: 'the last JSON object is cut', outcome: 'unknown' });
  });

  it('reads any number of indented objects, but none without end', () => {
    const data = Buffer.alloc(500_000, 'x').toString('base64');
    const long = indented({ logs: [{ vertex: 'sha256:a', data }] });
    const log = [
      indented({ vertexes: [run] }),
      ...Array<string>(40).fill(long),
      indented({ vertexes: [done] }),
    ];
    const timeline = read(`${log.join('\n')}\n`);
    expect(timeline.bytes).toBeGreaterThan(16 * 1024 * 1024);
    expect(outline(timeline)).toEqual(['1 done [a 1/1] RUN x']);
    const endless = `${indented({ vertexes: [run] })}\n{\n${`  "${'x'.repeat(1000)}"\n`.repeat(17_000)}error: failed to solve: x\n`;
    expect(read(endless).error?.text).toBe('error: failed to solve: x');
  });

  it('goes on behind a line that is damaged', () => {
    const timeline = read(`${vertexes(run)}\n{"vertexes":[{"dig\n${vertexes(done)}\n`);
    expect(timeline).toMatchObject({ truncated: null, outcome: 'succeeded' });
  });

  it('sees that the text behind is cut', () => {
    expect(read(`${vertexes({ ...done, error: 'x' })}\nDockerfi`).truncated).toBe(
      'the last line has no line end',
    );
    expect(read(`${vertexes(done)}\nerror: failed to solve: x`).truncated).toBeNull();
    expect(read(vertexes(done)).truncated).toBeNull();
  });

  it('sees vertices that were announced, and a stream that ends before they start', () => {
    expect(readLines(vertexes(done, { digest: 'sha256:b', name: '[b 1/1] RUN y' })).truncated).toBe(
      '1 step never ended',
    );
  });
});

describe('what is not in a line', () => {
  const vertex =
    '{"vertexes":[{"digest":"d","name":"[1/1] RUN x","started":"STARTED","completed":"2026-11-20T20:32:02Z"}]}';

  it('is not read: an empty line in front of an object is no object', () => {
    const whole = vertex.replace('STARTED', '2026-11-20T20:32:01Z');
    // A line that comes in pieces stands where a longer one stood before.
    const other = createParser();
    for (const piece of [`ci ${whole}`, '\n', 'ci ']) other.push(Buffer.from(piece));
    expect(other.end()).toEqual(read(`ci ${whole}\nci `));
  });

  it('makes no duration: a time that is none', () => {
    expect(read(`${vertex.replace('STARTED', 'x')}\n`).steps[0]?.durationMs).toBeNull();
  });
});
