import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readDetails } from '../../src/details/read-details.js';
import { missingLines } from '../../src/results/log-text.js';
import { iterationFinished, laneRecord, plannedArm, samplePlan, writeRun } from '../results/sample-run.js';
import { logOf, scratch, writeLog } from './stored-run.js';

const limits = { iterations: 60, lanes: 480, logCharacters: 1_000_000 };
const plan = samplePlan({
  arms: [
    plannedArm({ iterations: 3 }),
    plannedArm({ name: 'plain', role: 'control', of: 'main', expects: [], iterations: 3 }),
  ],
});
const secret = 'what stands outside of the run';

let directory: string;
let outside: string;

/** Three iterations of each arm; the second of `main` shows the drift, in lane b. */
beforeEach(async () => {
  directory = path.join(scratch(), 'run');
  outside = scratch();
  const events = [1, 2, 3].flatMap((iteration) =>
    ['main', 'plain'].map((arm) => iterationFinished({ arm, iteration })),
  );
  await writeRun(directory, { plan, events });
  for (const arm of ['main', 'plain'])
    for (const iteration of [1, 2, 3])
      for (const lane of ['a', 'b'])
        writeLog(
          directory,
          arm,
          iteration,
          lane,
          logOf(arm === 'main' && iteration === 2 && lane === 'b' ? 'drift' : 'clean'),
        );
  mkdirSync(path.join(outside, '0002'), { recursive: true });
  for (const name of ['log', '0002/a.stderr', '0002/b.stderr', '0002/daemon.log', 'daemon-9.log'])
    writeFileSync(path.join(outside, name), `${secret}\n`);
});

const inRun = (...parts: string[]) => path.join(directory, ...parts);
const laneLog = inRun.bind(null, 'iterations', 'main', '0002');
const read = (more: Partial<typeof limits> = {}) => readDetails(directory, { ...limits, ...more });
async function failingOne() {
  const detail = await read();
  const one = detail.iterations.find(({ arm, iteration }) => arm === 'main' && iteration === 2);
  if (one === undefined) throw new Error('it is not among those that are shown');
  return { detail, one };
}

test('a run’s iterations, in order, the failing and the clean one named', async () => {
  const { detail, one } = await failingOne();
  expect(detail.iterations.map(({ arm, iteration }) => `${arm} ${iteration}`)).toEqual([
    'main 1',
    'plain 1',
    'main 2',
    'plain 2',
    'main 3',
    'plain 3',
  ]);
  expect(detail).toMatchObject({
    firstFailing: { arm: 'main', iteration: 2 },
    clean: { arm: 'plain', iteration: 1 },
    omitted: 0,
    redactions: null,
  });
  expect(one.findings).toMatchObject([{ signal: 'platform-drift', expected: true, lane: 'b' }]);
  const [a, b] = one.lanes;
  expect(a?.steps.flatMap(({ marked }) => marked)).toEqual([]);
  expect(b?.steps.map(({ index, marked, source }) => [index, marked, source])).toEqual([
    [1, [], null],
    [2, ['platform-drift'], null],
    [3, ['platform-drift'], 1],
  ]);
  expect(b?.log.pieces[0]?.lines).toEqual(logOf('drift').trimEnd().split('\n'));
});

test('steps are on the clock of the iteration, which begins with its first lane', async () => {
  const lanes = [
    laneRecord('a', { startMs: 5, startedAt: '2026-01-02T03:04:06.005Z', endMs: 900 }),
    laneRecord('b', { startMs: 50, startedAt: '2026-01-02T03:04:08.050Z', endMs: 950 }),
  ];
  await writeRun(directory, { plan, events: [iterationFinished({ iteration: 2, lanes })] });
  const { one } = await failingOne();
  expect(one.lanes.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [5, 900],
    [2_050, 2_950],
  ]);
  // Line 7, the COPY, came 500 ms after the zero of its lane's clock; the RUN took the 300 ms before its end.
  expect(one.lanes[1]?.steps.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [2_100, 2_100],
    [1_800, 2_100],
    [2_500, 2_500],
  ]);
  expect(one.spanMs).toBe(2_950);
});

test('of logs that are too long together, the longest is cut, and its evidence stays', async () => {
  const noise = Array.from({ length: 5_000 }, (_, i) => `#2 0.1 line ${i}`).join('\n');
  writeLog(directory, 'main', 2, 'b', logOf('drift').replace('#2 DONE', `${noise}\n#2 DONE`));
  const { iterations } = await read({ logCharacters: 10_000 });
  const logs = iterations.flatMap(({ lanes }) => lanes.map(({ log }) => log));
  expect(logs.filter((log) => missingLines(log) > 0)).toHaveLength(1);
  const cut = logs.find((log) => missingLines(log) > 0);
  expect(cut?.lines).toBe(5_008);
  expect(cut?.pieces.flatMap(({ lines }) => lines).join('\n')).toContain('#3 [linux/arm64/v8 runtime 2/2]');
});

describe('a run that is not whole', () => {
  test('has finished nothing', async () => {
    await writeRun(directory, { plan });
    expect(await read()).toMatchObject({ iterations: [], omitted: 0, firstFailing: null, clean: null });
  });

  test('was cut off in the middle of a line of its journal', async () => {
    appendFileSync(inRun('journal.jsonl'), '{"schemaVersion":1,"event":"iteration-fin');
    const { iterations, result } = await read();
    expect(iterations).toHaveLength(6);
    expect(result.warnings.join()).toContain('could not be read');
  });

  test('has no valid iteration', async () => {
    const events = [1, 2].map((iteration) => iterationFinished({ iteration, spoilt: 'no space' }));
    await writeRun(directory, { plan, events });
    const { iterations, firstFailing, clean } = await read();
    expect([firstFailing, clean]).toEqual([null, null]);
    expect(iterations.map(({ invalid }) => invalid)).toEqual(['no space', 'no space']);
    expect(iterations[1]?.lanes[1]?.steps).toHaveLength(3);
  });

  test('tells of an arm that it was not planned with', async () => {
    const events = [iterationFinished({ arm: 'stranger' }), iterationFinished({ arm: 'main' })];
    await writeRun(directory, { plan, events });
    expect((await read()).iterations.map(({ arm }) => arm)).toEqual(['main']);
  });

  test('names an iteration twice: it counts once', async () => {
    await writeRun(directory, { plan, events: [iterationFinished(), iterationFinished({ load: 9 })] });
    expect((await read()).iterations).toHaveLength(1);
  });

  test('has times that nobody can mean', async () => {
    const lanes = [
      laneRecord('a', { startedAt: 'yesterday' }),
      laneRecord('b', { startMs: null, endMs: null }),
    ];
    await writeRun(directory, { plan, events: [iterationFinished({ iteration: 2, lanes, at: 'never' })] });
    const { one } = await failingOne();
    expect(one.spanMs).toBe(0);
    expect(JSON.stringify(one.lanes.flatMap(({ steps }) => steps.map(({ startMs }) => startMs)))).toBe(
      '[null,null,null,null,null,null]',
    );
  });
});

/** What a stranger may have put into a run directory. */
describe('what is no log', () => {
  const nothingOfIt = async () => {
    const { detail, one } = await failingOne();
    expect(JSON.stringify(detail)).not.toContain(secret);
    return one;
  };

  test('is missing', async () => {
    rmSync(laneLog('b.stderr'));
    const one = await nothingOfIt();
    expect(one.invalid).toMatch(/b\.stderr/);
    expect(one.lanes.map(({ steps, log }) => [steps.length, log.lines])).toEqual([
      [3, 8],
      [0, 0],
    ]);
  });

  test('is a folder', async () => {
    rmSync(laneLog('b.stderr'));
    mkdirSync(laneLog('b.stderr'));
    expect((await nothingOfIt()).lanes[1]?.log.pieces).toEqual([]);
  });

  test('is a FIFO, which nobody writes to', async () => {
    rmSync(laneLog('b.stderr'));
    execFileSync('mkfifo', [laneLog('b.stderr'), laneLog('daemon.log')]);
    const one = await nothingOfIt();
    expect(one.lanes[1]?.log.pieces).toEqual([]);
    expect(one.daemonLog).toBeNull();
  });

  test('is a link that leads out', async () => {
    for (const name of ['b.stderr', 'b.stderr.times.jsonl', 'daemon.log']) {
      rmSync(laneLog(name), { force: true });
      symlinkSync(path.join(outside, 'log'), laneLog(name));
    }
    const one = await nothingOfIt();
    expect(one.invalid).toMatch(/link/);
    expect(one.daemonLog).toBeNull();
  });

  test.each(['iterations/main/0002', 'iterations/main'])(
    'lies in a folder that leads out: %s',
    async (folder) => {
      renameSync(inRun(folder), path.join(outside, 'kept'));
      symlinkSync(folder.endsWith('0002') ? path.join(outside, '0002') : outside, inRun(folder));
      const one = await nothingOfIt();
      expect(one.invalid).not.toBeNull();
      expect(one.lanes.map(({ log }) => log.pieces)).toEqual([[], []]);
      expect(one.daemonLog).toBeNull();
    },
  );

  test('is a log of daemons that leads out, and one that does not', async () => {
    mkdirSync(inRun('daemons'));
    writeFileSync(inRun('daemons', 'daemon-1.log'), 'ours\n');
    writeFileSync(inRun('daemons', 'notes.txt'), 'not a log\n');
    symlinkSync(path.join(outside, 'log'), inRun('daemons', 'daemon-2.log'));
    mkdirSync(inRun('daemons', 'daemon-3.log'));
    await nothingOfIt();
    expect((await read()).daemons).toMatchObject([
      { name: 'daemon-1', log: { lines: 1, bytes: 5, pieces: [{ firstLine: 1, lines: ['ours'] }] } },
    ]);
  });

  test('is a folder of daemons that leads out', async () => {
    symlinkSync(outside, inRun('daemons'));
    await nothingOfIt();
    expect((await read()).daemons).toEqual([]);
  });

  test('is no text at all', async () => {
    writeLog(directory, 'main', 2, 'b', Buffer.from([0xff, 0x00, 0xfe, 0x0a, 0xc0]));
    const { iterations } = await read();
    expect(iterations[2]?.lanes[1]).toMatchObject({ format: 'unknown', steps: [], log: { lines: 2 } });
  });
});

test('what a private daemon logged is kept with the lines that show something', async () => {
  writeFileSync(laneLog('daemon.log'), 'time="x" level=info msg="fine"\n');
  const { one } = await failingOne();
  expect(one.daemonLog).toMatchObject({ lines: 1, files: [{ file: 'iterations/main/0002/daemon.log' }] });
});
