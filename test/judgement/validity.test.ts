import { describe, expect, it } from 'vitest';
import { invalidReason } from '../../src/judgement/validity.js';
import type { IterationFinished, LaneRecord } from '../../src/results/journal.js';
import type { PlannedArm } from '../../src/scenario/plan.js';
import { internal, step, timeline } from '../detectors/timelines.js';
import { plannedArm, plannedLane } from '../results/sample-run.js';
import { built, failedWith, readIteration, readLane } from './sample-judgement.js';

const arm = plannedArm();
const nothing = timeline([], { outcome: 'unknown', format: 'unknown' });

/** Judges lanes a and b; `b` says what is wrong with the second. */
function reasonOf(
  b: { readonly of?: ReturnType<typeof timeline>; readonly record?: Partial<LaneRecord> } = {},
  event: Partial<IterationFinished> = {},
  of: PlannedArm = arm,
): string | null {
  return invalidReason(of, readIteration([readLane('a'), readLane('b', b.of, b.record)], event));
}

describe('an iteration is invalid', () => {
  it('that was spoilt, with the reason that the journal has', () => {
    expect(reasonOf({}, { spoilt: 'no space left on the device' })).toBe('no space left on the device');
  });

  it('with a lane that never started', () => {
    expect(reasonOf({ record: { startMs: null } })).toBe('lane b never started');
    expect(reasonOf({ of: nothing, record: { exitCode: 127 } })).toBe('lane b never started');
    expect(reasonOf({ of: nothing, record: { exitCode: 126 } })).toBe('lane b never started');
  });

  it('with a lane that the journal does not know', () => {
    expect(invalidReason(arm, readIteration([readLane('a')]))).toBe('lane b never started');
    expect(invalidReason(arm, readIteration([]))).toBe('lane a never started');
  });

  it.each(['SIGKILL', 'SIGTERM'])('with a lane that somebody killed by %s', (signal) => {
    expect(reasonOf({ record: { exitCode: null, signal } })).toBe(
      `lane b was killed by ${signal} from outside`,
    );
  });

  it('whose builder was gone before any lane came to a step', () => {
    const lanes = ['a', 'b'].map((name) => readLane(name, nothing, { exitCode: 1 }));
    const gone = { builderGone: 'its daemon does not answer' };
    expect(invalidReason(arm, readIteration(lanes, gone))).toBe(
      'the builder did not answer: its daemon does not answer',
    );
    // To wait for the daemon is no step of a build, also where the client calls it one.
    const text = 'waiting for connection';
    const waiting = timeline([step(3, `[internal] ${text}`, { internal: true, text })], {
      outcome: 'failed',
    });
    const connecting = ['a', 'b'].map((name) => readLane(name, waiting, { exitCode: 1 }));
    expect(invalidReason(arm, readIteration(connecting, gone))).toMatch(/^the builder did not answer/);
    // Nothing else tells that it was the builder.
    expect(invalidReason(arm, readIteration(lanes))).toBeNull();
  });

  it.each([
    ['write /var/lib/buildkit/x: no space left on device', 'no space left on the device'],
    ['mkdir /x: disk quota exceeded', 'the disk quota is used up'],
    ['open /x: too many open files', 'too many open files'],
    ['sh: 3: Cannot fork', 'no more processes allowed'],
    ['sh: fork: retry: Resource temporarily unavailable', 'no more processes allowed'],
    ['fork/exec /usr/bin/runc: resource temporarily unavailable', 'no more processes allowed'],
    ['runtime: failed to create new OS thread (have 5 already; errno=11)', 'no more processes allowed'],
    ['runtime/cgo: pthread_create failed: Resource temporarily unavailable', 'no more processes allowed'],
    ['fork/exec /proc/self/exe: cannot allocate memory', 'out of memory'],
  ])('where any step failed by %j', (error, reason) => {
    expect(reasonOf({ of: failedWith(error) })).toBe(reason);
    const closingOnly = timeline(built.steps, {
      outcome: 'failed',
      error: { line: 9, text: `error: ${error}` },
    });
    expect(reasonOf({ of: closingOnly })).toBe(reason);
  });

  const fetching = [
    ['dial tcp: lookup registry-1.docker.io: no such host', 'the registry’s name was not resolved'],
    ['lookup r: Temporary failure in name resolution', 'the registry’s name was not resolved'],
    ['lookup r on 127.0.0.11:53: server misbehaving', 'the registry’s name was not resolved'],
    ['dial tcp [2600::1]:443: connect: network is unreachable', 'no network'],
    ['dial tcp 10.0.0.1:443: connect: no route to host', 'no network'],
    ['dial tcp 10.0.0.1:443: i/o timeout', 'the registry did not answer in time'],
    ['net/http: TLS handshake timeout', 'the registry did not answer in time'],
    ['failed to do request: context deadline exceeded', 'the registry did not answer in time'],
    ['dial tcp 127.0.0.1:5000: connect: connection refused', 'the registry could not be reached'],
    ['read tcp: connection reset by peer', 'the registry could not be reached'],
    ['toomanyrequests: You have reached your pull rate limit', 'the registry’s rate limit was reached'],
    ['unexpected status: 429 Too Many Requests', 'the registry’s rate limit was reached'],
    ['unexpected status from HEAD request: 503 Service Unavailable', 'the registry failed'],
    ['received unexpected HTTP status: 502 Bad Gateway', 'the registry failed'],
  ] as const;
  it.each(fetching)('where an image could not be fetched: %s', (error, reason) => {
    const fetches = [
      step(1, 'FROM alpine', { instruction: 'FROM', status: 'error', error }),
      internal(1, 'load metadata for docker.io/library/alpine:3.20', { status: 'error', error }),
      internal(1, 'resolve image config for docker.io/docker/dockerfile:1', { status: 'error', error }),
    ];
    for (const one of fetches) expect(reasonOf({ of: timeline([one], { outcome: 'failed' }) })).toBe(reason);
  });

  it('whose lanes did not overlap', () => {
    expect(reasonOf({ record: { startMs: 1_020, endMs: 2_000 } })).toBe(
      'lane a did not overlap with any other',
    );
    const three = plannedArm({
      steps: [{ step: 'build', together: true, lanes: ['a', 'b', 'c'].map((name) => plannedLane(name)) }],
    });
    const lanes = [readLane('a'), readLane('b'), readLane('c', built, { startMs: 1_020, endMs: 1_030 })];
    expect(invalidReason(three, readIteration(lanes))).toBe('lane c did not overlap with any other');
  });

  it('whose lane was delayed beyond the end of the other', () => {
    const lanes = [
      readLane('a', built, { endMs: 45 }),
      readLane('b', built, { delayMs: 50, startMs: 51, endMs: 90 }),
    ];
    expect(invalidReason(arm, readIteration(lanes))).toBe('lane a did not overlap with any other');
  });

  it('whose lanes did not overlap in one of its steps', () => {
    const twoSteps = plannedArm({
      steps: [
        { step: 'build', together: true, lanes: [plannedLane('a'), plannedLane('b')] },
        { step: 'build', together: true, lanes: [plannedLane('c'), plannedLane('d')] },
      ],
    });
    // Times count from each step's own gate, so that c and d lie beside a and b without having met them.
    const lanes = [
      readLane('a'),
      readLane('b'),
      readLane('c', built, { startMs: 1, endMs: 10 }),
      readLane('d', built, { startMs: 21, endMs: 30 }),
    ];
    expect(invalidReason(twoSteps, readIteration(lanes))).toBe('lane c did not overlap with any other');
  });
});

describe('an iteration is not invalid', () => {
  it('that went as planned', () => {
    expect(reasonOf()).toBeNull();
  });

  it('because a build failed, of whatever it did itself', () => {
    for (const error of [
      'process "/bin/sh -c make" did not complete successfully: exit code: 2',
      'failed to calculate checksum of ref x::y: "/install": not found',
      'error from sender: archive/tar: invalid tar header',
      // Of what is not ready to be read, not of a fork.
      'read pipe: resource temporarily unavailable',
    ]) {
      expect(reasonOf({ of: failedWith(error) })).toBeNull();
    }
  });

  it('because a build failed with 126 or 127 after it had steps', () => {
    expect(reasonOf({ of: failedWith('exit code: 127'), record: { exitCode: 127 } })).toBeNull();
  });

  it.each(fetchingOutside())('because a step that fetches nothing says %j', (error) => {
    expect(reasonOf({ of: failedWith(error) })).toBeNull();
    expect(reasonOf({ of: failedWith(error, { instruction: 'COPY', from: 'builder' }) })).toBeNull();
  });

  it('because of an error that the build survived', () => {
    const survived = timeline([step(1, 'RUN x', { status: 'error', error: 'no space left on device' })]);
    expect(reasonOf({ of: survived })).toBeNull();
  });

  it('because its builder died while steps ran: that is a find', () => {
    const lost = failedWith('rpc error: code = Unavailable desc = error reading from server: EOF');
    expect(reasonOf({ of: lost }, { builderGone: 'its daemon does not answer' })).toBeNull();
  });

  it('because a lane died of a signal of its own', () => {
    expect(reasonOf({ record: { exitCode: null, signal: 'SIGSEGV' } })).toBeNull();
  });

  it('because a lane was delayed, as long as they still overlap', () => {
    expect(reasonOf({ record: { delayMs: 900, startMs: 901, endMs: 2_000 } })).toBeNull();
  });

  it('because both lanes failed at once: their starts are seen a little late', () => {
    const atOnce = [
      readLane('a', failedWith('x'), { startMs: 2.1, endMs: 2.1 }),
      readLane('b', failedWith('x'), { startMs: 2.4, endMs: 2.5 }),
    ];
    expect(invalidReason(arm, readIteration(atOnce))).toBeNull();
  });

  it('because lanes that are alone do not overlap', () => {
    const alone = plannedArm({
      role: 'alone',
      of: 'main',
      expects: [],
      steps: [{ step: 'build', together: false, lanes: [plannedLane('a'), plannedLane('b')] }],
    });
    expect(reasonOf({ record: { startMs: 1_020, endMs: 2_000 } }, {}, alone)).toBeNull();
  });

  it('because a single lane overlaps with nobody', () => {
    const single = plannedArm({ steps: [{ step: 'build', together: true, lanes: [plannedLane('a')] }] });
    expect(invalidReason(single, readIteration([readLane('a')]))).toBeNull();
  });

  it('because not all of three lanes overlap with each other', () => {
    const three = plannedArm({
      steps: [{ step: 'build', together: true, lanes: ['a', 'b', 'c'].map((name) => plannedLane(name)) }],
    });
    const lanes = [
      readLane('a', built, { startMs: 0, endMs: 10 }),
      readLane('b', built, { startMs: 5, endMs: 25 }),
      readLane('c', built, { startMs: 20, endMs: 30 }),
    ];
    expect(invalidReason(three, readIteration(lanes))).toBeNull();
  });
});

function fetchingOutside(): string[] {
  return [
    'dial tcp: lookup x: no such host',
    'connection refused',
    'connection reset by peer',
    'context deadline exceeded',
  ];
}

describe('what the environment did', () => {
  const buildah = [
    'Error: 2 errors occurred:',
    '\t* initializing source docker://alpine:3.20: pinging container registry:',
    'Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
  ].join('\n');
  const fromOnly = timeline([step(1, 'FROM alpine:3.20', { instruction: 'FROM', status: 'unfinished' })], {
    outcome: 'failed',
  });

  const judged = (of: ReturnType<typeof timeline>, tail: string): string | null =>
    invalidReason(arm, readIteration([readLane('a'), { ...readLane('b', of), tail }]));

  it('is told from the end of the log where no instruction ran', () => {
    expect(judged(fromOnly, buildah)).toBe('the registry’s name was not resolved');
  });

  it('is told there of the machine, too: a client that gets no process says nothing else', () => {
    expect(judged(timeline([], { outcome: 'failed' }), 'sh: 3: Cannot fork')).toBe(
      'no more processes allowed',
    );
  });

  it('is not told from what a step may have printed', () => {
    const ran = timeline([step(1, 'RUN x', { instruction: 'RUN', status: 'error', error: 'exit 1' })], {
      outcome: 'failed',
    });
    expect(judged(ran, buildah)).toBeNull();
    expect(judged(ran, 'sh: 3: Cannot fork')).toBeNull();
  });

  it('is not the daemon that refuses on its own socket', () => {
    expect(judged(fromOnly, 'error: dial unix /run/bk.sock: connect: connection refused')).toBeNull();
  });

  it('and a lane that the harness ended at its limit is a find, not a fault of the environment', () => {
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      const record = { exitCode: null, signal, timedOut: true };
      expect(reasonOf({ of: failedWith('context canceled'), record })).toBeNull();
    }
  });
});
