import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test as plain } from 'vitest';
import { armList } from '../../../src/reports/issue/description.js';
import { hasOtherDelays, launchText } from '../../../src/reports/launch-text.js';
import type { RunDetail } from '../../../src/results/detail.js';
import type { SignalResult } from '../../../src/results/result.js';
import type { Plan, PlannedArm, PlannedBuild } from '../../../src/scenario/plan.js';
import { plannedArm, plannedBuild, plannedLane } from '../../results/sample-run.js';
import { detailOf } from './planned-detail.js';
import { reproduction, test } from './script-run.js';

const file = (content: string) => ({ path: 'Dockerfile', sha256: '', content, encoding: 'utf8' as const });

function armOf(
  more: Partial<PlannedArm> = {},
  build: Partial<PlannedBuild> = {},
  delays = [0, 0],
): PlannedArm {
  const lanes = ['a', 'b'].map((name, i) =>
    plannedLane(name, {
      delayMs: delays[i] ?? 0,
      build: { ...plannedBuild, buildArgs: { LANE: name }, ...build },
    }),
  );
  return plannedArm({
    name: 'racy',
    title: 'The second 0.2 s behind',
    expects: ['copy-from-failed'],
    steps: [{ step: 'build', together: true, lanes }],
    ...more,
  });
}

function detailFor(arms: readonly PlannedArm[] = [armOf()], dockerfile = 'FROM scratch\n', kind = 'buildx') {
  return detailOf(arms, kind, [file(dockerfile)]);
}

/** As the run would have seen the fault: count and of by arm. */
function seeing(detail: RunDetail, counts: Readonly<Record<string, readonly [number, number]>>): RunDetail {
  const [sample] = detail.result.arms;
  const [signal] = sample?.signals ?? [];
  if (sample === undefined || signal === undefined) throw new Error('the sample has no arm with a signal');
  const arms = Object.entries(counts).map(([name, [count, of]]) => {
    const seen: SignalResult = { ...signal, signal: 'copy-from-failed', iterations: { count, of, blind: 0 } };
    return { ...sample, name, signals: [seen] };
  });
  return { ...detail, result: { ...detail.result, arms } };
}

describe('how it is called', () => {
  const control = plannedArm({ name: 'calm', role: 'control', of: 'racy', expects: [] });
  const alone = plannedArm({ name: 'single', role: 'alone', of: 'racy', expects: [] });
  const detail = detailFor([armOf(), control, alone]);

  plain('tells of each arm what the run saw', () => {
    const { usage } = reproduction(seeing(detail, { racy: [3, 4], calm: [0, 5], single: [2, 6] }));
    expect(usage.slice(0, 3)).toEqual([
      '`sh reproduce.sh` shows the fault.',
      '`sh reproduce.sh control` carries out the control, which in the run was clean in 5 of 5 iterations.',
      '`sh reproduce.sh alone` carries out the builds one at a time, which in the run showed it in 2 of 6 iterations.',
    ]);
  });

  plain('promises nothing that the run did not see', () => {
    const { usage } = reproduction(seeing(detail, { racy: [0, 4] }));
    expect(usage.slice(0, 3)).toEqual([
      '`sh reproduce.sh` carries out the builds; the run did not see the fault.',
      '`sh reproduce.sh control` carries out the control, of which the run tells nothing.',
      '`sh reproduce.sh alone` carries out the builds one at a time, of which the run tells nothing.',
    ]);
  });
});

describe('the head of the script', () => {
  const seen = seeing(detailFor(), { racy: [3, 4] });
  const headOf = (plan: Partial<Plan>) => reproduction({ ...seen, plan: { ...seen.plan, ...plan } }).script;
  const builder = { ...seen.plan.builder, kind: 'buildctl', version: 'v0.32.2' };

  plain('tells how often the run saw it, and a client’s version is not the daemon’s', () => {
    const flat = (text: string) => text.replaceAll(/\n# /g, ' ');
    expect(flat(headOf({ builder: { ...builder, daemonVersion: 'v0.10.4' } }))).toContain(
      'Iterations that showed it with buildctl v0.32.2 (daemon v0.10.4): copy-from-failed: reproduce 3 of 4.',
    );
    expect(flat(headOf({ builder: { ...builder, daemonVersion: null } }))).toContain(
      'with buildctl v0.32.2 (daemon of a version not known):',
    );
  });

  plain('gives no rate where the run stopped at the first sight', () => {
    const script = headOf({ stopping: { rule: 'first' } });
    expect(script).toContain('# The run stopped at the first sight of it, and measured no rate.');
    expect(script).not.toContain('3 of 4');
  });
});

describe('symbolic links and file modes are told to be missing', () => {
  plain.for([
    ['COPY . /x', true],
    ['ADD --chown=1 x /x', true],
    ['RUN --mount=type=bind,target=/x true', true],
    ['COPY --chown=1 --from=b /x /x', false],
    ['RUN --mount=type=bind,from=b,target=/x true', false],
    ['RUN echo COPY . /x', false],
  ] as const)('%s: %s', ([line, isTold]) => {
    const { leavesOut } = reproduction(detailFor([armOf()], `FROM scratch\n${line}\n`));
    expect(leavesOut.some((one) => one.startsWith('symbolic links and file modes'))).toBe(isTold);
  });

  plain('not where the context is made', () => {
    const detail = detailFor([armOf({}, { context: 'made' })], 'FROM scratch\nCOPY . /x\n');
    expect(reproduction(detail).leavesOut.join()).not.toContain('symbolic links');
  });
});

plain('values that were taken out are told of, each once', () => {
  const build = {
    buildArgs: { A: 'REDACTED-github-token-1', B: 'xREDACTED-', C: 'REDACTED-github-token-1' },
  };
  const { script, leavesOut } = reproduction(detailFor([armOf({}, build)], '# REDACTED-npm-token-12\n'));
  const told =
    'REDACTED-npm-token-12 and REDACTED-github-token-1 stand for values that were taken out: put your own in';
  expect(leavesOut[0]).toBe(told);
  expect(script.split('set -u')[0]?.replaceAll('\n# ', ' ')).toContain(`${told}.`);
  expect(reproduction(detailFor([armOf({}, { buildArgs: { A: 'REDACTED-secret-1' } })])).leavesOut[0]).toBe(
    'REDACTED-secret-1 stands for a value that was taken out: put your own in',
  );
  expect(reproduction(detailFor()).leavesOut.join()).not.toContain('REDACTED');
});

test('the cache of somebody else’s builder is emptied on demand only', async ({ bench }) => {
  const { steps } = armOf();
  const made = reproduction(detailFor([armOf({ steps: [{ step: 'prune' }, ...steps] })]));
  expect(made.usage.join()).toContain('`DESTRUCTIVE=1`');
  expect(made.script.split('set -u')[0]).toContain('EMPTIES THE WHOLE CACHE');
  const refused = await bench.run(made.script);
  expect([refused.exitCode, refused.calls]).toEqual([2, []]);
  expect(refused.stderr).toContain('set DESTRUCTIVE=1');
  const { calls } = await bench.run(made.script, { env: { DESTRUCTIVE: '1' } });
  expect(calls[0]).toEqual(['docker', 'buildx', 'prune', '--all', '--force']);
  expect(reproduction(detailFor()).script).not.toContain('DESTRUCTIVE');
});

describe('delays that a title cannot know', () => {
  const arm = armOf({}, {}, [5, 34.25]);
  const told = 'racy: a first, b 29.25 ms later';
  const detail = detailFor([arm]);
  const { plan } = detail;
  const point = { arm: 'racy', factors: { delay: '29' } };
  const changes: readonly (readonly [string, Plan, boolean])[] = [
    ['--delay', { ...plan, again: 'buildrace run x --delay 5,34' }, true],
    ['a search', { ...plan, window: { phase: 'confirm', searched: [], runs: [] } }, true],
    ['a sweep', { ...plan, arms: [{ ...arm, point }] }, true],
    ['nothing', { ...plan, again: 'buildrace run x --delayed' }, false],
  ];
  plain.for(changes)('%s', ([, changed, isTold]) => {
    const { script } = reproduction({ ...detail, plan: changed });
    expect(script.split(told)).toHaveLength(isTold ? 3 : 1);
    expect(script.includes('The second 0.2 s behind')).toBe(!isTold);
    const [first = arm] = changed.arms;
    expect(hasOtherDelays(changed, first)).toBe(isTold);
    const subject = { arm: { ...detail.result.arms[0], ...first }, beside: [] } as never;
    const list = armList({ ...detail, plan: changed }, subject);
    expect(list.includes('; in this run: a first, b 29.25 ms later')).toBe(isTold);
  });

  plain('are said in words', () => {
    const [step] = armOf().steps;
    if (step?.step !== 'build') throw new Error('it builds');
    expect(launchText(armOf({ steps: [step, { step: 'prune' }, { ...step, together: false }] }))).toBe(
      'a, b together; then a, b one at a time',
    );
    expect(launchText(armOf({ steps: [{ ...step, lanes: step.lanes.slice(1) }] }))).toBe('b alone');
  });
});

test('a folder for logs may begin with a hyphen', async ({ bench }) => {
  const { script } = reproduction(detailFor([armOf({ expects: ['build-failed'] })]));
  const { exitCode, stderr } = await bench.run(script, { env: { LOGS: '-x' } });
  expect([exitCode, stderr]).toEqual([1, '']);
  expect(await readFile(path.join(bench.folder, '-x/reproduce-1/a.exit'), 'utf8')).toBe('0\n');
});

describe('a daemon of its own', () => {
  const daemon = { snapshotter: null, flags: [], keepMegabytes: null, cpus: null };
  const { script } = reproduction(
    detailFor([armOf({ daemon, expects: ['build-failed'] })], 'FROM scratch\n', 'buildkitd'),
  );

  test('needs root', async ({ bench }) => {
    const { exitCode, stderr } = await bench.run(script, { env: { USER_ID: '1000' } });
    expect([exitCode, stderr]).toEqual([2, 'reproduce.sh: it starts a buildkitd, and has to run as root']);
  });

  test.for([
    ['debug = true', 2],
    ['[otel]\n  socketPath = "/x"', 1],
  ] as const)('has one table for traces beside %j', async ([config, tables], { bench }) => {
    await mkdir(bench.answersFolder, { recursive: true });
    const at = path.join(bench.answersFolder, 'buildkitd.toml');
    await writeFile(at, `${config}\n`);
    const kept = script.replace('reproduce() {', 'reproduce() {\n  cp "$work/buildkitd.toml" "$LOGS/kept"');
    await bench.run(kept, { env: { BUILDKITD_CONFIG: at } });
    const written = await readFile(path.join(bench.folder, 'logs/kept'), 'utf8');
    expect(written.split('[otel]')).toHaveLength(2);
    expect(written.split('\n').filter((line) => line.startsWith('  socketPath'))).toHaveLength(1);
    expect(written.includes('otel.sock')).toBe(tables === 2);
  });
});
