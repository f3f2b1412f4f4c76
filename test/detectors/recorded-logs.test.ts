import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { detectors } from '../../src/detectors/index.js';
import { parseFile, parseLog } from '../../src/progress/parse.js';
import type { Timeline } from '../../src/progress/timeline.js';
import { iteration, lane } from './timelines.js';

const folder = path.join(import.meta.dirname, '../recorded-logs');
const expected: Record<string, { drift?: boolean; copyFromFailed?: boolean; failed?: boolean }> = JSON.parse(
  readFileSync(path.join(folder, 'expected.json'), 'utf8'),
);
const names = Object.keys(expected);

interface Seen {
  readonly found: readonly string[];
  readonly blind: readonly string[];
  readonly evidence: readonly { readonly line: number; readonly text: string }[];
}

function see(log: Timeline): Seen {
  const evidence = iteration([lane(log)]);
  const detections = detectors
    .filter((detector) => detector.appliesTo(evidence))
    .map((detector) => detector.detect(evidence));
  const findings = detections.flatMap((one) => one.findings);
  return {
    found: findings.map(({ signal }) => signal),
    blind: detections.flatMap((one) => one.blind.map(({ signal }) => signal)),
    evidence: findings.flatMap((one) => one.evidence),
  };
}

const seen = new Map<string, Seen>();
beforeAll(async () => {
  for (const name of names) seen.set(name, see(await parseFile(path.join(folder, name))));
});
const of = (name: string): Seen => seen.get(name) ?? { found: [], blind: [], evidence: [] };

test('there are logs to look at', () => {
  expect(names.length).toBeGreaterThan(60);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(names));
});

describe.each(names)('%s', (name) => {
  const { drift, copyFromFailed, failed } = expected[name] ?? {};

  test('shows what it is known to show', () => {
    const { found, blind } = of(name);
    if (drift !== undefined) expect(found.includes('platform-drift')).toBe(drift);
    if (copyFromFailed !== undefined) expect(found.includes('copy-from-failed')).toBe(copyFromFailed);
    if (failed !== undefined) expect(found.includes('build-failed')).toBe(failed);
    // These logs are all whole: only the platforms may be missing from them.
    expect(blind.filter((signal) => signal !== 'platform-drift')).toEqual([]);
    // No COPY of theirs ran ahead of its source: the builder stage of the same platform was always done.
    expect(found).not.toContain('copy-from-early');
  });

  test('every line of evidence stands in the log where it is said to', () => {
    const lines = readFileSync(path.join(folder, name), 'utf8').split(/\r?\n/);
    for (const { line, text } of of(name).evidence) {
      const printed = lines[line - 1] ?? '';
      if (printed.startsWith('{')) expect(vertexTexts(printed), printed).toContain(text);
      else if (name.includes('.tty.')) expect(printed).toContain(text.replace(/^=> (?:ERROR )?/, ''));
      else expect(printed).toBe(text);
    }
  });
});

/** The names of the vertices in a line of rawjson, and with their errors behind them. */
function vertexTexts(printed: string): readonly string[] {
  const { vertexes = [] }: { vertexes?: { name: string; error?: string }[] } = JSON.parse(printed);
  return vertexes.flatMap(({ name, error }) => (error === undefined ? [name] : [name, `${name}: ${error}`]));
}

test('drift is a blindness, not a clean sight, where BuildKit prints no platform', () => {
  expect(of('buildctl-v0.32.2.v8.single.plain.log').blind).toContain('platform-drift');
  expect(of('buildx-0.36.v8.linux-arm64.plain.log').blind).toContain('platform-drift');
  expect(of('buildctl-v0.32.2.shared.multi.plain.log').blind).not.toContain('platform-drift');
});

test('a broken transfer ends a build, or is survived', () => {
  const shim = names.filter((name) => name.startsWith('shim-0.12.0.')).sort();
  const context = shim.filter((name) => of(name).found.includes('context-failed'));
  expect(context).toEqual([
    'shim-0.12.0.A-c2-copyfrom-cold-arm64-nodrift.i3-b0.log',
    'shim-0.12.0.c8-heavy-cold-029.i6-b0.log',
    'shim-0.12.0.m200-arm64-stock.i2-b1.log',
    'shim-0.12.0.m200-v8-stock.i27-b0.log',
    'shim-0.12.0.p2-copyfrom-cold.i2-b1.log',
  ]);
  const survived = shim.filter((name) => of(name).found.includes('transient-error'));
  expect(survived).toEqual([
    'shim-0.12.0.c2-shared-cold-jit.i23-b1.log',
    'shim-0.12.0.c8-shared-cold-st3-d4.i5-b1.log',
    'shim-0.12.0.c8-shared-cold-st3-d4.i8-b3.log',
  ]);
});

const seeText = async (lines: readonly string[]) =>
  see(await parseLog([Buffer.from(`${lines.join('\n')}\n`)]));

test('the excerpt of apple/container#1542: drift, and a COPY that failed before its builder stage was done', async () => {
  const { found, evidence } = await seeText([
    '=> CACHED [linux/arm64 builder 4/5] RUN pip install --prefix=/install ... 0.0s',
    '=> [linux/arm64/v8 builder 3/5] COPY . . 19.6s',
    '=> ERROR [linux/arm64/v8 runtime 2/5] COPY --from=builder /install /usr/local 0.0s',
    '=> [linux/arm64 builder 4/5] RUN pip install --prefix=/install ... 2.1s',
  ]);
  expect(found).toEqual(['platform-drift', 'copy-from-failed', 'copy-from-early']);
  expect(evidence.at(-1)).toEqual({
    line: 4,
    text: '=> [linux/arm64 builder 4/5] RUN pip install --prefix=/install ...',
  });
});

test('the classic builder and buildah say it in their closing error', async () => {
  const classic = await seeText([
    'Step 1/3 : FROM alpine:3.20 AS builder',
    ' ---> f6648c04cd6c',
    'Step 2/3 : FROM alpine:3.20 AS runtime',
    ' ---> f6648c04cd6c',
    'Step 3/3 : COPY --from=builder /install/payload /usr/local/',
    'COPY failed: stat install/payload: file does not exist',
  ]);
  expect(classic.found).toEqual(['copy-from-failed', 'build-failed']);
  expect(classic.blind).toEqual(['platform-drift']);
  const buildah = await seeText([
    '[1/2] STEP 1/2: FROM alpine:3.20 AS builder',
    '[1/2] STEP 2/2: RUN mkdir -p /install',
    '--> 2959341d5671',
    '[2/2] STEP 1/2: FROM alpine:3.20 AS runtime',
    '[2/2] STEP 2/2: COPY --from=builder /install/payload /usr/local/',
    'Error: building at STEP "COPY --from=builder /install/payload /usr/local/": no such file or directory',
  ]);
  expect(buildah.found).toEqual(['copy-from-failed', 'build-failed']);
  expect(buildah.evidence.map(({ line }) => line)).toEqual([5, 6, 5, 6]);
});

test('a daemon that goes away under a running step', async () => {
  const { found } = await seeText([
    '#1 [internal] load build definition from Dockerfile',
    '#1 DONE 0.0s',
    '',
    '#2 [linux/arm64 builder 1/2] RUN make',
    'ERROR: failed to build: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
  ]);
  expect(found).toEqual(['build-failed', 'builder-crashed']);
});
