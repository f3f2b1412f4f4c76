import { promises } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { pino } from 'pino';
import { describe, expect, vi } from 'vitest';
import {
  type Builder,
  type BuildRequest,
  DaemonError,
  type DaemonRequest,
  type PrivateDaemon,
} from '../../src/builders/builder.js';
import { saysLeftOut } from '../../src/progress/left-out.js';
import type { PlannedArm, PlannedLane, PlannedStep } from '../../src/scenario/plan.js';
import { plannedArm, plannedLane, plannedBuild as usualBuild } from '../results/sample-run.js';
import { type Bench, finishedOnes, inShort, type Options, test } from './carried-out.js';
import { answering, gone, scriptedBuilder } from './scripted-builder.js';

const plannedBuild = { ...usualBuild, tags: ['{arm}-{lane}-{iteration}:{run}'] };
const plainLane = (name: string, more: Partial<PlannedLane> = {}) =>
  plannedLane(name, { build: plannedBuild, ...more });
const arm = (steps: PlannedArm['steps'], more: Partial<PlannedArm> = {}): PlannedArm =>
  plannedArm({ iterations: 1, steps, ...more });
const buildStep = (lanes: PlannedLane[]): PlannedStep => ({ step: 'build', together: true, lanes });
const exporting = (name: string, folder: string): PlannedLane =>
  plannedLane(name, {
    build: {
      ...plannedBuild,
      cacheTo: [{ type: 'local', folder, mode: 'max', reset: false }],
    },
  });
const makeContext = (name: string, like: string | null): PlannedStep => ({
  step: 'make-context',
  name,
  files: 3,
  each: 'iteration',
  bytes: { min: 5, max: 50 },
  like,
});

/** The requests of all builds but warm-ups, and the last iteration's event. */
async function finished(bench: Bench, steps: PlannedStep[], more: Options = {}) {
  const { events } = await bench.carryOut([arm(steps)], more);
  const event = events.find((one) => one.event === 'iteration-finished');
  if (event?.event !== 'iteration-finished') throw new Error('no iteration was finished');
  return event;
}

describe('caches', () => {
  test('lie in folders of the iteration, one for each lane where the name says so', async ({ bench }) => {
    const requests: BuildRequest[] = [];
    const own = scriptedBuilder(bench);
    const build = (request: BuildRequest) => {
      requests.push(request);
      return own.build(request);
    };
    await finished(
      bench,
      [buildStep([exporting('a', 'c'), exporting('b', 'c'), exporting('x', 'c-{lane}')])],
      {
        builder: { build },
      },
    );
    const [warm, a, b, x] = requests.map(({ cacheTo }) => cacheTo?.[0]);
    expect(warm).toBeUndefined();
    expect(a).toEqual(b);
    expect(a).toMatchObject({ type: 'local', mode: 'max', tag: null, reset: false });
    expect(a && 'folder' in a && a.folder).toMatch(/\/folders\/c$/);
    expect(x && 'folder' in x && x.folder).toMatch(/\/folders\/c-x$/);
  });

  test('are checked for what the lanes exported, and what is wrong is data', async ({ bench }) => {
    const { cacheChecks, spoilt } = await finished(bench, [
      buildStep([exporting('a', 'c'), plainLane('b')]),
      { step: 'check-cache', folder: 'c' },
    ]);
    expect(spoilt).toBeNull();
    expect(cacheChecks).toEqual([
      {
        folder: 'c',
        lanes: ['a'],
        manifests: 0,
        missing: [],
        problem: expect.stringContaining('no such folder'),
      },
    ]);
  });

  test('are emptied by the builder’s own command; one that fails spoils the iteration', async ({ bench }) => {
    const prune = (code: number) => () => ({
      file: 'sh',
      args: ['-c', `echo prune >>${bench.at('calls')}; echo no >&2; exit ${code}`],
    });
    const steps: PlannedStep[] = [{ step: 'prune' }, buildStep([plainLane('a')])];
    expect((await finished(bench, steps, { builder: { prune: prune(0) } })).spoilt).toBeNull();
    expect(await readFile(bench.at('calls'), 'utf8')).toMatch(/prune\nbuild/);
  });

  test('that cannot be emptied are no clean iteration', async ({ bench }) => {
    const prune = () => ({ file: 'sh', args: ['-c', 'echo no >&2; exit 1'] });
    const { spoilt, lanes } = await finished(bench, [{ step: 'prune' }, buildStep([plainLane('a')])], {
      builder: { prune },
    });
    expect(spoilt).toBe('the cache could not be pruned: no');
    expect(lanes).toEqual([]);
  });
});

describe('a context like another', () => {
  test('has its names, sizes and times, and not its content', async ({ bench }) => {
    const seen = async (folder: string) => {
      const names = (await readdir(folder)).sort();
      return Promise.all(
        names.map(async (name) => {
          const { size, mtimeMs } = await stat(`${folder}/${name}`);
          return {
            name,
            size,
            mtimeMs,
            content: await readFile(`${folder}/${name}`, 'utf8'),
          };
        }),
      );
    };
    const folders = new Map<string, Awaited<ReturnType<typeof seen>>>();
    const lane = (context: string) => plannedLane(context, { build: { ...plannedBuild, context } });
    const { lanes } = await finished(
      bench,
      [makeContext('one', null), makeContext('other', 'one'), buildStep([lane('one'), lane('other')])],
      {
        script:
          'case $tag in *-0:*) exit 0;; esac; cp -a "$context" "$folder/kept-$(basename "$(dirname "$context")")"; echo "#1 [1/1] FROM x"',
      },
    );
    for (const name of await readdir(bench.path)) {
      if (name.startsWith('kept-')) folders.set(name, await seen(bench.at(name)));
    }
    const [one = [], other = []] = [...folders.values()];
    expect(one).toHaveLength(3);
    // Files that were written in one tick must not look alike to a builder by chance.
    expect(new Set(one.map(({ mtimeMs }) => mtimeMs)).size).toBeGreaterThan(1);
    const looks = (files: typeof one) => files.map(({ content: _, ...rest }) => rest);
    expect(looks(one)).toEqual(looks(other));
    for (const [i, { content }] of one.entries()) expect(content).not.toBe(other[i]?.content);
    expect(lanes[0]?.context?.sha256).not.toBe(lanes[1]?.context?.sha256);
  });
});

describe('a lane that is to be cancelled', () => {
  test('is ended after its time, and marked', async ({ bench }) => {
    const { lanes } = await finished(
      bench,
      [buildStep([plainLane('a', { cancelAfterMs: 50 })]), buildStep([plainLane('b')])],
      { script: 'case $tag in *-a-1:*) exec sleep 1000;; esac; echo "#1 [1/1] FROM x"' },
    );
    expect(lanes[0]).toMatchObject({ lane: 'a', cancelled: true, timedOut: true });
    expect(lanes[1]).toMatchObject({ lane: 'b', cancelled: false, exitCode: 0 });
  });
});

describe('a private daemon', () => {
  interface Private extends Partial<Builder> {
    readonly requests: DaemonRequest[];
    readonly calls: string[];
  }
  const privately = (bench: Bench, more: Partial<PrivateDaemon> = {}): Private => {
    const requests: DaemonRequest[] = [];
    const calls: string[] = [];
    return {
      requests,
      calls,
      build: () => {
        throw new Error('this one builds nothing');
      },
      async startDaemon(request, place) {
        requests.push(request);
        calls.push(`start ${place.name}`);
        return {
          builder: scriptedBuilder(bench),
          log: place.log,
          prune: () => ({ file: 'true', args: [] }),
          restart: async () => void calls.push(`restart ${place.name}`),
          goroutines: async () => 'goroutine 1 [running]',
          stop: async () => void calls.push(`stop ${place.name}`),
          ...more,
        };
      },
    };
  };
  const step = buildStep([plainLane('a')]);

  test('is started once for arms that ask for the same, and stopped at the end', async ({ bench }) => {
    const builder = privately(bench);
    const lazy = { snapshotter: 'stargz', flags: [], keepMegabytes: null, cpus: null } as const;
    await bench.carryOut(
      [
        arm([step], { name: 'one' }),
        arm([step], { name: 'two' }),
        arm([step], { name: 'three', daemon: { ...lazy, flags: [] } }),
      ],
      { builder },
    );
    expect(builder.requests).toEqual([
      { snapshotter: null, flags: [], keepMegabytes: null, cpus: null, mirrors: [] },
      { ...lazy, mirrors: [] },
    ]);
    expect(builder.calls.toSorted()).toEqual([
      'start daemon-1',
      'start daemon-2',
      'stop daemon-1',
      'stop daemon-2',
    ]);
  });

  test('is stopped when a fault of the tool ends the run', async ({ bench }) => {
    const builder = privately(bench);
    const rule = () => Promise.reject(new Error('a bug'));
    await expect(bench.carryOut([arm([step])], { builder, rule })).rejects.toThrow('a bug');
    expect(builder.calls).toEqual(['start daemon-1', 'stop daemon-1']);
  });

  test('is restarted by a step', async ({ bench }) => {
    const builder = privately(bench);
    await finished(bench, [{ step: 'restart' }, step], { builder });
    expect(builder.calls).toContain('restart daemon-1');
  });

  test('that dies is started again before its own next iteration, whatever runs on others', async ({
    bench,
  }) => {
    const dead = new Set<string>();
    const starts = privately(bench);
    const builder: Partial<Builder> = {
      ...starts,
      async startDaemon(request, place) {
        const daemon = (await starts.startDaemon?.(request, place)) as PrivateDaemon;
        const restart = async () => {
          dead.delete(place.name);
          await daemon.restart();
        };
        const probe = () => Promise.resolve(dead.has(place.name) ? gone : answering);
        return { ...daemon, builder: scriptedBuilder(bench, { probe }), restart };
      },
    };
    const { events } = await bench.carryOut(
      [
        arm([step], { name: 'one', iterations: 2 }),
        arm([step], {
          name: 'two',
          iterations: 2,
          daemon: { snapshotter: 'stargz', flags: [], keepMegabytes: null, cpus: null },
        }),
      ],
      {
        builder,
        script: 'case $tag in one-a-1:*) exit 1;; esac; echo "#1 [1/1] FROM x"',
        observer: {
          laneEnded: (_, exitCode) => {
            if (exitCode === 1) dead.add('daemon-1');
          },
        },
      },
    );
    expect(finishedOnes(events).map((event) => [event.arm, event.builderGone === null])).toEqual([
      ['one', false],
      ['two', true],
      ['one', true],
      ['two', true],
    ]);
    expect(starts.calls.filter((call) => call.startsWith('restart'))).toEqual(['restart daemon-1']);
  });

  test('that dies in a warm-up or at a restart is started again before anything counts', async ({
    bench,
  }) => {
    const dead = new Set<string>(['warm-up']);
    const logged: string[] = [];
    let restarts = 0;
    const starts = privately(bench, {
      builder: scriptedBuilder(bench, { probe: () => Promise.resolve(dead.size > 0 ? gone : answering) }),
      restart: async () => {
        dead.clear();
        restarts++;
        // The second is that of the step.
        if (restarts === 2) {
          dead.add('restart');
          throw new DaemonError('buildkitd ended with exit code 1');
        }
      },
    });
    const { events } = await bench.carryOut([arm([step, { step: 'restart' }], { iterations: 2 })], {
      builder: starts,
      script: 'case $tag in *-0:*) exit 1;; esac; echo "#1 [1/1] FROM x"',
      log: pino({}, { write: (line) => logged.push(line) }),
    });
    // The later deaths are told of by the iterations.
    expect(events.filter(({ event }) => event === 'daemon-restarted')).toMatchObject([
      { daemon: 'daemon-1', reason: 'its daemon does not answer' },
    ]);
    expect(inShort(events).indexOf('daemon-restarted')).toBeLessThan(
      inShort(events).indexOf('iteration-started main 1'),
    );
    expect(logged.filter((line) => line.includes('"daemon started again"'))).toHaveLength(2);
    expect(finishedOnes(events)).toMatchObject([
      {
        lanes: [{ exitCode: 0 }],
        spoilt: 'buildkitd ended with exit code 1',
        builderGone: expect.any(String),
      },
      { lanes: [{ exitCode: 0 }], spoilt: null, builderGone: null },
    ]);
    expect(restarts).toBe(4);
  });

  test('leaves what it logged meanwhile, and nothing from before, in the iteration’s folder', async ({
    bench,
  }) => {
    const builder = privately(bench);
    const log = bench.at('run/daemons/daemon-1.log');
    const logging = 'echo "from $tag" >>"$folder/run/daemons/daemon-1.log"; echo "#1 [1/1] FROM x"';
    await finished(bench, [step], { builder, script: logging });
    expect(await readFile(log, 'utf8')).toMatch(/-0:.*\nfrom/);
    const kept = await readFile(bench.at('run/iterations/main/0001/daemon.log'), 'utf8');
    expect(kept.split('\n')).toHaveLength(2);
    expect(finishedOnes(await bench.events())).toMatchObject([{ daemonLogCut: null }]);
  });

  test('that logs more than is kept of an iteration leaves the end, and the journal tells of the gap', async ({
    bench,
  }) => {
    const builder = privately(bench);
    const log = '"$folder/run/daemons/daemon-1.log"';
    const flood = `head -c 17000000 /dev/zero | tr '\\0' '\\n' >>${log}; echo 'panic: at last' >>${log}`;
    const script = `case $tag in *-1:*) ${flood};; esac; echo "#1 [1/1] FROM x"`;
    const { events } = await bench.carryOut([arm([step])], { builder, script });
    const kept = await readFile(bench.at('run/iterations/main/0001/daemon.log'), 'utf8');
    expect(kept.endsWith('\npanic: at last\n')).toBe(true);
    const [cut] = finishedOnes(events).map(({ daemonLogCut }) => daemonLogCut);
    expect(cut?.leftOutBytes).toBeGreaterThan(200_000);
    expect(saysLeftOut(kept.split('\n')[(cut?.line ?? 0) - 1] ?? '')).toBe(true);
  });

  for (const machine of ['scratch', 'results'])
    test(`has no log to keep of an iteration that found no room in the ${machine} folder`, async ({
      bench,
    }) => {
      const noSpace = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
      const builder = privately(bench);
      const { mkdtemp, mkdir } = promises;
      const noRoom = (name: string): boolean =>
        machine === 'scratch' ? name.includes('/iteration-') : name.includes('/run/iterations/');
      vi.spyOn(promises, 'mkdtemp').mockImplementation(((name: string) =>
        noRoom(name) ? noSpace() : mkdtemp(name)) as never);
      vi.spyOn(promises, 'mkdir').mockImplementation(((name: string, ...more: []) =>
        noRoom(name) ? noSpace() : mkdir(name, ...more)) as never);
      syncBuiltinESMExports();
      try {
        const { stopped, events } = await bench.carryOut([arm([step], { iterations: 9 })], { builder });
        expect(stopped).toBe('3 iterations in a row were spoilt: no space left on the device');
        expect(finishedOnes(events).map(({ spoilt }) => spoilt)).toEqual(
          Array(3).fill('no space left on the device'),
        );
      } finally {
        vi.restoreAllMocks();
        syncBuiltinESMExports();
      }
    });

  test('is asked for its goroutines while a lane hangs', async ({ bench }) => {
    const goroutines = vi.fn(async () => 'goroutine 7 [chan receive]');
    const builder = privately(bench, { goroutines });
    const script = 'case $tag in *-0:*) exit 0;; esac; exec sleep 1000';
    await finished(bench, [step], { builder, script, plan: { timeoutMs: 200 } });
    expect(goroutines).toHaveBeenCalledOnce();
    const kept = bench.at('run/iterations/main/0001/a.goroutines.txt');
    expect(await readFile(kept, 'utf8')).toBe('goroutine 7 [chan receive]');
  });

  test('is asked once by lanes that hang together, and each keeps the answer', async ({ bench }) => {
    const waiting: (() => void)[] = [];
    // Answers when both have asked, or would: a second question would be answered as well.
    const goroutines = vi.fn(
      () =>
        new Promise<string>((resolve) => {
          waiting.push(() => resolve('goroutine 7 [chan receive]'));
          setTimeout(() => {
            for (const answer of waiting) answer();
          }, 500);
        }),
    );
    const script = 'case $tag in *-0:*) exit 0;; esac; exec sleep 1000';
    await finished(bench, [buildStep([plainLane('a'), plainLane('b')])], {
      ...{ builder: privately(bench, { goroutines }), script, plan: { timeoutMs: 200 } },
    });
    expect(goroutines).toHaveBeenCalledOnce();
    for (const lane of ['a', 'b']) {
      const kept = bench.at(`run/iterations/main/0001/${lane}.goroutines.txt`);
      expect(await readFile(kept, 'utf8')).toBe('goroutine 7 [chan receive]');
    }
  });
});

describe('a lane whose time is over', () => {
  const hanging = `case $tag in *-0:*) exit 0;; esac; sh -c 'sleep 1001; true' & sleep 1000; true`;
  const kept = (bench: Bench, lane = 'a') =>
    readFile(bench.at(`run/iterations/main/0001/${lane}.processes.txt`), 'utf8');

  test('leaves its processes as they were before anything was ended', async ({ bench }) => {
    await finished(bench, [buildStep([plainLane('a')])], { script: hanging, plan: { timeoutMs: 300 } });
    const text = await kept(bench);
    expect(text).toMatch(/^Processes of lane a at its time limit, 20\S+Z:\n *PID +PPID +PGID/);
    expect(text).toMatch(/ {2}sleep 1000\n/);
    expect(text).toMatch(/ {4}sleep 1001\n/);
    expect(text).not.toContain('private daemon:');
    expect(text).toMatch(/\nThe daemon’s goroutines are not kept: it is not the run’s own\.\n$/);
  });

  test('leaves those too that took a session of their own and lost their parent', async ({ bench }) => {
    const script = `case $tag in *-0:*) exit 0;; esac; setsid sh -c 'sleep 1003 & exit' & sleep 1000; true`;
    await finished(bench, [buildStep([plainLane('a')])], { script, plan: { timeoutMs: 400 } });
    expect(await kept(bench)).toMatch(/ sleep 1003\n/);
  });

  test('leaves those of its private daemon too, and says that it did not answer', async ({ bench }) => {
    const daemon: PrivateDaemon = {
      builder: scriptedBuilder(bench),
      log: bench.at('log'),
      pid: process.pid,
      prune: () => ({ file: 'true', args: [] }),
      restart: async () => undefined,
      goroutines: async () => null,
      stop: async () => undefined,
    };
    await finished(bench, [buildStep([plainLane('a')])], {
      builder: { startDaemon: () => Promise.resolve(daemon) },
      ...{ script: hanging, plan: { timeoutMs: 300 } },
    });
    const [lane = '', ofDaemon = ''] = (await kept(bench)).split('Processes of the private daemon:');
    expect(lane).toContain('sleep 1000');
    expect(ofDaemon).toMatch(new RegExp(`\\n *${process.pid} `));
    expect(ofDaemon).toMatch(/\nThe daemon’s goroutines are not kept: it did not answer\.\n$/);
  });

  test('that was to be ended on purpose leaves nothing', async ({ bench }) => {
    const { lanes } = await finished(bench, [buildStep([plainLane('a', { cancelAfterMs: 100 })])], {
      script: hanging,
    });
    expect(lanes).toMatchObject([{ cancelled: true, timedOut: true }]);
    await expect(kept(bench)).rejects.toThrow('ENOENT');
  });
});

describe('images that were pushed', () => {
  const pushing = (name: string) =>
    plannedLane(name, { build: { ...plannedBuild, push: '{registry}/x-{lane}:{run}' } });
  const script =
    'printf %s "{\\"containerimage.digest\\": \\"sha256:$tag\\"}" >"$metadata"; echo "#1 [1/1] FROM x"';
  const read = { digest: 'sha256:1', configDigest: 'sha256:2', inlineCache: { layers: [] } };

  const writing = (bench: Bench): Partial<Builder> => {
    const own = scriptedBuilder(bench);
    return {
      build: (request) => {
        const command = own.build(request);
        return { ...command, env: { ...command.env, metadata: request.metadataFile ?? '/dev/null' } };
      },
    };
  };

  test('are read by the digest that the build told, and their inline cache is kept apart', async ({
    bench,
  }) => {
    const readImage = vi.fn(async () => read);
    const { lanes } = await finished(bench, [buildStep([pushing('a')]), { step: 'read-images' }], {
      builder: writing(bench),
      script,
      readImage,
      plan: { registry: '127.0.0.1:5000' },
    });
    const [image, digest] = readImage.mock.calls[0] as unknown as [string, string];
    expect(image).toMatch(/^127\.0\.0\.1:5000\/x-a:2026/);
    expect(digest).toMatch(/^sha256:/);
    expect(lanes[0]?.image).toEqual({ name: image, digest: 'sha256:1', configDigest: 'sha256:2' });
    const kept = await readFile(bench.at('run/iterations/main/0001/a.inline-cache.json'), 'utf8');
    expect(JSON.parse(kept)).toEqual({ layers: [] });
  });

  test('that cannot be read spoil the iteration, with the registry’s sentence', async ({ bench }) => {
    const { spoilt } = await finished(bench, [buildStep([pushing('a')]), { step: 'read-images' }], {
      builder: writing(bench),
      script,
      readImage: () => Promise.reject(new Error('the registry answers 500')),
      plan: { registry: '127.0.0.1:5000' },
    });
    expect(spoilt).toMatch(/^the image 127.* could not be read: the registry answers 500$/);
  });
});
