import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { parseJournal } from '../../src/results/journal.js';
import { layout } from '../../src/results/layout.js';
import { iterationFinished, laneRecord, plannedArm, samplePlan, writeRun } from '../results/sample-run.js';
import { test } from '../scenario/folder.js';
import { buildrace, projectRoot } from './program.js';

/** A `container` whose build prints NUL bytes, halves of characters and escapes without end, and steps around them. */
const flooding = `#!/bin/sh
case "$1 $2" in
  'build '*)
    printf '#1 [linux/arm64 builder 1/2] RUN make\\n' >&2
    yes "$(printf '#1 0.1 \\033[31m\\342\\202 \\303 \\033]0;title')" | tr ';' '\\000' | head -c 3000000 >&2
    printf '\\n#1 DONE 0.1s\\n\\n#2 [linux/arm64/v8 runtime 1/2] COPY --from=builder /a /b\\n#2 DONE 0.0s\\n' >&2
    ;;
  'builder status') echo '[{"id":"buildkit","status":"running","configuration":{"image":{"reference":"x:0.12.0"}}}]' ;;
  'system version') echo '{"version":"0.12.3","buildType":"release","commit":"none","appName":"container CLI"}' ;;
  'system status') echo 'apiserver is running' ;;
  '--version ') echo 'container CLI version 0.12.3 (build: release, commit: none)' ;;
esac
`;

test('a lane that prints without end is kept up to --max-log, is judged by what is there, and says so', async ({
  folder,
}) => {
  const bin = folder.at('bin');
  await mkdir(bin);
  await folder.write('bin/container', flooding);
  await chmod(path.join(bin, 'container'), 0o755);
  const env = { PATH: `${bin}:${process.env.PATH}` };
  const run = await buildrace(
    [
      'run',
      'chaos-1506',
      '--builder',
      'container',
      '--arm',
      'as-reported',
      '--iterations',
      '1',
      '--max-log',
      '100kB',
    ].concat('--out', folder.at('results'), '--json'),
    { env },
  );
  expect(run.exitCode).toBe(0);
  const directory = (JSON.parse(run.stdout) as { runs: { directory: string }[] }).runs[0]?.directory ?? '';
  const plan = JSON.parse(await readFile(path.join(directory, 'plan.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(plan.maxLogBytes).toBe(100_000);
  expect(plan.again).toContain('--max-log 100kB');
  const logs = path.join(directory, 'iterations/as-reported/0001');
  const { events } = parseJournal(await readFile(path.join(directory, 'journal.jsonl'), 'utf8'));
  const finished = events.find((event) => event.event === 'iteration-finished');
  for (const { lane, cuts } of finished?.lanes ?? []) {
    const kept = await readFile(path.join(logs, `${lane}.stderr`));
    expect(kept.length).toBeLessThanOrEqual(100_000);
    expect(cuts).toMatchObject([{ stream: 'stderr' }]);
    expect(kept.toString('latin1').split('\n')[(cuts[0]?.line ?? 0) - 1]).toMatch(
      /^\[buildrace: [\d,]+ bytes left/,
    );
  }
  expect((await readdir(logs)).filter((name) => !/\.(stdout|stderr)(\.times\.jsonl)?$/.test(name))).toEqual(
    [],
  );
  const shown = await buildrace(['show', directory, '--lane', 'a'], { env });
  expect(shown.exitCode).toBe(0);
  expect(shown.stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /its log is cut: lines were left out of its middle \(2\.9 MB at line/,
  );
  expect(shown.stdout).toContain('platform-drift');
  expect(shown.stdout).not.toMatch(/[\x00\x1b]/);
});

const hundredThousand = 100_000;

/** What BuildKit sends of one vertex: that there is one, that it started and printed something, that it ended. */
function messagesOf(index: number): string {
  const digest = (of: number): string => `sha256:${createHash('sha256').update(String(of)).digest('hex')}`;
  const time = (ms: number): string =>
    new Date(1.7e12 + index * 10 + ms).toISOString().replace('Z', '123456Z');
  const vertex = {
    digest: digest(index),
    inputs: [digest(index - 1)],
    name: `[linux/arm64 stage${index % 7} ${(index % 9) + 1}/9] RUN make -j4 target${index}`,
  };
  const started = { ...vertex, started: time(0) };
  const data = Buffer.from(`line ${index}\n`).toString('base64');
  return [
    { vertexes: [vertex] },
    { vertexes: [started], logs: [{ vertex: vertex.digest, stream: 1, data, timestamp: time(1) }] },
    { vertexes: [{ ...started, completed: time(7) }] },
  ]
    .map((message) => `${JSON.stringify(message)}\n`)
    .join('');
}

test('a rawjson log of 100,000 vertices is read and told in less than 250 MB', async ({ folder }) => {
  const indices = Array.from({ length: hundredThousand }, (_, i) => i + 1);
  await folder.write('log', indices.map(messagesOf).join(''));
  const memory = pathToFileURL(path.join(projectRoot, 'bench/memory.mjs')).href;
  const { stdout, stderr } = await buildrace(['scan', '--json', folder.at('log')], {
    env: { NODE_OPTIONS: `--import ${memory}` },
  });
  const { logs } = JSON.parse(stdout) as { logs: { format: string; steps: { text: string }[] }[] };
  expect(logs[0]?.format).toBe('rawjson');
  expect(logs[0]?.steps).toHaveLength(hundredThousand);
  expect(logs[0]?.steps.at(-1)?.text).toBe('RUN make -j4 target100000');
  const kibibytes = Number(stderr.trim().split('\n').at(-1));
  expect(kibibytes * 1024).toBeLessThan(250e6);
}, 60_000);

/** Two spellings of one platform in a stage, then a stage and a platform of its own for each of `count` steps. */
function ownPlatforms(count: number): string {
  const places = Array.from({ length: count }, (_, i) => `linux/p${i} s${i}`);
  return stepLines(['linux/arm64 b', 'linux/arm64/v8 b', ...places]);
}

function stepLines(places: readonly string[]): string {
  return places.map((place, i) => `#${i + 1} [${place} 1/1] RUN x\n#${i + 1} DONE 0.1s\n`).join('');
}

test('a run is told in less than 250 MB, however long the logs of its failed builds, their platforms and its daemon’s lines', async ({
  folder,
}) => {
  const iterations = 40;
  const arm = plannedArm({ iterations });
  const event = { schemaVersion: 1, at: '2026-01-02T03:04:05.000Z' } as const;
  const lanes = [laneRecord('a', { exitCode: 1 }), laneRecord('b', { exitCode: 1 })];
  const run = await writeRun(folder.at('run'), {
    plan: samplePlan({ arms: [arm], signals: ['platform-drift', 'daemon-error'] }),
    events: [
      { ...event, event: 'run-started' },
      ...Array.from({ length: iterations }, (_, i) => iterationFinished({ iteration: i + 1, lanes })),
      { ...event, event: 'run-finished' },
    ],
  });
  const failed = stepLines(Array.from({ length: 8_000 }, (_, i) => `linux/arm64 s${i % 50}`));
  for (let i = 1; i <= iterations; i++)
    for (const lane of ['a', 'b']) {
      const log = i === 1 && lane === 'b' ? ownPlatforms(8_000) : failed;
      const file = layout.stream(arm.name, i, lane, 'stderr');
      await folder.write(`run/${file}`, `${log}ERROR: failed to solve: boom\n`);
    }
  await writeFile(path.join(run, layout.daemonLog(arm.name, 1)), Buffer.alloc(32 * 1024 * 1024, '\n'));
  const memory = pathToFileURL(path.join(projectRoot, 'bench/memory.mjs')).href;
  const { stdout, stderr } = await buildrace(['report', run, '--format', 'md'], {
    env: { NODE_OPTIONS: `--import ${memory}` },
  });
  expect(stdout).toContain('| 80 | `main` | `boom` |');
  expect(stdout).toContain('more pairs of step and platform.');
  expect(Number(stderr.trim().split('\n').at(-1)) * 1024).toBeLessThan(250e6);
}, 120_000);
