import { describe, expect, test as plain } from 'vitest';
import { reproductionOf } from '../../../src/reports/reproduction/reproduction.js';
import type { PlannedBuild, PlannedLane } from '../../../src/scenario/plan.js';
import type { Signal } from '../../../src/signals.js';
import { plannedArm, plannedBuild, plannedLane } from '../../results/sample-run.js';
import { detailOf } from './planned-detail.js';
import { reproduction, test } from './script-run.js';

const dockerfile = { path: 'Dockerfile', sha256: '', content: 'FROM scratch\n', encoding: 'utf8' } as const;

/** A run of two builds at once, `a` and `b`, that expects the signal. */
function detailFor(signal: Signal, build: Partial<PlannedBuild> = {}, kind = 'buildctl') {
  const lanes = ['a', 'b'].map(
    (name): PlannedLane =>
      plannedLane(name, { build: { ...plannedBuild, buildArgs: { LANE: name }, ...build } }),
  );
  const steps = [{ step: 'build' as const, together: true, lanes }];
  return detailOf([plannedArm({ expects: [signal], steps })], kind, [dockerfile]);
}

interface Answer {
  readonly log: string;
  readonly exitCode?: number;
}

interface Case {
  readonly signal: Signal;
  readonly build?: Partial<PlannedBuild>;
  /** Logs of a and b in which it shows; without a second one, b prints what a does in the clean one. */
  readonly shows: readonly [Answer, Answer?];
  readonly clean: Answer;
}

const headed = (name: string, ...lines: readonly string[]): string =>
  [`#5 ${name}`, ...lines.map((line) => `#5 ${line}`), ''].join('\n');

const closing = 'error: failed to solve: exit code: 7\n';
const failing =
  headed('[2/2] RUN make', '0.1 it says why', 'ERROR: process "make" did not complete: exit code: 7') +
  closing;
const silent = `#5 [internal] load .dockerignore\n#5 DONE 0.0s\n\n${closing}`;
const source = 'Dockerfile:2\n--------------------\n   2 | >>> RUN make\n--------------------\n';

const cases: readonly Case[] = [
  {
    signal: 'platform-drift',
    shows: [
      {
        log:
          headed('[linux/arm64/v8 builder 1/2] FROM x', 'CACHED') +
          headed('[linux/arm64 builder 2/2] RUN x').replaceAll('#5', '#6'),
      },
    ],
    clean: {
      log:
        headed('[linux/amd64 builder 1/2] FROM x', 'CACHED') +
        headed('[linux/arm64 2/3] RUN [ -d linux/arm64/v8 ]', '0.1 [linux/arm64/v8 is said] here').replaceAll(
          '#5',
          '#6',
        ),
    },
  },
  {
    signal: 'copy-from-failed',
    shows: [
      { log: headed('[runtime 2/2] COPY --chown=1 --from=builder /x /y', 'ERROR: not found'), exitCode: 1 },
    ],
    clean: { log: headed('[runtime 2/2] COPY x /y', 'ERROR: not found'), exitCode: 0 },
  },
  {
    signal: 'context-failed',
    shows: [{ log: headed('[internal] load build context', 'ERROR: unexpected EOF'), exitCode: 1 }],
    clean: { log: headed('[internal] load build context', 'ERROR: unexpected EOF'), exitCode: 0 },
  },
  {
    signal: 'build-failed',
    shows: [{ log: failing, exitCode: 1 }],
    clean: { log: failing, exitCode: 0 },
  },
  {
    signal: 'transient-error',
    shows: [{ log: failing, exitCode: 0 }],
    clean: { log: headed('[2/2] RUN make', '0.1 ERROR: only said', 'DONE 0.1s'), exitCode: 0 },
  },
  {
    signal: 'cache-miss',
    build: { mustBeCached: ['RUN echo stable'] },
    shows: [{ log: headed('[made 2/3] RUN echo    stable | tee /x', '0.1 stable', 'DONE 0.1s') }],
    // v0.10 ends what it fetched with DONE, and prints nothing.
    clean: {
      log:
        headed('[made 2/3] RUN echo stable | tee /x', 'CACHED') +
        headed('[linux/arm64 made 2/3] RUN echo stable', 'DONE 0.1s').replaceAll('#5', '#6') +
        headed('[made 3/3] RUN say RUN echo stable', '0.1 x', 'DONE 0.1s').replaceAll('#5', '#7'),
    },
  },
  {
    signal: 'cache-mount-shared',
    shows: [{ log: headed('[2/2] RUN x', '0.1 buildrace: cache-mount of=amd64 holds=amd64,arm64') }],
    clean: {
      log: headed(
        '[2/2] RUN echo buildrace: cache-mount of=amd64 holds=arm64',
        '0.1 buildrace: cache-mount of=amd64 holds=amd64',
      ),
    },
  },
  {
    signal: 'cache-mount-lost',
    shows: [{ log: headed('[2/2] RUN x', '0.1 buildrace: cache-mount marker=a found=no') }],
    clean: {
      log: headed(
        '[2/2] RUN echo buildrace: cache-mount marker=a found=no',
        '0.1 buildrace: cache-mount marker=a found=yes',
      ),
    },
  },
  {
    signal: 'duplicate-step',
    build: { mustRunOnce: ['WORKDIR /made'] },
    shows: [
      {
        log:
          headed('[linux/amd64->arm64 tools 4/5] WORKDIR /made', 'DONE 0.0s') +
          headed('[linux/amd64 tools 4/5] WORKDIR /made', 'DONE 0.0s').replaceAll('#5', '#6'),
      },
    ],
    clean: {
      log:
        headed('[linux/amd64->arm64 tools 4/5] WORKDIR /made', 'DONE 0.0s') +
        headed('[linux/amd64 tools 4/5] WORKDIR /made', 'CACHED').replaceAll('#5', '#6') +
        headed('[linux/amd64 other 4/5] WORKDIR /made', 'DONE 0.0s').replaceAll('#5', '#7'),
    },
  },
  {
    signal: 'output-lost',
    build: { meantToFail: true },
    shows: [
      { log: failing, exitCode: 1 },
      { log: silent, exitCode: 1 },
    ],
    clean: { log: failing, exitCode: 1 },
  },
  {
    signal: 'source-lost',
    build: { meantToFail: true },
    shows: [
      { log: failing + source, exitCode: 1 },
      { log: failing, exitCode: 1 },
    ],
    clean: { log: failing + source, exitCode: 1 },
  },
  {
    signal: 'builder-crashed',
    shows: [
      {
        log: 'error: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF\n',
        exitCode: 1,
      },
    ],
    clean: { log: headed('[2/2] RUN x', '0.1 code = Unavailable', 'DONE 0.1s') },
  },
];

describe.each(cases)('$signal', ({ signal, build, shows: [first, second], clean }) => {
  test('is seen', async ({ bench }) => {
    await bench.answers({ a: first, b: second ?? clean });
    const { exitCode, stdout } = await bench.run(reproduction(detailFor(signal, build)).script);
    expect(stdout).toMatch(
      /\niteration 1 \(exit codes: a \d, b \d\): seen\n {4}\S.*[\s\S]*\nseen in 1 of 1 iterations$/,
    );
    expect(exitCode).toBe(0);
  });

  test('is not seen where it is not', async ({ bench }) => {
    await bench.answers({ a: clean, b: clean });
    const { exitCode, stdout } = await bench.run(reproduction(detailFor(signal, build)).script);
    expect(stdout).toMatch(/: not seen\nseen in 0 of 1 iterations$/);
    expect(exitCode).toBe(1);
  });
});

test('a build that failed of something else does not count', async ({ bench }) => {
  await bench.answers({ a: { log: failing, exitCode: 1 }, b: { log: '' } });
  const { exitCode, stdout } = await bench.run(reproduction(detailFor('cache-mount-lost')).script);
  expect(stdout).toContain('does not count: a build ended otherwise than it should');
  expect(stdout).toMatch(/\nseen in 0 of 0 iterations$/);
  expect(exitCode).toBe(2);
});

test('a signal that plain programs do not see leaves exit codes', async ({ bench }) => {
  const made = reproduction(detailFor('copy-from-early'));
  expect(made.leavesOut).toContain('it does not look for copy-from-early: plain programs do not see it');
  await bench.answers({ a: { log: failing, exitCode: 1 }, b: { log: '' } });
  expect((await bench.run(made.script)).stdout).toContain('exit code 1');
});

plain('signs that read BuildKit’s steps are left out for builders that print none', () => {
  const { leavesOut } = reproduction(detailFor('platform-drift', {}, 'podman'));
  expect(leavesOut).toContain("it does not look for platform-drift: it reads BuildKit's output only");
});

plain('a simulated run, and one without an arm, have none', () => {
  expect(reproductionOf(detailFor('platform-drift', {}, 'simulated'))).toHaveProperty('none');
  expect(reproductionOf(detailOf([], 'buildctl', []))).toHaveProperty('none');
  const skipped = plannedArm({ skipped: 'no emulation' });
  expect(reproductionOf(detailOf([skipped], 'buildctl', [dockerfile]))).toHaveProperty('none');
});

describe('wrong use ends with 2', () => {
  test.for([
    [['sideways'], {}],
    [['control'], {}],
    [['reproduce', 'alone'], {}],
    [[], { ITERATIONS: 'x' }],
    [[], { ITERATIONS: '0' }],
    [[], { PATH: '/usr/bin:/bin' }],
  ] as const)('%j %j', async ([args, env], { bench }) => {
    const { script } = reproduction(detailFor('platform-drift'));
    const { exitCode, stderr, calls } = await bench.run(script, { args, env });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^reproduce\.sh: .+$/);
    expect(calls).toEqual([]);
  });
});
