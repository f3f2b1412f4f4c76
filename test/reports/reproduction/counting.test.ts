import { describe, expect } from 'vitest';
import type { PlannedLane } from '../../../src/scenario/plan.js';
import type { Signal } from '../../../src/signals.js';
import { plannedArm, plannedBuild, plannedLane } from '../../results/sample-run.js';
import { detailOf } from './planned-detail.js';
import { reproduction, test } from './script-run.js';

const dockerfile = { path: 'Dockerfile', sha256: '', content: 'FROM scratch\n', encoding: 'utf8' } as const;

function detailFor(expects: readonly Signal[], meantToFail = false, hasControl = false) {
  const lanesOf = (...names: readonly string[]) =>
    names.map(
      (name): PlannedLane =>
        plannedLane(name, { build: { ...plannedBuild, buildArgs: { LANE: name }, meantToFail } }),
    );
  const stepsOf = (...names: readonly string[]) => [
    { step: 'build' as const, together: true, lanes: lanesOf(...names) },
  ];
  const arm = plannedArm({ expects: [...expects], steps: stepsOf('a', 'b') });
  const control = plannedArm({
    ...{ name: 'calm', role: 'control', of: arm.name, expects: [], steps: stepsOf('c') },
  });
  return detailOf(hasControl ? [arm, control] : [arm], 'buildctl', [dockerfile]);
}

const step = (name: string, ...lines: readonly string[]): string =>
  [`#5 ${name}`, ...lines.map((line) => `#5 ${line}`), ''].join('\n');
const works = { log: step('[2/2] RUN make', '0.1 made', 'DONE 0.1s') };
const fails = {
  log: `${step('[2/2] RUN make', '0.1 it says why', 'ERROR: exit code: 7')}   2 | >>> RUN make\nerror: failed to solve: exit code: 7\n`,
  exitCode: 1,
};
const silent = { log: 'error: failed to solve: exit code: 7\n', exitCode: 1 };
const offline = {
  log:
    step('[internal] load metadata', 'ERROR: dial tcp 1.2.3.4:443: i/o timeout') +
    'error: dial tcp: i/o timeout\n',
  exitCode: 1,
};

describe('exit codes', () => {
  test.for([
    'dial tcp 1.2.3.4:443: i/o timeout',
    'connect: connection refused',
    'lookup registry: no such host',
    'Unavailable: connection error: desc = "transport"',
    'busybox: failed to resolve source metadata for x',
    'error getting credentials - err: exit status 1',
    'write /x: no space left on device',
    'rpc error: code = Unavailable desc = closing transport',
    'sh: 3: Cannot fork',
    'exec: "runc": executable file not found in $PATH',
  ])('of a build that ended with "%s" are not the fault', async (text, { bench }) => {
    await bench.answers({ a: { log: `error: ${text}\n`, exitCode: 1 }, b: works });
    const { exitCode, stdout } = await bench.run(reproduction(detailFor(['build-failed'])).script);
    expect(stdout).toContain('does not count: a build ended otherwise than it should');
    expect([exitCode, stdout]).toEqual([2, expect.stringMatching(/seen in 0 of 0 iterations$/)]);
  });

  test('of builds that write one blob of a cache at once are', async ({ bench }) => {
    const locked = 'rpc error: code = Unavailable desc = ref layer-sha256:0a locked for 73ms: unavailable';
    await bench.answers({
      a: { log: `error: error writing layer blob: ${locked}\n`, exitCode: 1 },
      b: works,
    });
    const { exitCode, stdout } = await bench.run(reproduction(detailFor(['build-failed'])).script);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/seen in (\d+) of \1 iterations$/)]);
  });

  test('count where a build that succeeded told of the network', async ({ bench }) => {
    await bench.answers({ a: { log: 'i/o timeout, once more\n' }, b: works });
    const { exitCode } = await bench.run(reproduction(detailFor(['build-failed'])).script);
    expect(exitCode).toBe(1);
  });

  test('are looked at by what should be clean at first, also beside other signs', async ({ bench }) => {
    await bench.answers({ a: offline, b: offline, c: works });
    const detail = detailFor(['build-failed', 'cache-export-incomplete'], false, true);
    const { stdout, stderr } = await bench.run(reproduction(detail).script);
    expect(stdout).toContain('iteration 0 (exit codes: c 0) does not count');
    expect(stderr).not.toContain('no build ended as it should');
  });

  test('stop the script where no build works at first', async ({ bench }) => {
    await bench.answers({ a: fails, b: fails, c: fails });
    const detail = detailFor(['build-failed'], false, true);
    const { exitCode, stdout, stderr } = await bench.run(reproduction(detail).script);
    expect([exitCode, stdout]).toEqual([2, 'iteration 0 (exit codes: c 1) does not count']);
    expect(stderr).toContain('error: failed to solve: exit code: 7');
    expect(stderr).toContain('reproduce.sh: no build ended as it should: ');
  });
});

test('builds that all fail, while those of the control work, are the fault from the first iteration on', async ({
  bench,
}) => {
  await bench.answers({ a: fails, b: fails, c: works });
  const { stdout } = await bench.run(reproduction(detailFor(['build-failed'], false, true)).script);
  expect(stdout).toContain(
    'iteration 0 (exit codes: c 0) does not count\niteration 1 (exit codes: a 1, b 1): seen',
  );
  expect(stdout).toMatch(/\nseen in 1 of 1 iterations$/);
});

test('a fault that shows at first in all builds is no reason to stop', async ({ bench }) => {
  const copy = {
    log: step('[x 2/2] COPY --from=y /x /x', 'ERROR: not found'),
    exitCode: 1,
  };
  await bench.answers({ a: copy, b: copy });
  const { stdout } = await bench.run(reproduction(detailFor(['copy-from-failed'])).script);
  expect(stdout).toMatch(/\nseen in 1 of 1 iterations$/);
});

describe('builds that are meant to fail', () => {
  test.for([
    ['one lost what it had to say', fails, silent, 'seen'],
    ['both tell', fails, fails, 'not seen'],
    ['one fails of something else', fails, offline, 'blind'],
    ['both fail of the network', offline, offline, 'blind'],
    ['one does not fail', fails, works, 'otherwise'],
    ['none fails', works, works, 'otherwise'],
  ] as const)('%s', async ([, a, b, expected], { bench }) => {
    await bench.answers({ a, b });
    const { script } = reproduction(detailFor(['output-lost', 'source-lost'], true));
    const { exitCode, stdout, stderr } = await bench.run(script);
    if (expected === 'seen' || expected === 'not seen') {
      const of = expected === 'seen' ? 1 : 0;
      expect(stdout).toMatch(
        new RegExp(
          `\noutput-lost: seen in ${of} of 1\nsource-lost: seen in ${of} of 1\nseen in ${of} of 1 iterations$`,
        ),
      );
      expect([exitCode, stderr]).toEqual([1 - of, '']);
    } else {
      expect([exitCode, stderr.includes('no build ended')]).toEqual([2, stdout.includes('a 0, b 0')]);
      if (!stderr.includes('no build ended'))
        expect(stdout).toMatch(
          new RegExp(`does not count: .*${expected}[\\s\\S]*\nseen in 0 of 0 iterations$`),
        );
    }
  });
});

describe('blind is not clean', () => {
  test.for([
    'platform-drift',
    'copy-from-failed',
    'context-failed',
    'transient-error',
    'cache-miss',
    'duplicate-step',
    'content-mismatch',
    'cache-mount-lost',
    'cache-mount-shared',
    'digest-drift',
  ] as const)('%s', async (signal, { bench }) => {
    const { exitCode, stdout } = await bench.run(reproduction(detailFor([signal])).script);
    expect(stdout).toMatch(/iteration 1 .* does not count: blind, .*\nseen in 0 of 0 iterations$/);
    expect(exitCode).toBe(2);
  });

  test('of two signals only the one that could look counts', async ({ bench }) => {
    await bench.answers({ a: works, b: works });
    const { script } = reproduction(detailFor(['copy-from-failed', 'content-mismatch']));
    const { exitCode, stdout } = await bench.run(script);
    expect(stdout).toMatch(
      /\ncopy-from-failed: seen in 0 of 1\ncontent-mismatch: seen in 0 of 0\nseen in 0 of 1 iterations$/,
    );
    expect(exitCode).toBe(1);
  });
});

test('source-lost is not looked for where the builder shows no source', () => {
  const detail = detailFor(['source-lost'], true);
  for (const kind of ['docker-classic', 'buildah']) {
    const { plan } = detail;
    const { leavesOut } = reproduction({ ...detail, plan: { ...plan, builder: { ...plan.builder, kind } } });
    expect(leavesOut.join()).toContain('it does not look for source-lost');
  }
});
