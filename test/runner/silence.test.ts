import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Builder, PrivateDaemon, Probe } from '../../src/builders/builder.js';
import { Silence, SilentBuilderError } from '../../src/runner/silence.js';
import type { PlannedArm } from '../../src/scenario/plan.js';
import { appears, isAlive } from '../processes/alive.js';
import { plannedArm } from '../results/sample-run.js';
import { type Bench, buildStep, finishedOnes, inShort, test } from './carried-out.js';
import { answering, gone, scriptedBuilder } from './scripted-builder.js';

/** A builder that is asked, and answers when the test says so. */
function questioned(more: Partial<Builder> = {}) {
  const answers: ((probe: Probe) => void)[] = [];
  const probe = vi.fn(() => new Promise<Probe>((resolve) => answers.push(resolve)));
  const builder = { probe, ...more } as unknown as Builder;
  return { builder, probe, answer: (probed: Probe) => answers.shift()?.(probed) };
}

const patience = { graceMs: 1, drainMs: 1, silenceMs: 10_000, answerMs: 9_000 };

/** What became of a promise until now. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  const open = Promise.resolve('open');
  return Promise.race([promise.then(String, (error: Error) => error.message), open]).then(String);
}

describe('silence', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const begun = (of: ReturnType<typeof questioned>): Silence => {
    vi.useFakeTimers();
    const silence = new Silence(of.builder, patience);
    silence.begin();
    return silence;
  };

  it('is broken when the builder is asked after 10 s and does not answer', async () => {
    const asked = questioned();
    const silence = begun(asked);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(asked.probe).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(asked.probe).toHaveBeenCalledOnce();
    asked.answer(gone);
    await expect(silence.broken).rejects.toThrow(new SilentBuilderError('its daemon does not answer'));
  });

  it('is broken when there is no answer in time', async () => {
    const silence = begun(questioned());
    await vi.advanceTimersByTimeAsync(18_999);
    expect(await stateOf(silence.broken)).toBe('open');
    await vi.advanceTimersByTimeAsync(1);
    await expect(silence.broken).rejects.toMatchObject({ why: 'it did not answer within 9 s' });
  });

  it('goes on while the builder answers, which is asked again every 10 s and never twice at once', async () => {
    const asked = questioned();
    const silence = begun(asked);
    for (let times = 1; times <= 5; times++) {
      await vi.advanceTimersByTimeAsync(10_000);
      expect(asked.probe).toHaveBeenCalledTimes(times);
      // A second silence shares the question that waits for its answer.
      const other = new Silence(asked.builder, { ...patience, silenceMs: 0 });
      other.begin();
      await vi.advanceTimersByTimeAsync(5_000);
      expect(asked.probe).toHaveBeenCalledTimes(times);
      other.end();
      asked.answer(answering);
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(await stateOf(silence.broken)).toBe('open');
    silence.end();
  });

  it('is over with the first byte, also while the builder is asked', async () => {
    const asked = questioned();
    begun(asked).heard('a', Buffer.from('x'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.probe).not.toHaveBeenCalled();
    const late = begun(asked);
    await vi.advanceTimersByTimeAsync(10_000);
    late.heard('a', Buffer.from('x'));
    asked.answer(gone);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await stateOf(late.broken)).toBe('open');
    expect(asked.probe).toHaveBeenCalledOnce();
  });

  it('is not over with what a client says that waits, in one piece or several', async () => {
    const asked = questioned({ hasReachedDaemon: (printed) => printed.includes('step') });
    const silence = begun(asked);
    silence.heard('a', Buffer.from('waiting st'));
    silence.heard('b', Buffer.from('ep'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.probe).toHaveBeenCalledOnce();
    silence.heard('a', Buffer.from('ep'));
    asked.answer(gone);
    await vi.advanceTimersByTimeAsync(0);
    expect(await stateOf(silence.broken)).toBe('open');
  });

  it('is none where there is no daemon to reach', async () => {
    const asked = questioned({ hasReachedDaemon: () => true });
    begun(asked);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.probe).not.toHaveBeenCalled();
  });
});

const arm = (more: Partial<PlannedArm> = {}): PlannedArm =>
  plannedArm({ steps: [buildStep(['a', 'b'])], iterations: 9, ...more });
const soon = { silenceMs: 100, answerMs: 100 };
const never = () => new Promise<Probe>(() => undefined);
/** Builds that wait for a daemon that is frozen from the second iteration on. */
const frozenFrom2 = 'case $tag in *-[01]:*) echo "#1 [1/1] FROM x" >&2; exit 0;; esac; exec sleep 1000';

describe('a builder that is frozen', () => {
  test('between iterations spoils the next ones, and stops the run at the third', async ({ bench }) => {
    const { stopped, events } = await bench.carryOut([arm()], {
      script: frozenFrom2,
      builder: { probe: never },
      patience: soon,
    });
    const why = 'it did not answer within 0.1 s';
    expect(stopped).toBe(`the builder stopped answering: ${why}`);
    expect(
      finishedOnes(events).map(({ lanes, spoilt, builderGone }) => [lanes.length, spoilt, builderGone]),
    ).toEqual([
      [2, null, null],
      [0, `the builder did not answer: ${why}`, why],
      [0, `the builder did not answer before the gate opened: ${why}`, why],
      [0, `the builder did not answer before the gate opened: ${why}`, why],
    ]);
  });

  test('and comes back is used on', async ({ bench }) => {
    const probes = [gone, answering];
    const { stopped, events } = await bench.carryOut([arm({ iterations: 4 })], {
      script: 'case $tag in *-2:*) exec sleep 1000;; esac; echo "#1 [1/1] FROM x" >&2',
      builder: { probe: () => Promise.resolve(probes.shift() ?? answering) },
      patience: soon,
    });
    expect(stopped).toBeNull();
    expect(finishedOnes(events).map(({ spoilt }) => spoilt)).toEqual([
      null,
      'the builder did not answer: its daemon does not answer',
      null,
      null,
    ]);
  });

  test('in a warm-up is asked before the first iteration', async ({ bench }) => {
    const { stopped, events, calls } = await bench.carryOut([arm()], {
      script: 'exec sleep 1000',
      builder: { probe: () => Promise.resolve(gone) },
      patience: soon,
    });
    expect(stopped).toBe('the builder stopped answering: its daemon does not answer');
    expect(events[1]).toMatchObject({ tail: 'the builder did not answer: its daemon does not answer' });
    expect(calls.filter((call) => call.startsWith('build'))).toHaveLength(1);
  });

  test('lets lanes be that are only slow to print', async ({ bench }) => {
    let asked = 0;
    const { events } = await bench.carryOut([arm({ iterations: 1 })], {
      script: 'case $tag in *-0:*) exit 0;; esac; until [ -e "$folder/asked" ]; do sleep 0.02; done',
      builder: {
        probe: async () => {
          asked++;
          if (asked === 3) await writeFile(bench.at('asked'), '');
          return answering;
        },
      },
      patience: soon,
    });
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(finishedOnes(events)).toMatchObject([{ spoilt: null, lanes: [{ exitCode: 0 }, { exitCode: 0 }] }]);
  });

  test('in the middle of builds is no such thing: they hang until their time limit', async ({ bench }) => {
    const probe = vi.fn(never);
    const { events } = await bench.carryOut([arm({ iterations: 1 })], {
      script: 'case $tag in *-0:*) exit 0;; esac; echo "#1 [1/1] RUN x" >&2; exec sleep 1000',
      builder: { probe },
      plan: { timeoutMs: 700 },
      patience: soon,
    });
    expect(finishedOnes(events)).toMatchObject([
      { spoilt: null, lanes: [{ timedOut: true }, { timedOut: true }], builderGone: expect.any(String) },
    ]);
    // Only afterwards.
    expect(probe).toHaveBeenCalledOnce();
  });

  test('under a prune ends it', async ({ bench }) => {
    const prune = () => ({
      file: 'sh',
      args: ['-c', 'echo $$ >"$1"; exec sleep 1000', 'sh', bench.at('pid')],
    });
    const { events } = await bench.carryOut(
      [arm({ steps: [{ step: 'prune' }, buildStep(['a'])], iterations: 1 })],
      {
        builder: { prune, probe: () => Promise.resolve(gone) },
        patience: soon,
      },
    );
    expect(finishedOnes(events)).toMatchObject([
      { lanes: [], spoilt: 'the builder did not answer: its daemon does not answer' },
    ]);
    expect(await isAlive(Number(await appears(bench.at('pid'))))).toBe(false);
  });

  test.for(['prune', 'wake', 'probe', 'restart'] as const)(
    'does not hold up whoever wants an end: %s',
    async (what, { bench }) => {
      const controller = new AbortController();
      const stop = () => controller.abort('stopped by SIGINT');
      const { stopped, events } = await bench.carryOut(...hanging(bench, what, stop));
      expect(stopped).toBe('stopped by SIGINT');
      expect(inShort(events).at(-1)).toBe('run-stopped');

      function hanging(of: Bench, where: typeof what, hit: () => void): Parameters<Bench['carryOut']> {
        const hangs = () => {
          setTimeout(hit, 50);
          return { file: 'sleep', args: ['1000'] };
        };
        const late = <T>() => {
          setTimeout(hit, 50);
          return new Promise<T>(() => undefined);
        };
        const daemon: PrivateDaemon = {
          builder: scriptedBuilder(of),
          log: of.at('log'),
          prune: hangs,
          restart: late,
          goroutines: async () => null,
          stop: async () => undefined,
        };
        const abort = controller.signal;
        if (where === 'prune')
          return [
            [arm({ steps: [{ step: 'prune' }, buildStep(['a'])] })],
            { abort, builder: { prune: hangs } },
          ];
        if (where === 'wake') return [[arm()], { abort, builder: { wake: () => [hangs()] } }];
        if (where === 'probe') return [[arm()], { abort, script: 'exit 1', builder: { probe: late } }];
        return [
          [arm({ steps: [{ step: 'restart' }, buildStep(['a'])] })],
          { abort, builder: { startDaemon: () => Promise.resolve(daemon) } },
        ];
      }
    },
  );
});
