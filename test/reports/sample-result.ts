import type { ArmResult, FindingExample, RunResult, SignalResult } from '../../src/results/result.js';
import type { Signal } from '../../src/signals.js';
import { atMost, wilson } from '../../src/stats/interval.js';

/** A tally as an analysis makes it: interval and limit follow from the counts. */
export function signal(
  name: Signal,
  count: number,
  of: number,
  more: Partial<SignalResult> = {},
): SignalResult {
  return {
    signal: name,
    expected: false,
    iterations: { count, of, blind: 0 },
    builds: { count: count * 2, of: of * 2 },
    course: '1'.repeat(count) + '0'.repeat(of - count),
    drift: null,
    sequential: null,
    interval: of === 0 ? null : wilson(count, of),
    atMost: count === 0 && of > 0 ? atMost(0, of) : null,
    verdict: null,
    controlDirty: null,
    needsConcurrency: { answer: 'not-tested', p: null, alone: { count: 0, of: 0 } },
    againstControl: null,
    blindReasons: [],
    examples: [],
    ...more,
  };
}

export function arm(name: string, more: Partial<ArmResult> = {}): ArmResult {
  return {
    name,
    title: null,
    role: 'reproduce',
    of: null,
    skipped: null,
    point: null,
    lanes: { count: 2, startSpreadMs: 0.123, delaysMs: [0, 0], builds: 2 },
    iterations: { planned: 5, valid: 5, invalid: 0 },
    invalidReasons: [],
    steps: ['build a, b'],
    builds: { total: 10, failed: 0 },
    signals: [],
    command: null,
    spellings: [],
    spellingsLeftOut: 0,
    ...more,
  };
}

export function run(arms: readonly ArmResult[], more: Partial<RunResult> = {}): RunResult {
  return {
    schemaVersion: 1,
    scenario: 'chaos-1506',
    contentSha256: 'ad5b1c8e4f2097d36b1e',
    directory: '/home/ada/buildrace/results/20261121T101500Z-chaos-1506',
    builder: {
      kind: 'buildctl',
      name: 'unix:///run/buildkit/buildkitd.sock',
      version: 'v0.32.2',
      daemonVersion: 'v0.32.2',
      simulated: false,
    },
    verdict: 'reproduced',
    arms,
    title: 'Two builds at once spell one platform two ways, and COPY --from loses files',
    reports: ['https://github.com/apple/container/issues/1542'],
    startedAt: '2026-11-21T10:15:00.000Z',
    finishedAt: '2026-11-21T10:16:12.345Z',
    stopped: null,
    toolVersion: '0.1.0',
    environment: {
      os: 'Debian GNU/Linux 13 (trixie)',
      kernel: '6.12.38+deb13-amd64',
      arch: 'x64',
      host: '1f2e3d4c5b6a',
      cpus: 2,
      cpuModel: 'AMD EPYC 7763 64-Core Processor',
      memoryBytes: 8_327_581_696,
      load: 0.42,
      node: 'v20.19.5',
      versionOutput: [
        { command: 'buildctl --version', output: 'buildctl github.com/moby/buildkit v0.32.2 0f6a1b2\n' },
      ],
    },
    failures: [],
    again: 'buildrace run chaos-1506 --builder buildctl --iterations 5 --seed 4711',
    warnings: [],
    seed: 4711,
    stopping: { rule: 'fixed' },
    shard: null,
    sweep: null,
    window: null,
    ...more,
  };
}

export const driftExample: FindingExample = {
  iteration: 1,
  lane: 'a',
  message: 'linux/arm64/v8 (3 steps) and linux/arm64 (1 step) name one platform in this build',
  file: 'iterations/explicit-variant/0001/a.stderr',
  evidence: [
    { line: 8, text: '#2 [linux/arm64/v8 internal] load metadata for docker.io/library/alpine:3.20' },
    {
      line: 20,
      text: '#5 [linux/arm64 builder 2/2] RUN mkdir -p /install &&     head -c 1048576 /dev/urandom > /install/payload',
    },
    { line: 23, text: '#6 [linux/arm64/v8 runtime 2/2] COPY --from=builder /install /usr/local' },
  ],
};

/** A run in which everything that a report can say is said once. */
export function fullRun(more: Partial<RunResult> = {}): RunResult {
  return run(
    [
      arm('explicit-variant', {
        title: 'FROM --platform=linux/arm64/v8, two builds at once',
        signals: [
          signal('platform-drift', 5, 5, {
            expected: true,
            verdict: 'reproduced',
            controlDirty: false,
            againstControl: { control: 'explicit-plain', p: 0.00795, count: 0, of: 5 },
            needsConcurrency: { answer: 'no', p: 1, alone: { count: 5, of: 5 } },
            examples: [driftExample],
          }),
          signal('build-failed', 1, 5, { builds: { count: 1, of: 10 } }),
          signal('context-failed', 0, 5),
        ],
        builds: { total: 10, failed: 1 },
        command: [
          'buildctl',
          'build',
          '--frontend',
          'dockerfile.v0',
          '--opt',
          'build-arg:GREETING=hello world',
        ],
        spellings: [
          { stage: 'builder', instruction: 'FROM', platform: 'linux/arm64/v8', builds: 10 },
          { stage: 'builder', instruction: 'RUN', platform: 'linux/arm64', builds: 10 },
          { stage: 'runtime', instruction: 'COPY', platform: 'linux/arm64/v8', builds: 10 },
        ],
      }),
      arm('explicit-plain', {
        title: 'The same without the variant',
        role: 'control',
        of: 'explicit-variant',
        signals: [signal('platform-drift', 0, 5, { controlDirty: false })],
        command: ['buildctl', 'build', '--frontend', 'dockerfile.v0'],
      }),
      arm('one-at-a-time', {
        role: 'alone',
        of: 'explicit-variant',
        lanes: { count: 2, startSpreadMs: null, delaysMs: [0, 0], builds: 2 },
        signals: [signal('platform-drift', 5, 5)],
        command: ['buildctl', 'build', '--frontend', 'dockerfile.v0'],
      }),
      arm('context', {
        title: '400 new files in each iteration',
        iterations: { planned: 5, valid: 3, invalid: 2 },
        invalidReasons: [{ reason: 'the lanes did not overlap', count: 2 }],
        builds: { total: 6, failed: 0 },
        signals: [
          signal('content-mismatch', 0, 2, {
            expected: true,
            verdict: 'not-reproduced',
            controlDirty: true,
            iterations: { count: 0, of: 2, blind: 1 },
            blindReasons: [
              { reason: 'no step printed what it counted: RUN steps came from the cache', count: 1 },
            ],
            againstControl: { control: 'context-alone', p: 0.5, count: 1, of: 5 },
          }),
        ],
      }),
      arm('context-alone', {
        role: 'control',
        of: 'context',
        signals: [signal('content-mismatch', 1, 5, { controlDirty: true, builds: { count: 1, of: 10 } })],
      }),
      arm('two-platforms', { skipped: 'no arm64 emulation; install qemu-user-static' }),
    ],
    {
      warnings: ['the warm-up of Dockerfile.plain failed: exit code 1'],
      failures: [
        {
          text: 'failed to calculate checksum of ref <id>::<id>: "/install/src/f<n>.txt": not found',
          builds: 1,
          arms: ['explicit-variant'],
          example: {
            arm: 'explicit-variant',
            iteration: 3,
            lane: 'b',
            file: 'iterations/explicit-variant/0003/b.stderr',
            line: 41,
            text: 'error: failed to solve: failed to calculate checksum of ref abc::def: "/install/src/f4.txt": not found',
          },
        },
      ],
      ...more,
    },
  );
}
