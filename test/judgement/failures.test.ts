import { describe, expect, test } from 'vitest';
import {
  errorSignature,
  type FailedBuild,
  FailureCounter,
  groupFailures,
} from '../../src/judgement/failures.js';
import { parseLog } from '../../src/progress/parse.js';
import type { LogLine, Timeline } from '../../src/progress/timeline.js';
import type { FailureGroup } from '../../src/results/result.js';
import { line, step, timeline } from '../detectors/timelines.js';
import { recordedLogs } from '../fuzz/recorded.js';

describe('the signature of an error', () => {
  const alike: readonly (readonly [string, string, string])[] = [
    [
      'random names of BuildKit, and numbers in quoted paths',
      'error: failed to solve: failed to compute cache key: failed to calculate checksum of ref t1uockouekz69b6tqdmcpk15t::yri29mls4comu3j18fnp3ibr6: "/install/src/d9/f100.txt": not found',
      'failed to calculate checksum of ref 2sko47c9upu9v8h2696fh0cqd::mqtno1bp85weghic5hsdkzp4d: "/install/src/d12/f7.txt": not found',
    ],
    [
      'digests in file names',
      'error from sender: open /var/lib/container-builder-shim/fssync/577521efb5c0ed34828658a9db9c7f1325f85184a71032cee734e600d6fb5edc.tar: no such file or directory',
      'error from sender: open /var/lib/container-builder-shim/fssync/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.tar: no such file or directory',
    ],
    [
      'snapshots and digests',
      'failed to prepare extraction snapshot "extract-858612528-gZrz sha256:0a1b2c3d4e5f": parent snapshot sha256:ffee00112233 does not exist: not found',
      'failed to prepare extraction snapshot "extract-91-a_3-  sha256:1111222233334444": parent snapshot sha256:0123456789ab does not exist: not found',
    ],
    [
      'temporary folders and ports',
      'failed to read /tmp/buildkit-mount4012312/x: dial tcp 127.0.0.1:43127: refused',
      'failed to read /tmp/buildkit-mount99/x: dial tcp 127.0.0.1:5000: refused',
    ],
    [
      'UUIDs and hex',
      'no job 123e4567-e89b-12d3-a456-426614174000 in 34a640348602',
      'no job 00000000-1111-2222-3333-444444444444 in deadbeef00',
    ],
    [
      'wrappers of clients',
      'ERROR: failed to build: failed to solve: x is broken',
      'error: failed to solve: rpc error: code = Unknown desc = x is broken',
    ],
    ['what follows the first line', 'broken\nat 17', '  broken\r\nelsewhere'],
  ];
  test.each(alike)('does not depend on %s', (_, a, b) => {
    expect(errorSignature(a)).toBe(errorSignature(b));
  });

  test('is still an error that one can read', () => {
    expect(errorSignature(alike[0]?.[1] ?? '')).toBe(
      'failed to calculate checksum of ref <id>::<id>: "/install/src/d<n>/f<n>.txt": not found',
    );
    expect(errorSignature(alike[1]?.[1] ?? '')).toBe(
      'error from sender: open /var/lib/container-builder-shim/fssync/<hex>.tar: no such file or directory',
    );
    expect(errorSignature('no match for linux/arm64/v8 in sha256:0123456789abcdef')).toBe(
      'no match for linux/arm64/v8 in <digest>',
    );
    expect(errorSignature('"/lib/arm64/9.so": not found')).toBe('"/lib/arm64/<n>.so": not found');
  });

  test.each([
    [
      'process "/bin/sh -c a" did not complete successfully: exit code: 137',
      'process "/bin/sh -c a" did not complete successfully: exit code: 1',
    ],
    ['"/install/payload": not found', '"/install/marker": not found'],
    ['error from sender: unexpected EOF', 'error from sender: archive/tar: invalid tar header'],
  ])('keeps apart: %s', (a, b) => {
    expect(errorSignature(a)).not.toBe(errorSignature(b));
  });

  test('is of bounded length, and something even of a text that is nothing but a wrapper', () => {
    expect([...errorSignature('ab '.repeat(3000))].length).toBeLessThanOrEqual(400);
    expect(errorSignature('error: failed to solve: ')).toBe('failed to solve:');
  });
});

describe('groups of failures', () => {
  const build = (more: Partial<FailedBuild> = {}): FailedBuild => ({
    arm: 'a',
    iteration: 1,
    lane: 'a',
    place: (line) => ({ file: 'iterations/a/0001/a.stderr', line }),
    timeline: timeline([]),
    ...more,
  });
  const counter = (...builds: readonly FailedBuild[]): FailureCounter => {
    const made = new FailureCounter();
    for (const one of builds) made.add(one);
    return made;
  };
  const closing = (text: string, at = 9): Timeline =>
    timeline([], { outcome: 'failed', error: line(at, text) });

  test('the most frequent first, each with its first build and all its arms', () => {
    const first = counter(
      build({ timeline: closing('error: rare') }),
      build({
        iteration: 2,
        lane: 'b',
        // As where stdout and stderr were read as one log.
        place: (line) => ({ file: 'f', line: line - 40 }),
        timeline: closing('error: zone 7 is gone', 41),
      }),
    );
    const second = counter(
      build({ arm: 'z', timeline: closing('error: zone 8 is gone') }),
      build({ arm: 'z', timeline: closing('error: zone 9 is gone') }),
    );
    const groups = groupFailures([first, second]);
    expect(groups.map(({ text, builds, arms }) => [text, builds, arms])).toEqual([
      ['zone <n> is gone', 3, ['a', 'z']],
      ['rare', 1, ['a']],
    ]);
    expect(groups[0]?.example).toEqual({
      arm: 'a',
      iteration: 2,
      lane: 'b',
      file: 'f',
      line: 1,
      text: 'error: zone 7 is gone',
    });
  });

  test('the cause: closing error, else the last step in error, else trouble, else that there is none', () => {
    const survived = step(3, 'RUN a', { status: 'error', error: 'survived' });
    const fatal = step(7, 'RUN b', { status: 'error', error: 'fatal' });
    const trouble = [line(5, 'panic: x')];
    const text = (of: Timeline) => groupFailures([counter(build({ timeline: of }))])[0]?.example;
    expect(text(timeline([survived, fatal], { error: line(9, 'error: closing'), trouble }))).toMatchObject({
      line: 9,
      text: 'error: closing',
    });
    expect(text(timeline([survived, fatal], { trouble }))).toMatchObject({ line: 8, text: 'fatal' });
    expect(text(timeline([], { trouble }))).toMatchObject({ line: 5, text: 'panic: x' });
    expect(text(timeline([], { lines: 12 }))).toMatchObject({ line: 12, text: 'the log names no error' });
    expect(text(timeline([], { lines: 0 }))?.line).toBe(1);
  });

  test('are those of a list of all failed builds, kept to the end', async () => {
    const arms = await Promise.all(
      ['as-reported', 'alone', 'control'].map(async (arm, at) =>
        Promise.all(
          recordedLogs.map(async ({ bytes }, i) => {
            // Each arm meets them from another one on.
            const log = recordedLogs[(i + at * 29) % recordedLogs.length]?.bytes ?? bytes;
            const file = `iterations/${arm}/${i + 1}/a.stderr`;
            const place = (line: number) => ({ file, line });
            return build({ arm, iteration: i + 1, place, timeline: await parseLog([log]) });
          }),
        ),
      ),
    );
    const groups = groupFailures(arms.map((builds) => counter(...builds)));
    expect(groups).toEqual(groupedAtOnce(arms.flat()));
    expect(groups.length).toBeGreaterThan(10);
    expect(groups.some((group) => group.arms.length === arms.length)).toBe(true);
  });

  test('no failure, no group', () => {
    expect(groupFailures([])).toEqual([]);
    expect(groupFailures([counter(), counter()])).toEqual([]);
  });

  test('are asked for any number of times, and nothing is counted twice', () => {
    const [a, b] = [counter(build(), build()), counter(build({ arm: 'z' }))];
    expect(groupFailures([a, b])).toEqual(groupFailures([a, b]));
    expect(groupFailures([a])).toMatchObject([{ builds: 2, arms: ['a'] }]);
  });
});

/** By another way: all builds in a list, each error with its builds. */
function groupedAtOnce(builds: readonly FailedBuild[]): FailureGroup[] {
  const errors = builds.map((one) => ({ ...one, error: ownError(one.timeline) }));
  const texts = errors.map(({ error }) => errorSignature(error.text));
  const groups = [...new Set(texts)].flatMap((text) => {
    const alike = errors.filter((_, i) => texts[i] === text);
    const [first] = alike;
    if (first === undefined) return [];
    const { arm, iteration, lane, error } = first;
    const example = { arm, iteration, lane, ...first.place(error.line), text: error.text };
    return [{ text, builds: alike.length, arms: [...new Set(alike.map((one) => one.arm))], example }];
  });
  return groups.sort((a, b) => b.builds - a.builds || (a.text < b.text ? -1 : 1));
}

function ownError({ error, steps, trouble, lines }: Timeline): LogLine {
  const step = steps.filter(({ status }) => status === 'error').at(-1);
  const ofStep = step && {
    line: step.endLine ?? step.line,
    text: step.error ?? `${step.text} failed without a text`,
  };
  return error ?? ofStep ?? trouble[0] ?? { line: Math.max(1, lines), text: 'the log names no error' };
}
