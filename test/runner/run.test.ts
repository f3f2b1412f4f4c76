import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { describe, expect, vi } from 'vitest';
import { DaemonError } from '../../src/builders/builder.js';
import type { IterationFinished, JournalEvent } from '../../src/results/journal.js';
import type { PlannedArm } from '../../src/scenario/plan.js';
import { appears, isAlive, processesWith, until } from '../processes/alive.js';
import { plannedArm, plannedBuild, plannedLane } from '../results/sample-run.js';
import { type Bench, buildStep, finishedOnes, inShort, test } from './carried-out.js';
import { sh } from './gated.js';
import { answering, gone } from './scripted-builder.js';

const arm = (more: Partial<PlannedArm> = {}): PlannedArm =>
  plannedArm({ steps: [buildStep(['a', 'b'])], ...more });
const run = '2026-01-02t03-04-05-678z-sample-buildctl-x';

/** Builds that meet: none goes on before `$1` of them are there. */
const meet = (count: number): string =>
  `mkdir -p "$folder/met/$tag"; while [ "$(ls "$folder/met" | wc -l)" -lt ${count} ]; do sleep 0.02; done`;
/** Builds that would never end, and do not listen; their ids go to the folder `pids`. */
const stubborn = `trap '' TERM; mkdir -p "$folder/pids"; echo $$ >"$folder/pids/$tag"; while :; do sleep 0.05; done`;

const standStill = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

describe('a run that is carried out', () => {
  test('journals every iteration of every arm in turns, and ends', async ({ bench }) => {
    const { stopped, events } = await bench.carryOut([
      arm({ iterations: 2 }),
      arm({ name: 'control', role: 'control', of: 'main', expects: [], iterations: 1 }),
    ]);
    expect(stopped).toBeNull();
    expect(inShort(events)).toEqual([
      'run-started',
      'warm-up-finished',
      'iteration-started main 1',
      'iteration-finished main 1',
      'iteration-started control 1',
      'iteration-finished control 1',
      'iteration-started main 2',
      'iteration-finished main 2',
      'run-finished',
    ]);
  });

  test('says of each lane what was called, when, and how it ended', async ({ bench }) => {
    const { events } = await bench.carryOut([arm({ iterations: 1 })], {
      script: 'echo "step of $tag" >&2; case $tag in main-b-1:*) exit 4; esac',
    });
    const [finished] = finishedOnes(events);
    expect(finished).toMatchObject({ spoilt: null, builderGone: null, load: expect.any(Number) });
    expect(
      finished?.lanes.map(({ lane, exitCode, signal, timedOut }) => [lane, exitCode, signal, timedOut]),
    ).toEqual([
      ['a', 0, null, false],
      ['b', 4, null, false],
    ]);
    for (const { lane, command, env, startMs, endMs, startedAt, context } of finished?.lanes ?? []) {
      expect(command[0]).toBe('sh');
      expect(command).toContain(`main-${lane}-1:${run}`);
      expect(command).not.toContain('buildrace-gate');
      expect(env).toEqual({ BUILD_OF: 'scripted' });
      expect(startMs).toBeGreaterThanOrEqual(0);
      expect(endMs).toBeGreaterThanOrEqual(startMs ?? Number.POSITIVE_INFINITY);
      expect(new Date(startedAt ?? '').toISOString()).toBe(startedAt);
      expect(context).toBeNull();
      expect(await readFile(bench.at(`run/iterations/main/0001/${lane}.stderr`), 'utf8')).toBe(
        `step of main-${lane}-1:${run}\n`,
      );
    }
  });

  test.for([
    ['is written', 'echo other >"$folder/dockerfiles/Dockerfile"', 'Dockerfile was changed'],
    ['comes', 'touch "$folder/dockerfiles/new"', 'new is new'],
    ['goes', 'rm "$folder/dockerfiles/Dockerfile"', 'Dockerfile is gone'],
    ['goes with the folder', 'rm -r "$folder/dockerfiles"', 'cannot be read'],
  ] as const)(
    'stops where a file %s beside the Dockerfile, and counts no build of it',
    async ([, change, why], { bench }) => {
      await bench.write('dockerfiles/Dockerfile', 'FROM scratch\n');
      const script = `case $tag in main-a-2:*) ${change};; esac`;
      const { stopped, events } = await bench.carryOut([arm({ iterations: 4 })], { script });
      expect(stopped).toMatch(
        /^the scenario is not what it was when the run began .*: put it back, and resume$/,
      );
      expect(stopped).toContain(why);
      expect(finishedOnes(events).map(({ iteration, spoilt }) => [iteration, spoilt])).toEqual([
        [1, null],
        [2, expect.stringContaining(`the scenario changed while it ran: `)],
      ]);
    },
  );

  test('does not mind a Dockerfile that is written again as it was', async ({ bench }) => {
    await bench.write('dockerfiles/Dockerfile', 'FROM scratch\n');
    const script = 'f="$folder/dockerfiles/Dockerfile"; cp "$f" "$f-$tag"; mv "$f-$tag" "$f"';
    const ran = await bench.carryOut([arm({ iterations: 2, steps: [buildStep(['a'])] })], { script });
    expect(ran.stopped).toBeNull();
    expect(finishedOnes(ran.events).map(({ spoilt }) => spoilt)).toEqual([null, null]);
  });

  test('counts no iteration during which this process stood still, and calls no lane of it a hang', async ({
    bench,
  }) => {
    let now = 0;
    const { events } = await bench.carryOut([arm({ iterations: 2 })], {
      // Lanes are over while nobody can hear of it, and their time is as well.
      script: 'echo begun; sleep 0.3',
      plan: { timeoutMs: 1_500 },
      patience: { standstillMs: 1_500 },
      observer: {
        iterationStarted: (_, iteration) => {
          now = iteration;
        },
        laneOutput: () => {
          if (now === 2) setTimeout(standStill, 20, 3_500);
          now = 0;
        },
      },
    });
    expect(finishedOnes(events).map(({ spoilt }) => spoilt)).toEqual([
      null,
      expect.stringMatching(/^buildrace itself stood still for \ds /),
    ]);
    for (const { lanes } of finishedOnes(events))
      expect(lanes.map(({ exitCode, timedOut }) => [exitCode, timedOut])).toEqual([
        [0, false],
        [0, false],
      ]);
  });

  test('tells who watches', async ({ bench }) => {
    const seen: string[] = [];
    await bench.carryOut([arm({ iterations: 1, steps: [buildStep(['a'])] })], {
      script: 'echo out',
      observer: {
        warmUpStarted: ({ name }) => seen.push(`warm-up ${name}`),
        warmUpFinished: (_, failedWith) => seen.push(`warmed up ${failedWith}`),
        iterationStarted: ({ name }, iteration) => seen.push(`start ${name} ${iteration}`),
        laneOutput: (lane, piece) => seen.push(`${lane}: ${piece}`),
        laneEnded: (lane, exitCode) => seen.push(`${lane} ended ${exitCode}`),
        iterationFinished: ({ name }, event) =>
          seen.push(`end ${name} ${event.iteration} ${event.at !== ''}`),
      },
    });
    const lane = ['a: out\n', 'a ended 0'];
    expect(seen).toEqual([
      'warm-up main',
      ...lane,
      'warmed up null',
      'start main 1',
      ...lane,
      'end main 1 true',
    ]);
  });

  test('does not run arms that are skipped, and wakes nobody where all are', async ({ bench }) => {
    const skipped = arm({ name: 'skipped', skipped: 'no emulation', iterations: 3 });
    const none = await bench.carryOut([skipped]);
    expect(inShort(none.events)).toEqual(['run-started', 'run-finished']);
    expect(none.calls).toEqual([]);
    const some = await bench.carryOut([skipped, arm({ iterations: 1 })]);
    expect(finishedOnes(some.events).map((event) => event.arm)).toEqual(['main']);
    expect(some.calls.some((call) => call.includes('skipped'))).toBe(false);
  });

  test('wakes the builder before the first build', async ({ bench }) => {
    const { calls } = await bench.carryOut([arm({ iterations: 1, steps: [buildStep(['a'])] })]);
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['wake', 'build', 'remove', 'build', 'remove']);
  });

  test('gives arms that have shown enough no more iterations, and the others theirs', async ({ bench }) => {
    const { stopped, events } = await bench.carryOut(
      [arm({ name: 'one', iterations: 9 }), arm({ name: 'other', iterations: 3 })],
      {
        plan: { seed: 7 },
        async rule(event: IterationFinished) {
          // The iteration is in the journal before anybody may judge it.
          const last = inShort(await bench.events()).at(-1);
          expect(last).toBe(`iteration-finished ${event.arm} ${event.iteration}`);
          return event.arm === 'one' && event.iteration >= 2 ? new Set(['one']) : new Set();
        },
      },
    );
    const done = finishedOnes(events).map(({ arm: name, iteration }) => `${name} ${iteration}`);
    expect(done.filter((text) => text.startsWith('other'))).toHaveLength(3);
    // Asked after the other arm's second iteration, the rule takes its word back, as a rule may.
    expect(done.filter((text) => text.startsWith('one')).slice(0, 2)).toEqual(['one 1', 'one 2']);
    expect(stopped).toBeNull();
    expect(events.at(-1)).toMatchObject({ event: 'run-finished' });
  });

  test('ends once all arms have shown enough, as a run that is finished', async ({ bench }) => {
    const asked: number[] = [];
    const { stopped, events } = await bench.carryOut([arm({ iterations: 9 })], {
      rule: (event) => {
        asked.push(event.iteration);
        return Promise.resolve(new Set(event.iteration === 2 ? ['main'] : []));
      },
    });
    expect(asked).toEqual([1, 2]);
    expect(stopped).toBeNull();
    expect(events.at(-1)).toMatchObject({ event: 'run-finished' });
  });

  test('begins no iteration after its time limit, and keeps those that were finished', async ({ bench }) => {
    const none = await bench.carryOut([arm({ iterations: 9 })], { plan: { maxTimeMs: 1 } });
    expect(none.stopped).toBe('the time limit of 1ms was reached');
    expect(finishedOnes(none.events)).toEqual([]);
    expect(none.events.at(-1)).toMatchObject({ event: 'run-stopped', reason: none.stopped });
  });

  test('leaves its temporary folder as it found it, and keeps no context in it between iterations', async ({
    bench,
  }) => {
    const during: string[][] = [];
    const makeContext = {
      step: 'make-context',
      name: 'files',
      files: 1,
      each: 'iteration',
      bytes: { min: 1, max: 1 },
      like: null,
    } as const;
    const { leftovers } = await bench.carryOut(
      [arm({ iterations: 2, steps: [makeContext, buildStep(['a'])] })],
      {
        rule: async () => {
          const [scratch = ''] = await readdir(bench.at('tmp'));
          during.push(await readdir(bench.at('tmp', scratch)));
          return new Set();
        },
      },
    );
    expect(during).toEqual([
      ['gate', 'owner.json'],
      ['gate', 'owner.json'],
    ]);
    expect(leftovers).toEqual([]);
  });

  test('hands a fault of the tool on, cleaned up', async ({ bench }) => {
    const carried = bench.carryOut([arm({ iterations: 1 })], {
      builder: {
        build: () => {
          throw new Error('a bug');
        },
      },
    });
    await expect(carried).rejects.toThrow('a bug');
    expect(await readdir(bench.at('tmp'))).toEqual([]);
  });

  test('says where no temporary folder can be made', async ({ bench }) => {
    vi.stubEnv('TMPDIR', bench.at('none'));
    await expect(bench.carryOut([arm()])).rejects.toThrow(
      /^no scratch folder can be made \(.*\); set TMPDIR/,
    );
  });
});

describe('lanes', () => {
  test('of a step are let go together', async ({ bench }) => {
    // Builds that were run one at a time would never meet.
    const { events } = await bench.carryOut([arm({ iterations: 1 })], {
      script: `case $tag in *-0:*) exit 0; esac; ${meet(2)}`,
    });
    expect(finishedOnes(events)[0]?.lanes.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  test('of an alone arm run one at a time', async ({ bench }) => {
    const { events, calls } = await bench.carryOut(
      [arm({ iterations: 1, steps: [buildStep(['a', 'b', 'c'], false)] })],
      {
        script: 'mkdir "$folder/alone" || exit 9; sleep 0.05; rmdir "$folder/alone"',
      },
    );
    expect(finishedOnes(events)[0]?.lanes.map(({ lane, exitCode }) => [lane, exitCode])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 0],
    ]);
    expect(calls.filter((call) => /^build .*-1:/.test(call))).toEqual(
      ['a', 'b', 'c'].map((lane) => `build main-${lane}-1:${run}`),
    );
  });

  test('of a later step start when those of the earlier one have ended', async ({ bench }) => {
    const { events } = await bench.carryOut(
      [arm({ iterations: 1, steps: [buildStep(['a', 'b']), buildStep(['c'])] })],
      {
        script:
          'case $tag in *-c-1:*) [ -e "$folder/ended-a" ] && [ -e "$folder/ended-b" ];; *-[ab]-1:*) sleep 0.05; : >"$folder/ended-$(echo "$tag" | cut -d- -f2)";; esac',
      },
    );
    expect(finishedOnes(events)[0]?.lanes.map(({ lane, exitCode }) => [lane, exitCode])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 0],
    ]);
  });

  test('get their placeholders filled in, and the rest of the plan as it stands', async ({ bench }) => {
    const build = {
      ...plannedBuild,
      dockerfile: 'sub/Dockerfile',
      buildArgs: { SALT: '{run}/{arm}/{lane}/{iteration}', RAW: '$(x) {other}' },
    };
    await bench.carryOut([arm({ iterations: 1, steps: [buildStep([plannedLane('a', { build })])] })], {
      script: 'printf "%s\\n%s\\n%s\\n" "$args" "$dockerfile" "$context"',
    });
    expect(await readFile(bench.at('run/iterations/main/0001/a.stdout'), 'utf8')).toBe(
      `SALT=${run}/main/a/1\nRAW=$(x) {other}\n${bench.at('dockerfiles/sub/Dockerfile')}\n${bench.at('dockerfiles')}\n`,
    );
  });

  test('end at the time limit of the plan', async ({ bench }) => {
    const { events } = await bench.carryOut([arm({ iterations: 1 })], {
      script: 'case $tag in main-b-1:*) while :; do sleep 0.05; done; esac',
      plan: { timeoutMs: 1_000 },
    });
    expect(finishedOnes(events)[0]?.lanes.at(-1)).toMatchObject({
      lane: 'b',
      exitCode: null,
      signal: 'SIGTERM',
      timedOut: true,
    });
  });
});

describe('the warm-up', () => {
  const withDockerfile = (
    dockerfile: string,
    name: string,
    more: Partial<PlannedArm['steps'][number]> = {},
  ): PlannedArm =>
    arm({
      name,
      iterations: 1,
      steps: [
        {
          ...buildStep(
            ['a', 'b'].map((lane) =>
              plannedLane(lane, {
                delayMs: 30,
                build: { ...plannedBuild, dockerfile, tags: [`${name}-{lane}-{iteration}:{run}`] },
              }),
            ),
          ),
          ...more,
        } as PlannedArm['steps'][number],
      ],
    });

  test('builds every Dockerfile once, with one lane, before anything counts', async ({ bench }) => {
    const { calls, events } = await bench.carryOut([
      withDockerfile('A', 'first'),
      withDockerfile('B', 'second'),
      withDockerfile('A', 'third', { together: false }),
    ]);
    const builds = calls.filter((call) => call.startsWith('build'));
    expect(builds.slice(0, 2)).toEqual([`build first-a-0:${run}`, `build second-a-0:${run}`]);
    expect(builds.filter((call) => call.includes('-0:'))).toHaveLength(2);
    expect(events.filter(({ event }) => event === 'warm-up-finished')).toMatchObject([
      { dockerfile: 'A', exitCode: 0, tail: null },
      { dockerfile: 'B', exitCode: 0, tail: null },
    ]);
    expect(inShort(events).indexOf('iteration-started first 1')).toBe(3);
    expect(finishedOnes(events)).toHaveLength(3);
  });

  test('builds the Dockerfile of every lane, and every target and platform', async ({ bench }) => {
    const lanes = [
      {},
      { dockerfile: 'B' },
      { target: 't' },
      { platforms: ['linux/s390x'] },
      { noCache: false },
    ].map((more, i) =>
      plannedLane(`lane${i}`, { build: { ...plannedBuild, tags: ['{lane}-{iteration}:{run}'], ...more } }),
    );
    const { calls } = await bench.carryOut([arm({ iterations: 1, steps: [buildStep(lanes)] })]);
    expect(calls.filter((call) => /^build lane\d-0:/.test(call)).map((call) => call.slice(6, 11))).toEqual([
      'lane0',
      'lane1',
      'lane2',
      'lane3',
    ]);
  });

  test('keeps its logs apart, and no iteration of them', async ({ bench }) => {
    await bench.carryOut([arm({ iterations: 1 })], { script: 'echo "$tag" >&2' });
    expect(await readFile(bench.at('run/warm-up/main/a.stderr'), 'utf8')).toBe(`main-a-0:${run}\n`);
    expect(await readdir(bench.at('run/iterations/main'))).toEqual(['0001']);
  });

  test('that fails is told with its last lines, and stops nothing', async ({ bench }) => {
    const told: (string | null)[] = [];
    const { events } = await bench.carryOut([arm({ iterations: 1 })], {
      script: 'case $tag in *-0:*) echo "no such image" >&2; exit 1; esac',
      observer: { warmUpFinished: (_, failedWith) => told.push(failedWith) },
    });
    expect(events[1]).toMatchObject({ event: 'warm-up-finished', exitCode: 1, tail: 'no such image' });
    expect(told).toEqual(['no such image']);
    expect(inShort(events).at(-1)).toBe('run-finished');
  });

  test('makes the contexts that its builds read', async ({ bench }) => {
    const build = { ...plannedBuild, context: 'files', tags: ['{lane}-{iteration}:{run}'] };
    const steps: PlannedArm['steps'] = [
      { step: 'make-context', name: 'files', files: 3, each: 'lane', bytes: { min: 1, max: 9 }, like: null },
      buildStep([plannedLane('a', { build })]),
    ];
    await bench.carryOut([arm({ iterations: 1, steps })], { script: 'ls "$context"' });
    expect(await readFile(bench.at('run/warm-up/main/a.stdout'), 'utf8')).toBe(
      'f000.txt\nf001.txt\nf002.txt\n',
    );
  });
});

describe('images', () => {
  test('are removed after every iteration, those that its builds were told to make and no others', async ({
    bench,
  }) => {
    const { calls } = await bench.carryOut([arm({ iterations: 2 })]);
    const withoutOrderOfLanes = calls
      .join('\n')
      .replaceAll(/build main-[ab]-/g, 'build main-?-')
      .split('\n');
    expect(withoutOrderOfLanes).toEqual([
      'wake',
      `build main-?-0:${run}`,
      `remove main-a-0:${run}`,
      `build main-?-1:${run}`,
      `build main-?-1:${run}`,
      `remove main-a-1:${run} main-b-1:${run}`,
      `build main-?-2:${run}`,
      `build main-?-2:${run}`,
      `remove main-a-2:${run} main-b-2:${run}`,
    ]);
  });

  test('are removed also where a build failed', async ({ bench }) => {
    const { calls } = await bench.carryOut([arm({ iterations: 1 })], { script: 'exit 1' });
    expect(calls.at(-1)).toBe(`remove main-a-1:${run} main-b-1:${run}`);
  });

  test('are nobody’s to remove where the builder leaves none', async ({ bench }) => {
    const { calls } = await bench.carryOut([arm({ iterations: 1 })], {
      builder: { removeImages: () => null },
    });
    expect(calls.filter((call) => call.startsWith('remove'))).toEqual([]);
  });
});

describe('contexts', () => {
  const withContext = (each: 'iteration' | 'lane'): PlannedArm => {
    const build = { ...plannedBuild, context: 'files', tags: ['{lane}-{iteration}:{run}'] };
    return arm({
      iterations: 2,
      steps: [
        { step: 'make-context', name: 'files', files: 5, each, bytes: { min: 20, max: 30 }, like: null },
        buildStep(['a', 'b'].map((lane) => plannedLane(lane, { build }))),
      ],
    });
  };
  /** What a Dockerfile of a scenario says of the context, said by the build. */
  const script = `cd "$context" && echo "$(find . -type f | wc -l | tr -d ' ') $(find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1) $context"`;

  async function seen({ at }: Bench, events: readonly IterationFinished[]): Promise<string[]> {
    const contexts: string[] = [];
    for (const { iteration, lanes } of events) {
      for (const { lane, context } of lanes) {
        const said = await readFile(at(`run/iterations/main/000${iteration}/${lane}.stdout`), 'utf8');
        const [files, sha256, folder] = said.trim().split(' ');
        expect({ files: Number(files), sha256 }).toEqual(context);
        expect(existsSync(folder ?? '')).toBe(false);
        contexts.push(sha256 ?? '');
      }
    }
    return contexts;
  }

  test('are new in every iteration, the same for its lanes, and gone afterwards', async ({ bench }) => {
    const { events } = await bench.carryOut([withContext('iteration')], { script });
    const [a1, b1, a2, b2] = await seen(bench, finishedOnes(events));
    expect(a1).toBe(b1);
    expect(a2).toBe(b2);
    expect(a1).not.toBe(a2);
  });

  test('are each lane’s own where the step says so', async ({ bench }) => {
    const { events } = await bench.carryOut([withContext('lane')], { script });
    const hashes = await seen(bench, finishedOnes(events));
    expect(new Set(hashes).size).toBe(4);
  });

  test('that are made anew hold nothing of the one before', async ({ bench }) => {
    const build = { ...plannedBuild, context: 'files', tags: ['{lane}-{iteration}:{run}'] };
    const make = (files: number) => ({
      step: 'make-context' as const,
      name: 'files',
      files,
      each: 'iteration' as const,
      bytes: { min: 1, max: 2 },
      like: null,
    });
    const steps = [
      make(5),
      buildStep([plannedLane('a', { build })]),
      make(2),
      buildStep([plannedLane('b', { build })]),
    ];
    const { events } = await bench.carryOut([arm({ iterations: 1, steps })], { script });
    await seen(bench, finishedOnes(events));
    expect(finishedOnes(events)[0]?.lanes.map(({ context }) => context?.files)).toEqual([5, 2]);
  });
});

describe('an abort', () => {
  test('in the middle ends all processes, keeps what is finished, and cleans up', async ({ bench }) => {
    const controller = new AbortController();
    const carried = bench.carryOut([arm({ iterations: 3 })], {
      script: `case $tag in *-2:*) ${stubborn};; esac`,
      abort: controller.signal,
    });
    const pids = [];
    for (const lane of ['a', 'b']) pids.push(Number(await appears(bench.at(`pids/main-${lane}-2:${run}`))));
    expect(await Promise.all(pids.map(isAlive))).toEqual([true, true]);
    controller.abort('stopped by SIGINT');
    const { stopped, events, calls, leftovers } = await carried;
    expect(stopped).toBe('stopped by SIGINT');
    expect(await Promise.all(pids.map(isAlive))).toEqual([false, false]);
    expect(inShort(events).slice(2)).toEqual([
      'iteration-started main 1',
      'iteration-finished main 1',
      'iteration-started main 2',
      'run-stopped',
    ]);
    expect(events.at(-1)).toMatchObject({ reason: 'stopped by SIGINT' });
    expect(calls.at(-1)).toBe(`remove main-a-2:${run} main-b-2:${run}`);
    expect(leftovers).toEqual([]);
    expect(await processesWith(bench.path)).toEqual([]);
  });

  test('in the warm-up starts no iteration', async ({ bench }) => {
    const controller = new AbortController();
    const carried = bench.carryOut([arm({ iterations: 1 })], { script: stubborn, abort: controller.signal });
    await appears(bench.at(`pids/main-a-0:${run}`));
    controller.abort('stopped by SIGTERM');
    const { stopped, events, calls } = await carried;
    expect(stopped).toBe('stopped by SIGTERM');
    expect(inShort(events)).toEqual(['run-started', 'run-stopped']);
    expect(calls.at(-1)).toBe(`remove main-a-0:${run}`);
    expect(await processesWith(bench.path)).toEqual([]);
  });

  test('between two iterations starts no other, and before the first one none', async ({ bench }) => {
    const controller = new AbortController();
    const between = await bench.carryOut([arm({ iterations: 3 })], {
      rule: (event) => {
        if (event.iteration === 2) controller.abort('stopped by SIGINT');
        return Promise.resolve(new Set());
      },
      abort: controller.signal,
    });
    expect(inShort(between.events).slice(-2)).toEqual(['iteration-finished main 2', 'run-stopped']);
    expect(between.calls.some((call) => call.includes('-3:'))).toBe(false);
    const before = await bench.carryOut([arm()], { abort: controller.signal });
    expect(before.stopped).toBe('stopped by SIGINT');
    expect(before.calls).toEqual(between.calls);
  });

  test('while lanes still wait at the gate lets none of them go', async ({ bench }) => {
    const controller = new AbortController();
    const { stopped, calls, events } = await bench.carryOut([arm({ iterations: 1 })], {
      builder: {
        build: ({ tags }) => {
          // The lanes are started right after this; the gate needs longer than that to open.
          if (tags.some((tag) => tag.startsWith('main-b-1')))
            queueMicrotask(() => controller.abort('stopped by SIGINT'));
          return sh('echo "ran $1" >>"$2"', tags.join(), bench.at('calls'));
        },
      },
      abort: controller.signal,
    });
    expect(stopped).toBe('stopped by SIGINT');
    expect(calls.filter((call) => call.startsWith('ran'))).toEqual([`ran main-a-0:${run}`]);
    expect(inShort(events).at(-2)).toBe('iteration-started main 1');
  });

  test('after the last iteration changes nothing', async ({ bench }) => {
    const controller = new AbortController();
    const { stopped, events } = await bench.carryOut([arm({ iterations: 1 })], {
      rule: () => {
        controller.abort('stopped by SIGINT');
        return Promise.resolve(new Set());
      },
      abort: controller.signal,
    });
    expect(stopped).toBeNull();
    expect(inShort(events).at(-1)).toBe('run-finished');
  });
});

describe('an iteration that the environment spoilt', () => {
  test('by a lane that could not be started is kept with its reason, no other lane runs, and the run goes on', async ({
    bench,
  }) => {
    const { stopped, events, calls } = await bench.carryOut([arm({ iterations: 2 })], {
      builder: {
        build: ({ tags }) => {
          const tag = tags.join();
          const script = sh('echo "ran $1" >>"$2"; echo ran', tag, bench.at('calls'));
          return tag.startsWith('main-b-1')
            ? { ...script, args: [...script.args, 'x'.repeat(3_000_000)] }
            : script;
        },
      },
    });
    expect(stopped).toBeNull();
    expect(finishedOnes(events)).toMatchObject([
      { iteration: 1, spoilt: 'lane b could not be started (argument list too long)', lanes: [] },
      { iteration: 2, spoilt: null, lanes: [{ lane: 'a' }, { lane: 'b' }] },
    ]);
    expect(
      calls.filter((call) => call.startsWith('ran main-a-1') || call.startsWith('ran main-b-1')),
    ).toEqual([]);
    expect(await processesWith(bench.path)).toEqual([]);
    expect(calls).toContain(`remove main-a-1:${run} main-b-1:${run}`);
  });

  test.runIf(existsSync('/dev/full'))(
    'by a full disk is kept with its reason, and its builds are ended',
    async ({ bench }) => {
      await mkdir(bench.at('run/iterations/main/0001'), { recursive: true });
      await symlink('/dev/full', bench.at('run/iterations/main/0001/a.stdout'));
      const { events } = await bench.carryOut([arm({ iterations: 2 })], {
        script: `case $tag in main-a-1:*) echo x;; main-b-1:*) ${stubborn};; esac`,
      });
      expect(finishedOnes(events)).toMatchObject([
        { spoilt: 'no space left on the device', lanes: [] },
        { spoilt: null },
      ]);
      await until(async () => (await processesWith(bench.path)).length === 0);
    },
  );

  test('keeps the lanes of the steps that were carried out', async ({ bench }) => {
    const { events } = await bench.carryOut(
      [arm({ iterations: 1, steps: [buildStep(['a']), buildStep(['b'])] })],
      {
        builder: {
          build: ({ tags }) =>
            tags.join().startsWith('main-b-1') ? sh(':', 'x'.repeat(3_000_000)) : sh(':'),
        },
      },
    );
    expect(finishedOnes(events)).toMatchObject([
      { spoilt: 'lane b could not be started (argument list too long)', lanes: [{ lane: 'a', exitCode: 0 }] },
    ]);
  });
});

describe('a builder that is gone', () => {
  const builds = (calls: readonly string[]): string[] =>
    calls.filter((call) => call.startsWith('build main-a-') && !call.includes('-0:'));

  test('three times in a row stops the run', async ({ bench }) => {
    const { stopped, events, calls } = await bench.carryOut([arm({ iterations: 9 })], {
      script: 'exit 1',
      builder: { probe: () => Promise.resolve(gone) },
    });
    expect(stopped).toBe('the builder stopped answering: its daemon does not answer');
    expect(finishedOnes(events)).toMatchObject([
      {
        iteration: 1,
        spoilt: null,
        builderGone: 'its daemon does not answer',
        lanes: [{ exitCode: 1 }, { exitCode: 1 }],
      },
      {
        iteration: 2,
        spoilt: 'the builder did not answer before the gate opened: its daemon does not answer',
        lanes: [],
      },
      {
        iteration: 3,
        spoilt: 'the builder did not answer before the gate opened: its daemon does not answer',
        lanes: [],
      },
    ]);
    // It is asked again before another build is thrown at it.
    expect(builds(calls)).toHaveLength(1);
    expect(inShort(events).at(-1)).toBe('run-stopped');
  });

  test('after every iteration, and back before the next one, is tried on', async ({ bench }) => {
    // A daemon that builds kill, and that somebody starts again: after 1 gone, before 2 back, after 2 gone, …
    const answers = [gone, answering, gone, answering, gone, gone, answering, gone];
    const { stopped, events, calls } = await bench.carryOut([arm({ iterations: 5 })], {
      script: 'exit 1',
      builder: { probe: () => Promise.resolve(answers.shift() ?? answering) },
    });
    expect(stopped).toBeNull();
    expect(
      finishedOnes(events).map(({ builderGone, lanes }) => [builderGone === null, lanes.length]),
    ).toEqual([
      [false, 2],
      [false, 2],
      [false, 2],
      [false, 0],
      [false, 2],
    ]);
    expect(builds(calls)).toHaveLength(4);
  });

  test('three times, but never in a row, stops nothing', async ({ bench }) => {
    // After 1: gone. Before 2 and after it: there. And so on.
    const answers = [1, 3, 5].flatMap(() => [gone, answering, answering]);
    const { stopped, events } = await bench.carryOut([arm({ iterations: 6 })], {
      script: 'exit 1',
      builder: { probe: () => Promise.resolve(answers.shift() ?? gone) },
    });
    expect(stopped).toBeNull();
    const wasThere = finishedOnes(events).map(({ builderGone }) => builderGone === null);
    expect(wasThere).toEqual([false, true, false, true, false, true]);
  });

  test('is not asked while all builds succeed, but once they are over', async ({ bench }) => {
    const asked: number[] = [];
    const probe = async () => {
      asked.push(finishedOnes(await bench.events()).length);
      return gone;
    };
    const { stopped, events } = await bench.carryOut([arm({ iterations: 2 })], { builder: { probe } });
    expect(stopped).toBeNull();
    expect(asked).toEqual([2]);
    expect(finishedOnes(events).map(({ builderGone }) => builderGone)).toEqual([null, null]);
  });

  test('has a reason even where it names none', async ({ bench }) => {
    const { stopped } = await bench.carryOut([arm({ iterations: 9 })], {
      script: 'exit 1',
      builder: { probe: () => Promise.resolve({ ...gone, missing: [] }) },
    });
    expect(stopped).toBe('the builder stopped answering: it does not answer');
  });

  test('that starts daemons and cannot ends the run before anything was built', async ({ bench }) => {
    const { stopped, events, calls, leftovers } = await bench.carryOut([arm({ name: 'lazy' })], {
      builder: {
        startDaemon: () => Promise.reject(new DaemonError('buildkitd ended with exit code 1')),
      },
    });
    expect(stopped).toBe('the builder did not start for lazy: buildkitd ended with exit code 1');
    expect(inShort(events)).toEqual(['run-started', 'run-stopped']);
    expect([calls, leftovers]).toEqual([[], []]);
  });
});

describe('a builder that is replaced while a run is on it', () => {
  const other = { ...answering, version: 'v1', daemonVersion: 'v2' };
  const once = arm({ iterations: 1 });
  const changes = (events: readonly JournalEvent[]) =>
    events.filter(({ event }) => event === 'builder-changed');

  test('is noticed when the iterations are over', async ({ bench }) => {
    const { stopped, events } = await bench.carryOut([once], {
      builder: { probe: () => Promise.resolve(other) },
    });
    expect(stopped).toBeNull();
    expect(inShort(events).slice(-3)).toEqual([
      'iteration-finished main 1',
      'builder-changed',
      'run-finished',
    ]);
    expect(changes(events)).toMatchObject([{ version: 'v1', daemonVersion: 'v2' }]);
  });

  test.for([
    ['is as it was', answering],
    ['does not answer', { ...other, answers: false }],
    ['no longer says its version', { ...answering, version: null, daemonVersion: null }],
  ] as const)('is no word of where it %s', async ([, probed], { bench }) => {
    const probe = vi.fn(() => Promise.resolve(probed));
    const { events } = await bench.carryOut([once], { builder: { probe } });
    expect(probe).toHaveBeenCalledOnce();
    expect(changes(events)).toEqual([]);
  });

  test('is not asked where the user wants an end', async ({ bench }) => {
    const probe = vi.fn(() => Promise.resolve(other));
    const stop = new AbortController();
    const { events } = await bench.carryOut([once], {
      builder: { probe },
      abort: stop.signal,
      rule: async () => {
        stop.abort('stopped by SIGINT');
        return new Set();
      },
    });
    expect(finishedOnes(events)).toHaveLength(1);
    expect(probe).not.toHaveBeenCalled();
  });

  test('is not asked once more where it was gone a moment ago', async ({ bench }) => {
    const answers = [gone];
    const probe = vi.fn(() => Promise.resolve(answers.shift() ?? other));
    const { events } = await bench.carryOut([once], { builder: { probe }, script: 'exit 1' });
    expect(finishedOnes(events)).toMatchObject([{ builderGone: 'its daemon does not answer' }]);
    expect(probe).toHaveBeenCalledOnce();
  });

  test('is not waited for, neither without end nor by who wants one', async ({ bench }) => {
    const probe = () => new Promise<never>(() => undefined);
    const late = await bench.carryOut([once], { builder: { probe }, patience: { answerMs: 1 } });
    expect(late.events.at(-1)).toMatchObject({ event: 'run-finished' });
    const stop = new AbortController();
    const unheard = () => {
      stop.abort('stopped by SIGINT');
      return probe();
    };
    const stopped = await bench.carryOut([once], {
      builder: { probe: unheard },
      abort: stop.signal,
      patience: { answerMs: 600_000 },
    });
    // There was nothing left to stop.
    expect(stopped.stopped).toBeNull();
  });
});
