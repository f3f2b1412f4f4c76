import { chmod, mkdir, rm, symlink, truncate } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { UserError } from '../../src/errors.js';
import { type ReadLane, readIteration } from '../../src/judgement/evidence.js';
import { judgeIteration } from '../../src/judgement/judge.js';
import { hasGap, leftOutLine } from '../../src/progress/left-out.js';
import type { IterationFinished, LaneRecord } from '../../src/results/journal.js';
import type { Plan, PlannedLane } from '../../src/scenario/plan.js';
import {
  iterationFinished,
  laneRecord,
  plannedArm,
  plannedBuild,
  plannedLane,
  samplePlan,
} from '../results/sample-run.js';
import { asNobody } from '../scenario/as-nobody.js';
import { type Folder, test } from '../scenario/folder.js';
import { mkfifoSync } from '../scenario/mkfifo.js';

const planOn = (progressStream: Plan['builder']['progressStream']): Plan =>
  samplePlan({ builder: { ...samplePlan().builder, progressStream } });

const logOf = (lane: string, stream: string): string => `iterations/main/0001/${lane}.${stream}`;

/** Writes what lane a printed, and reads it as evidence. */
async function readOne(
  folder: Folder,
  progressStream: Plan['builder']['progressStream'],
  streams: { readonly stdout?: string; readonly stderr?: string },
  record: Partial<LaneRecord> = {},
): Promise<ReadLane> {
  for (const [stream, text] of Object.entries(streams)) await folder.write(logOf('a', stream), text);
  const event = iterationFinished({ lanes: [laneRecord('a', record)] });
  const { lanes } = await readIteration(folder.path, planOn(progressStream), event);
  const [lane] = lanes;
  if (lane === undefined) throw new Error('no lane was read');
  return lane;
}

const steps =
  '#1 [1/2] FROM docker.io/library/alpine:3.20\n#1 DONE 0.1s\n\n#2 [2/2] RUN false\n#2 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1\n';
const closing =
  'error: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1\n';

describe('the evidence of a lane', () => {
  test('is its log, and what the journal says of its end', async ({ folder }) => {
    const context = { files: 2, sha256: 'abc' };
    const { evidence, record } = await readOne(
      folder,
      'stderr',
      { stderr: steps + closing, stdout: '' },
      { exitCode: 1, context },
    );
    expect(evidence).toMatchObject({ lane: 'a', outcome: 'failed', exitCode: 1, timedOut: false, context });
    expect(evidence.timeline).toMatchObject({
      format: 'plain',
      lines: 6,
      steps: [{ status: 'done' }, { status: 'error' }],
    });
    expect(record.exitCode).toBe(1);
  });

  test('has the outcome of the exit code, whatever the log says', async ({ folder }) => {
    const streams = { stderr: steps + closing };
    expect((await readOne(folder, 'stderr', streams, { exitCode: 0 })).evidence.outcome).toBe('succeeded');
    const killed = await readOne(folder, 'stderr', streams, {
      exitCode: null,
      signal: 'SIGKILL',
      timedOut: true,
    });
    expect(killed.evidence).toMatchObject({ outcome: 'failed', exitCode: null, timedOut: true });
  });

  test('of a lane that hung has the last lines that it had printed when its time was over', async ({
    folder,
  }) => {
    const lines = [
      '#1 [1/1] RUN x',
      '',
      '#1 1.0 one',
      '#1 2.0 two',
      '  ',
      '#1 3.0 three',
      '#1 CANCELED',
      'error: y',
    ];
    const hung = { exitCode: null, signal: 'SIGTERM', timedOut: true, startMs: 5 } as const;
    const { timeoutMs } = samplePlan();
    const rows = [
      [1, 10],
      [6, timeoutMs + 5],
      [7, timeoutMs + 6],
    ].map((row) => JSON.stringify(row));
    const header = '{"schemaVersion":1,"columns":["line","ms"]}';
    await folder.write(`${logOf('a', 'stderr')}.times.jsonl`, `${[header, ...rows].join('\n')}\n`);
    const timed = await readOne(folder, 'stderr', { stderr: `${lines.join('\n')}\n` }, hung);
    expect(timed.evidence.lastLines).toEqual([
      { line: 3, text: '#1 1.0 one' },
      { line: 4, text: '#1 2.0 two' },
      { line: 6, text: '#1 3.0 three' },
    ]);
    // Over both streams, where both are its log; without arrival times, all lines count.
    const both = await readOne(
      folder,
      'stdout',
      { stdout: 'STEP 1/1: RUN x\nhalf a line', stderr: 'z\n' },
      hung,
    );
    expect(both.evidence.lastLines?.map(({ line }) => line)).toEqual([1, 2, 3]);
    const ended = await readOne(folder, 'stderr', { stderr: 'x\n' });
    expect(ended.evidence.lastLines).toBeUndefined();
  });

  test('of a lane that hung names what was kept of it, and follows no link', async ({ folder }) => {
    const hung = { exitCode: null, signal: 'SIGTERM', timedOut: true } as const;
    await folder.write(logOf('a', 'processes.txt'), 'x\n');
    await symlink('/etc/hostname', folder.at(logOf('a', 'goroutines.txt')));
    const read = (more: Partial<LaneRecord>) => readOne(folder, 'stderr', { stderr: 'x\n' }, more);
    expect((await read(hung)).kept).toEqual({
      ...{ processes: logOf('a', 'processes.txt'), goroutines: null, ownDaemon: false },
    });
    expect((await read({})).kept).toBeNull();
  });

  test('is on stderr alone where the builder prints its progress there', async ({ folder }) => {
    const { evidence, place } = await readOne(folder, 'stderr', {
      stdout: `${closing}${closing}`,
      stderr: steps,
    });
    expect(evidence.timeline.lines).toBe(5);
    expect(evidence.timeline.error).toBeNull();
    expect(place(4)).toEqual({ file: logOf('a', 'stderr'), line: 4 });
  });

  test('is both streams where the progress is on stdout: the closing error is on the other', async ({
    folder,
  }) => {
    const { evidence, place } = await readOne(
      folder,
      'stdout',
      { stdout: steps, stderr: closing },
      { exitCode: 1 },
    );
    expect(evidence.timeline.steps).toHaveLength(2);
    expect(evidence.timeline.error).toMatchObject({ line: 6, text: closing.trim() });
    expect(place(5)).toEqual({ file: logOf('a', 'stdout'), line: 5 });
    expect(place(6)).toEqual({ file: logOf('a', 'stderr'), line: 1 });
  });

  test('does not glue the streams together where the first is cut', async ({ folder }) => {
    const { evidence, place } = await readOne(
      folder,
      'stdout',
      { stdout: steps.trimEnd(), stderr: closing },
      { exitCode: 1 },
    );
    expect(evidence.timeline.error).toMatchObject({ line: 6, text: closing.trim() });
    expect(place(6)).toEqual({ file: logOf('a', 'stderr'), line: 1 });
  });

  test('leads every line back to its file and line there', async ({ folder }) => {
    const text = fc
      .array(fc.constantFrom('x', 'é', '\n', '\r', '#1 [1/1] FROM a\n'), { maxLength: 12 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, text, async (stdout, stderr) => {
        const { evidence, place } = await readOne(folder, 'stdout', { stdout, stderr });
        const lines = (of: string): string[] =>
          of.split('\n').slice(0, of.endsWith('\n') || of === '' ? -1 : undefined);
        const expected = [
          ...lines(stdout).map((_, i) => ({ file: logOf('a', 'stdout'), line: i + 1 })),
          ...lines(stderr).map((_, i) => ({ file: logOf('a', 'stderr'), line: i + 1 })),
        ];
        expect(evidence.timeline.lines).toBe(expected.length);
        expect(expected.map((_, i) => place(i + 1))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('is found also where a line lies in a later piece of a long log', async ({ folder }) => {
    const long = `${'x'.repeat(99)}\n`.repeat(5_000);
    const { evidence, place } = await readOne(folder, 'stdout', { stdout: long, stderr: closing });
    expect(evidence.timeline.lines).toBe(5_001);
    expect(place(5_000)).toEqual({ file: logOf('a', 'stdout'), line: 5_000 });
    expect(place(5_001)).toEqual({ file: logOf('a', 'stderr'), line: 1 });
  });
});

describe('the evidence of an iteration', () => {
  test('is that of its lanes, in their order, and what became of the builder', async ({ folder }) => {
    for (const lane of ['a', 'b']) await folder.write(logOf(lane, 'stderr'), lane === 'a' ? steps : '');
    const event = iterationFinished({ builderGone: 'its daemon does not answer' });
    const read = await readIteration(folder.path, planOn('stderr'), event);
    expect(read.event).toBe(event);
    expect(read.evidence.builderGone).toBe('its daemon does not answer');
    expect(read.evidence.lanes.map(({ lane, timeline }) => [lane, timeline.steps.length])).toEqual([
      ['a', 2],
      ['b', 0],
    ]);
  });

  test('of no lane is nothing', async ({ folder }) => {
    const read = await readIteration(folder.path, planOn('stderr'), iterationFinished({ lanes: [] }));
    expect(read).toMatchObject({ lanes: [], evidence: { lanes: [] } });
  });
});

describe('a log', () => {
  async function refusal(
    folder: Folder,
    progressStream: Plan['builder']['progressStream'] = 'stderr',
  ): Promise<string> {
    const error: unknown = await readOne(folder, progressStream, {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }

  test('that is missing is named', async ({ folder }) => {
    expect(await refusal(folder)).toBe(`the log ${logOf('a', 'stderr')} is missing from ${folder.path}`);
    await folder.write(logOf('a', 'stdout'), steps);
    expect(await refusal(folder, 'stdout')).toBe(
      `the log ${logOf('a', 'stderr')} is missing from ${folder.path}`,
    );
  });

  test('that is a link out of the run directory is refused, on the file and on the way to it', async ({
    folder,
  }) => {
    const secret = await folder.write('secret/a.stderr', steps);
    const run: Folder = { ...folder, path: folder.at('run'), at: (...parts) => folder.at('run', ...parts) };
    await mkdir(run.at('iterations/main/0001'), { recursive: true });
    await symlink(secret, run.at(logOf('a', 'stderr')));
    expect(await refusal(run)).toBe(
      `the log ${logOf('a', 'stderr')} is a link that leads out of ${run.path}`,
    );
    await rm(run.at('iterations/main/0001'), { recursive: true });
    await symlink(folder.at('secret'), run.at('iterations/main/0001'));
    expect(await refusal(run)).toBe(
      `the log ${logOf('a', 'stderr')} is a link that leads out of ${run.path}`,
    );
  });

  test('of a run directory that is itself reached by a link is read', async ({ folder }) => {
    await folder.write(`real/${logOf('a', 'stderr')}`, steps);
    await symlink(folder.at('real'), folder.at('link'));
    const event = iterationFinished({ lanes: [laneRecord('a')] });
    const { lanes } = await readIteration(folder.at('link'), planOn('stderr'), event);
    expect(lanes[0]?.evidence.timeline.steps).toHaveLength(2);
  });

  test('that is a folder is refused', async ({ folder }) => {
    await mkdir(folder.at(logOf('a', 'stderr')), { recursive: true });
    expect(await refusal(folder)).toContain('is no file');
  });

  test('that this user may not read is named', async ({ folder }) => {
    await chmod(folder.path, 0o755);
    await chmod(await folder.write(logOf('a', 'stderr'), steps), 0o000);
    const event = iterationFinished({ lanes: [laneRecord('a')] });
    await expect(asNobody(() => readIteration(folder.path, planOn('stderr'), event))).rejects.toThrow(
      `the log ${logOf('a', 'stderr')} cannot be read (permission denied)`,
    );
  });

  test.for([
    { file: 'daemon.log', what: 'log of a daemon' },
    { file: 'a.inline-cache.json', what: 'cache record' },
  ])(
    'with a $what that cannot be read says so, and what is no file says nothing',
    async ({ file }, { folder }) => {
      const image = { name: 'x', digest: 'd', configDigest: 'c' };
      const event = iterationFinished({ lanes: [laneRecord('a', { image })] });
      const readIt = () => readIteration(folder.path, planOn('stderr'), event);
      await chmod(folder.path, 0o755);
      await folder.write(logOf('a', 'stderr'), steps);
      const kept = await folder.write(`iterations/main/0001/${file}`, '{}');
      await chmod(kept, 0o000);
      await expect(asNobody(readIt)).rejects.toThrow(
        new UserError(`${kept} cannot be read (permission denied)`),
      );
      const others = [() => mkdir(kept), () => mkfifoSync(kept), () => symlink('/dev/zero', kept)];
      for (const make of others) {
        await rm(kept, { recursive: true });
        await make();
        const { lanes, evidence } = await readIt();
        expect(evidence).toMatchObject({
          daemonLog: null,
          daemonLogHidden:
            file === 'daemon.log' ? "the daemon's log was not read: it is no regular file" : null,
        });
        expect(lanes[0]?.evidence.image).toEqual({ ...image, inlineCache: null });
      }
    },
  );

  test('that is no log is no error', async ({ folder }) => {
    const file = await folder.write(logOf('a', 'stderr'), '');
    await truncate(file, 100_000);
    const { evidence } = await readOne(folder, 'stderr', {});
    expect(evidence.timeline).toMatchObject({ format: 'unknown', steps: [], bytes: 100_000 });
  });
});

describe('what steps left', () => {
  const log = '#1 [1/1] FROM x\n#1 DONE 0.1s\n';
  const lane = (name: string, more: Partial<PlannedLane['build']> = {}) =>
    plannedLane(name, { build: { ...plannedBuild, ...more } });
  const plan = samplePlan({
    arms: [
      plannedArm({
        steps: [
          { step: 'prune' },
          { step: 'build', together: true, lanes: [lane('a', { mustBeCached: ['RUN one'] })] },
          { step: 'build', together: true, lanes: [lane('b', { mustRunOnce: ['RUN two'] }), lane('c')] },
        ],
      }),
    ],
  });

  test('a lane knows its build step, and what its build has to do', async ({ folder }) => {
    for (const name of ['a', 'b', 'c']) await folder.write(logOf(name, 'stderr'), log);
    const event = iterationFinished({ lanes: ['a', 'b', 'c'].map((name) => laneRecord(name)) });
    const { evidence } = await readIteration(folder.path, plan, event);
    expect(
      evidence.lanes.map(({ step, mustBeCached, mustRunOnce }) => [step, mustBeCached, mustRunOnce]),
    ).toEqual([
      [0, ['RUN one'], []],
      [1, [], ['RUN two']],
      [1, [], []],
    ]);
  });

  test('a lane that was to be cancelled is no evidence, and its log is not read', async ({ folder }) => {
    await folder.write(logOf('b', 'stderr'), log);
    const event = iterationFinished({ lanes: [laneRecord('a', { cancelled: true }), laneRecord('b')] });
    const { evidence, lanes } = await readIteration(folder.path, plan, event);
    expect(evidence.lanes.map(({ lane: name }) => name)).toEqual(['b']);
    expect(lanes).toHaveLength(1);
  });

  test('images come with their inline cache, whose file may be missing, broken or a link', async ({
    folder,
  }) => {
    const image = { name: 'h:1/x', digest: 'sha256:1', configDigest: 'sha256:2' };
    const event = iterationFinished({ lanes: ['a', 'b', 'c'].map((name) => laneRecord(name, { image })) });
    for (const name of ['a', 'b', 'c']) await folder.write(logOf(name, 'stderr'), log);
    await folder.write('iterations/main/0001/a.inline-cache.json', '{"layers":[1]}');
    await folder.write('iterations/main/0001/b.inline-cache.json', '{');
    await symlink(
      await folder.write('other.json', '[]'),
      folder.at('iterations/main/0001/c.inline-cache.json'),
    );
    const { evidence } = await readIteration(folder.path, plan, event);
    expect(evidence.lanes.map((one) => one.image)).toEqual([
      { ...image, inlineCache: { layers: [1] } },
      { ...image, inlineCache: null },
      { ...image, inlineCache: null },
    ]);
  });

  test('the daemon’s log by its lines, and null where it was not ours', async ({ folder }) => {
    await folder.write(logOf('a', 'stderr'), log);
    const event = iterationFinished({ lanes: [laneRecord('a')] });
    const read = async () => (await readIteration(folder.path, plan, event)).evidence.daemonLog;
    expect(await read()).toBeNull();
    await folder.write('iterations/main/0001/daemon.log', 'one\npanic: two\n');
    expect([...((await read()) ?? [])].slice(0, 2)).toEqual([
      { line: 1, text: 'one' },
      { line: 2, text: 'panic: two' },
    ]);
  });

  test.for<[string, string | Buffer]>([
    ['nothing', ''],
    ['no end of its last line', 'one\n\n\ntwo'],
    [
      'long lines',
      `${'x'.repeat(20_000)}\n${'é'.repeat(20_000)}\n${'x€'.repeat(20_000)}\n${'😀'.repeat(9_000)}\n`,
    ],
    ['no UTF-8', Buffer.from([0xff, 10, ...Buffer.alloc(20_000, 0xe2), 10, 0xf0, 0x9f, 10])],
  ])('the daemon’s log is as if it was split whole: %s', async ([, content], { folder }) => {
    await folder.write('iterations/main/0001/daemon.log', content);
    const event = iterationFinished({ lanes: [] });
    const lines = (await readIteration(folder.path, plan, event)).evidence.daemonLog;
    const whole = Buffer.from(content).toString('utf8').split('\n');
    const expected = whole.map((text, i) => ({ line: i + 1, text: text.slice(0, 4096) }));
    expect([...(lines ?? [])]).toEqual(expected);
    // More than one detector may read it.
    expect([...(lines ?? [])]).toEqual(expected);
  });

  test('the daemon’s log hides something where the journal tells of a gap, or nobody reads that much', async ({
    folder,
  }) => {
    await folder.write(logOf('a', 'stderr'), log);
    const hidden = async (more: Partial<IterationFinished> = {}) => {
      const event = iterationFinished({ lanes: [laneRecord('a')], ...more });
      const { evidence } = await readIteration(folder.path, plan, event);
      return evidence.daemonLogHidden;
    };
    const file = 'iterations/main/0001/daemon.log';
    const cut = { keptBytes: 4, leftOutBytes: 1_000, line: 2 };
    expect(await hidden()).toBeNull();
    // A daemon prints what it likes: the line alone proves nothing.
    await folder.write(file, `one\n${leftOutLine(1_000, 2, 9)}\n`);
    expect(await hidden()).toBeNull();
    expect(await hidden({ daemonLogCut: cut })).toBe(
      "the daemon's log was cut: lines were left out of its middle",
    );
    await truncate(folder.at(file), 33 * 1024 * 1024);
    expect(await hidden()).toBe("the daemon's log was not read: it is too large");
  });

  test('a daemon’s log that cannot be looked at makes its signal blind, and not clean', async ({
    folder,
  }) => {
    for (const lane of ['a', 'b']) await folder.write(logOf(lane, 'stderr'), steps);
    await folder.write('iterations/main/0001/daemon.log', 'level=info\n');
    const arm = plannedArm();
    const judged = async (daemonLogCut: IterationFinished['daemonLogCut']) => {
      const sampled = samplePlan({ arms: [arm], signals: ['daemon-error'] });
      const event = iterationFinished({ daemonLogCut });
      const { invalid, sights } = await judgeIteration(folder.path, sampled, arm, event);
      expect(invalid).toBeNull();
      return sights.map(({ signal, findings, blind }) => [signal, findings.length, blind.size]);
    };
    expect(await judged(null)).toEqual([['daemon-error', 0, 0]]);
    expect(await judged({ keptBytes: 4, leftOutBytes: 9, line: 1 })).toEqual([['daemon-error', 0, 1]]);
    await rm(folder.at('iterations/main/0001/daemon.log'));
    await mkdir(folder.at('iterations/main/0001/daemon.log'));
    expect(await judged(null)).toEqual([['daemon-error', 0, 1]]);
  });
});

describe('a log of which the middle was left out', () => {
  const gap = leftOutLine(1_000, 5, 90);
  const exported = '#9 exporting to image\n#9 DONE 0.1s\n';
  const text = `${steps.replaceAll('ERROR: process', 'DONE 0.1s\n#3 ERROR: x')}${gap}\n${exported}`;
  const cut = { stream: 'stderr', keptBytes: 5, leftOutBytes: 1_000 } as const;
  const line = text.split('\n').indexOf(gap) + 1;

  test('is one by the word of the journal', async ({ folder }) => {
    const { evidence } = await readOne(folder, 'stderr', { stderr: text }, { cuts: [{ ...cut, line }] });
    expect(hasGap(evidence.timeline)).toBe(true);
  });

  test('is none because a build printed such a line', async ({ folder }) => {
    const { evidence } = await readOne(folder, 'stderr', { stderr: text });
    expect(evidence.timeline.truncated).toBeNull();
  });

  test('has its gap in the file that the journal names, whatever is printed elsewhere', async ({
    folder,
  }) => {
    const streams = { stdout: `${gap}\n${steps}`, stderr: `x\n${gap}\n${exported}` };
    const { evidence, log } = await readOne(folder, 'stdout', streams, { cuts: [{ ...cut, line: 2 }] });
    expect(hasGap(evidence.timeline)).toBe(true);
    expect(log.place(8)).toEqual({ file: logOf('a', 'stderr'), line: 2 });
  });

  test('is whole for a builder whose other stream was cut', async ({ folder }) => {
    const { evidence } = await readOne(
      folder,
      'stderr',
      { stderr: steps + exported, stdout: gap },
      { cuts: [{ ...cut, stream: 'stdout', line: 1 }] },
    );
    expect(evidence.timeline.truncated).toBeNull();
  });

  test('is cut though the line itself was not met by the parser', async ({ folder }) => {
    const noise = 'no builder prints that\n'.repeat(20_000);
    const { evidence } = await readOne(
      folder,
      'stderr',
      { stderr: `${gap}\n${noise}${steps}${exported}` },
      { cuts: [{ ...cut, line: 1 }] },
    );
    expect(hasGap(evidence.timeline)).toBe(true);
  });
});
