import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { normalizePlatform } from '../../src/platforms.js';
import { parseFile } from '../../src/progress/parse.js';
import type { Step, Timeline } from '../../src/progress/timeline.js';

interface Expected {
  readonly drift: boolean;
  readonly failed?: boolean;
  readonly copyFromFailed?: boolean;
}

const folder = new URL('../recorded-logs/', import.meta.url);
const expectations = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<
  string,
  Expected
>;
const names = readdirSync(folder).filter((name) => name.endsWith('.log'));

function parseRecorded(name: string): Promise<Timeline> {
  return parseFile(new URL(name, folder).pathname);
}

function formatOf(name: string): string {
  return /\.(plain|tty|rawjson|classic|buildah)\.log$/.exec(name)?.[1] ?? 'plain';
}

function drifts({ steps }: Timeline): boolean {
  const spellings = [...new Set(steps.flatMap((step) => step.platform ?? []))];
  return new Set(spellings.map((spelling) => normalizePlatform(spelling))).size < spellings.length;
}

function copyFromFailed({ steps }: Timeline): boolean {
  return steps.some((step) => step.instruction === 'COPY' && step.from !== null && step.status === 'error');
}

/** Name, and how it ended: what all formats of one build agree on. */
function ending(step: Step): string {
  return `${step.status} ${step.name}`;
}

describe('recorded logs', () => {
  it('has an expectation for each', () => {
    expect(names.length).toBeGreaterThan(70);
    expect(Object.keys(expectations).sort()).toEqual([...names].sort());
  });

  it.each(names)('%s', async (name) => {
    const timeline = await parseRecorded(name);
    const expected = expectations[name];
    expect(timeline.format).toBe(formatOf(name));
    expect(timeline.truncated).toBeNull();
    expect(drifts(timeline)).toBe(expected?.drift);
    if (expected?.copyFromFailed !== undefined)
      expect(copyFromFailed(timeline)).toBe(expected.copyFromFailed);
    if (expected?.failed !== undefined)
      expect(timeline.outcome).toBe(expected.failed ? 'failed' : 'succeeded');
    expect(timeline.outcome).not.toBe('unknown');
    expect(timeline.trouble).toEqual([]);
    expect(timeline.steps.every((step) => step.name !== '')).toBe(true);
  });

  it.each(names.filter((name) => name.includes('.noisy.')))(
    '%s: nothing that RUN printed counts',
    async (name) => {
      const { steps, error } = await parseRecorded(name);
      expect(error).toBeNull();
      expect(steps.some((step) => step.stage === 'fake' || step.platform === 'linux/arm64/v8')).toBe(false);
      expect(steps.every((step) => step.error === null)).toBe(true);
      const run = steps.find((step) => step.instruction === 'RUN');
      expect(run).toMatchObject({ status: 'done', outputLines: 15 });
    },
  );
});

describe('what the same build says in different formats', () => {
  it.each(['wide.arm64', 'v8.arm64', 'shared.multi', 'wide.multi'])(
    'plain and rawjson of %s',
    async (kind) => {
      const plain = await parseRecorded(`buildctl-v0.32.2.${kind}.plain.log`);
      const rawjson = await parseRecorded(`buildctl-v0.32.2.${kind}.rawjson.log`);
      // Whether a metadata request or a FROM was answered from cache differs between two builds.
      const instructions = (timeline: Timeline) =>
        timeline.steps
          .filter((step) => !step.internal && step.instruction !== 'FROM')
          .map(ending)
          .sort();
      expect(instructions(rawjson)).toEqual(instructions(plain));
    },
  );

  it('tty shows the same steps, their names cut', async () => {
    const plain = await parseRecorded('buildctl-v0.32.2.wide.arm64.plain.log');
    const tty = await parseRecorded('buildctl-v0.32.2.wide.arm64.tty.log');
    expect(tty.steps).toHaveLength(plain.steps.length);
    for (const step of tty.steps)
      expect(plain.steps.some(({ name }) => name.startsWith(step.name))).toBe(true);
  });
});

describe('exact steps', () => {
  it('plain: two platforms, cached twice, cancelled, failed', async () => {
    const timeline = await parseRecorded('buildx-0.36.missing.linux-amd64_linux-arm64.plain.log');
    expect(timeline.lines).toBe(59);
    expect(timeline.bytes).toBe(2285);
    expect(timeline.steps.map((step) => [step.index, step.line, step.endLine, step.status])).toEqual([
      [1, 3, 5, 'done'],
      [2, 7, 8, 'done'],
      [3, 10, 11, 'done'],
      [4, 13, 15, 'done'],
      [5, 17, 19, 'cached'],
      [6, 21, 29, 'cached'],
      [7, 25, 37, 'cancelled'],
      [8, 31, 32, 'done'],
      [9, 39, 40, 'done'],
      [10, 42, 45, 'done'],
      [11, 47, 48, 'error'],
    ]);
    expect(timeline.steps[10]).toEqual({
      index: 11,
      name: '[linux/amd64 runtime 3/3] COPY --from=builder /install/payload /usr/local/',
      target: null,
      stage: 'runtime',
      platform: 'linux/amd64',
      targetPlatform: null,
      instruction: 'COPY',
      text: 'COPY --from=builder /install/payload /usr/local/',
      from: 'builder',
      internal: false,
      status: 'error',
      error:
        'failed to calculate checksum of ref t1uockouekz69b6tqdmcpk15t::pee31mpj5pfme0v4y5jsdlrxf: "/install/payload": not found',
      line: 47,
      endLine: 48,
      digest: null,
      inputs: [],
      startedAt: null,
      completedAt: null,
      durationMs: null,
      outputLines: 0,
      fetched: false,
      marks: [],
    });
    expect(timeline.error?.line).toBe(59);
    expect(timeline.error?.text).toMatch(/^ERROR: failed to build: failed to solve: /);
  });

  it('docker 20.10: digests under the headers, no `error:` in front of the closing error', async () => {
    const timeline = await parseRecorded('dockerd-20.10.missing.plain.log');
    expect(timeline.steps.map((step) => step.digest?.slice(0, 15))).toEqual([
      'sha256:bebf64c4',
      'sha256:7fd72c47',
      'sha256:271374c6',
      'sha256:d21afdbb',
      'sha256:15878631',
      'sha256:4ed25cf4',
      'sha256:2143f899',
    ]);
    expect(timeline.steps.map((step) => step.index)).toEqual([1, 2, 3, 4, 6, 5, 7]);
    expect(timeline.error).toEqual({
      line: 43,
      text: 'failed to compute cache key: "/install/payload" not found: not found',
    });
  });

  it('rawjson: times, inputs, and what never started', async () => {
    const { steps } = await parseRecorded('buildctl-v0.32.2.missing.multi.rawjson.log');
    const byText = (platform: string, text: string) =>
      steps.find((step) => step.platform === platform && step.text.startsWith(text));
    expect(byText('linux/arm64', 'COPY --from')).toMatchObject({
      status: 'unfinished',
      startedAt: null,
      endLine: null,
    });
    expect(byText('linux/arm64', 'RUN mkdir')).toMatchObject({ status: 'cancelled', outputLines: 1 });
    const failed = byText('linux/amd64', 'COPY --from');
    expect(failed).toMatchObject({ status: 'error', line: 15, endLine: 28, index: 9 });
    expect(failed?.error).toContain('"/install/payload": not found');
    expect(failed?.inputs).toHaveLength(2);
    const [definition] = steps;
    // Two intervals: 18 µs, and the one that loads the file.
    expect(definition).toMatchObject({ index: 1, line: 1, endLine: 7, status: 'done' });
    expect(definition?.durationMs).toBeCloseTo(7.7, 0);
    expect(Date.parse(definition?.completedAt ?? '')).toBeGreaterThan(
      Date.parse(definition?.startedAt ?? ''),
    );
    const inputs = new Set(steps.flatMap((step) => step.inputs));
    const digests = new Set(steps.map((step) => step.digest));
    expect([...inputs].every((input) => digests.has(input))).toBe(true);
  });

  it('tty: the last frame', async () => {
    const { steps } = await parseRecorded('buildctl-v0.32.2.missing.arm64.tty.log');
    expect(steps.map((step) => [step.status, step.durationMs, step.text])).toEqual([
      ['done', 0, 'load metadata for docker.io/library/alpine:3.2'],
      ['done', 0, 'load .dockerignore'],
      ['cached', 0, 'FROM docker.io/library/alpine:3.20@s'],
      ['done', 400, 'RUN mkdir -p /install && echo one && sleep'],
      ['done', 200, 'RUN sleep 0.1'],
      ['done', 0, 'load build definition from Dockerfile.missing'],
      ['error', 0, 'COPY --from=builder /install/payload'],
    ]);
  });

  it('classic: output without line end, and the end of the step glued on', async () => {
    const { steps } = await parseRecorded('dockerd-20.10.print.classic.log');
    expect(
      steps.map((step) => [step.index, step.status, step.stage, step.outputLines, step.line, step.endLine]),
    ).toEqual([
      [1, 'done', 'build', 0, 2, 10],
      [2, 'done', 'build', 2, 11, 16],
      [3, 'done', 'build', 3, 17, 23],
      [4, 'done', null, 0, 24, 25],
      [5, 'done', null, 0, 26, 27],
      [6, 'done', null, 0, 28, 29],
      [7, 'done', null, 1, 30, 34],
    ]);
    expect(steps[2]?.marks).toEqual([{ line: 20, text: 'buildrace: context files=3' }]);
  });

  it('buildah: stages one after the other, from cache, and with output', async () => {
    const built = await parseRecorded('buildah-1.28.print.single.buildah.log');
    expect(built.steps.map((step) => [step.index, step.status, step.stage, step.outputLines])).toEqual([
      [1, 'done', 'build', 0],
      [2, 'done', 'build', 2],
      [3, 'done', 'build', 3],
      [1, 'done', '2', 0],
      [2, 'done', '2', 0],
      [3, 'done', '2', 0],
      [4, 'done', '2', 1],
    ]);
    expect(built.steps[2]?.marks).toEqual([{ line: 13, text: 'buildrace: context files=3' }]);
    const cached = await parseRecorded('buildah-1.28.print.cached.buildah.log');
    expect(cached.steps.map((step) => step.status)).toEqual([
      'done',
      'cached',
      'cached',
      'done',
      'cached',
      'cached',
      'cached',
    ]);
  });

  it('buildah: a failure of two platforms', async () => {
    const { steps } = await parseRecorded('buildah-1.28.missing.multi.buildah.log');
    const failed = steps.filter((step) => step.status === 'error');
    expect(failed.map((step) => [step.platform, step.from])).toEqual([
      ['linux/amd64', 'build'],
      ['linux/arm64', 'build'],
    ]);
    expect(failed[0]?.error).toMatch(
      /building at STEP "COPY .* checking on sources under .*"\/out\/nothing": no such file or directory$/,
    );
  });

  it.each(['plain', 'rawjson'])('%s: output in pieces, and a COPY --link as one step', async (format) => {
    const timeline = await parseRecorded(`buildctl-v0.32.2.print.single.${format}.log`);
    const runs = timeline.steps
      .filter((step) => step.instruction === 'RUN')
      .map((step) => [step.text.slice(0, 12), step.outputLines]);
    expect(runs.sort()).toEqual([
      ['RUN echo "bu', 3],
      ['RUN echo one', 2],
      ["RUN printf '", 1],
    ]);
    expect(timeline.steps.filter((step) => step.text.includes('--link'))).toHaveLength(1);
    expect(timeline.steps.flatMap((step) => step.marks.map((mark) => mark.text))).toEqual([
      'buildrace: context files=3',
    ]);
  });

  it('an error that the build survived', async () => {
    const timeline = await parseRecorded('shim-0.12.0.c2-shared-cold-jit.i23-b1.log');
    expect(timeline.outcome).toBe('succeeded');
    expect(timeline.steps[2]).toMatchObject({
      status: 'error',
      text: 'load build definition from Dockerfile',
    });
  });

  it('a failure without a closing error', async () => {
    const timeline = await parseRecorded('shim-0.12.0.c8-heavy-cold-029.i6-b0.log');
    expect(timeline.outcome).toBe('failed');
    expect(timeline.error).toBeNull();
    expect(timeline.steps[6]).toMatchObject({ status: 'error', line: 24, endLine: 32 });
  });
});
