import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile, rm, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, vi } from 'vitest';
import { UserError } from '../../src/errors.js';
import {
  type IterationFinished,
  type JournalEvent,
  type NewEvent,
  parseJournal,
} from '../../src/results/journal.js';
import { JournalWriter } from '../../src/results/journal-writer.js';
import { test } from '../scenario/folder.js';
import { iterationFinished, laneRecord } from './sample-run.js';

const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
// JSON has one zero only.
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const text = fc.string({ unit: 'binary' });
const lane = fc.record({
  lane: name,
  command: fc.array(text),
  env: fc.dictionary(
    text.filter((key) => key !== '__proto__'),
    text,
    { noNullPrototype: true },
  ),
  delayMs: number,
  startMs: fc.option(number),
  endMs: fc.option(number),
  startedAt: fc.option(text),
  exitCode: fc.option(fc.nat()),
  signal: fc.option(text),
  timedOut: fc.boolean(),
  context: fc.option(fc.record({ files: fc.nat(), sha256: text })),
  cancelled: fc.boolean(),
  cuts: fc.array(
    fc.record({
      stream: fc.constantFrom('stdout' as const, 'stderr' as const),
      keptBytes: fc.nat(),
      leftOutBytes: fc.integer({ min: 1 }),
      line: fc.integer({ min: 1 }),
    }),
    { maxLength: 2 },
  ),
  image: fc.option(fc.record({ name: text, digest: text, configDigest: text })),
});
const iteration = fc.integer({ min: 1, max: 1e9 });
const event: fc.Arbitrary<NewEvent> = fc.oneof(
  fc.constant({ event: 'run-started' as const }),
  fc.record({
    event: fc.constant('run-resumed' as const),
    toolVersion: text,
    machine: fc.record({ arch: text, cpuModel: text, cpus: fc.nat(), kernel: text, host: fc.option(text) }),
    warnings: fc.array(text, { maxLength: 2 }),
  }),
  fc.record({
    event: fc.constant('warm-up-finished' as const),
    dockerfile: text,
    exitCode: fc.option(fc.nat()),
    durationMs: number,
    tail: fc.option(text),
  }),
  fc.record({ event: fc.constant('iteration-started' as const), arm: name, iteration }),
  fc.record({
    event: fc.constant('iteration-finished' as const),
    arm: name,
    iteration,
    lanes: fc.array(lane, { maxLength: 3 }),
    spoilt: fc.option(text),
    builderGone: fc.option(text),
    cacheChecks: fc.array(
      fc.record({
        folder: text,
        lanes: fc.array(name),
        manifests: fc.nat(),
        missing: fc.array(fc.record({ digest: text, namedBy: text })),
        problem: fc.option(text),
      }),
      { maxLength: 2 },
    ),
    daemonLogCut: fc.option(
      fc.record({ keptBytes: fc.nat(), leftOutBytes: fc.integer({ min: 1 }), line: fc.integer({ min: 1 }) }),
    ),
    load: number,
  }),
  fc.record({ event: fc.constant('daemon-restarted' as const), daemon: name, reason: text }),
  fc.record({
    event: fc.constant('builder-changed' as const),
    version: fc.option(text),
    daemonVersion: fc.option(text),
  }),
  fc.record({ event: fc.constant('run-stopped' as const), reason: text }),
  fc.constant({ event: 'run-finished' as const }),
);

async function append(file: string, events: readonly NewEvent[]): Promise<JournalEvent[]> {
  const journal = await JournalWriter.open(file);
  const written: JournalEvent[] = [];
  for (const one of events) written.push(await journal.append(one, true));
  await journal.close();
  return written;
}

const line = (one: JournalEvent): string => `${JSON.stringify(one)}\n`;

describe('a journal', () => {
  test('gives back what was written, with version and time', async ({ folder }) => {
    const file = folder.at('journal.jsonl');
    await fc.assert(
      fc
        .asyncProperty(fc.array(event, { maxLength: 8 }), async (events) => {
          const written = await append(file, events);
          const { events: read, unreadable } = parseJournal(await readFile(file, 'utf8'));
          expect(unreadable).toEqual([]);
          expect(read).toEqual(written);
          expect(read.map(({ schemaVersion, at, ...rest }) => rest)).toEqual(events);
          for (const { schemaVersion, at } of read) {
            expect(schemaVersion).toBe(1);
            expect(new Date(at).toISOString()).toBe(at);
          }
        })
        .afterEach(() => rm(file, { force: true })),
    );
  });

  test('of an older version, which tells of no gaps, has none', () => {
    const { daemonLogCut, ...older } = iterationFinished();
    expect(daemonLogCut).toBeNull();
    expect(parseJournal(line(older as JournalEvent))).toEqual({
      events: [iterationFinished()],
      unreadable: [],
    });
  });

  test('is appended to when it is opened again', async ({ folder }) => {
    const file = folder.at('journal.jsonl');
    await append(file, [{ event: 'run-started' }]);
    await append(file, [{ event: 'run-finished' }]);
    expect(parseJournal(await readFile(file, 'utf8')).events.map((one) => one.event)).toEqual([
      'run-started',
      'run-finished',
    ]);
  });

  test('loses only its last line, wherever a crash cuts it', () => {
    const first = line(iterationFinished());
    const last = line(iterationFinished({ iteration: 2, spoilt: 'ä' }));
    for (let length = 1; length < last.length - 1; length++) {
      const { events, unreadable } = parseJournal(first + last.slice(0, length));
      expect(events).toEqual([iterationFinished()]);
      expect(unreadable).toEqual([2]);
    }
    // Only the line end is missing: the event is whole.
    expect(parseJournal(first + last.slice(0, -1))).toMatchObject({ events: { length: 2 }, unreadable: [] });
    expect(parseJournal(first)).toMatchObject({ events: { length: 1 }, unreadable: [] });
  });

  test('that was cut takes new events whole', async ({ folder }) => {
    for (const cut of [line(iterationFinished()).slice(0, 40), line(iterationFinished()).slice(0, -1)]) {
      const file = await folder.write('journal.jsonl', line(iterationFinished()) + cut);
      await append(file, [{ event: 'run-finished' }]);
      const { events } = parseJournal(await readFile(file, 'utf8'));
      expect(events.at(-1)?.event).toBe('run-finished');
      expect(events[0]).toEqual(iterationFinished());
    }
  });

  test('names damaged lines in the middle, and keeps the others', () => {
    const good = line(iterationFinished());
    const damage = [
      '{"schemaVersion":1',
      'null',
      '[]',
      '\0\0\0',
      '{}',
      '{"schemaVersion":1,"at":"x","event":"unknown"}',
    ];
    const { events, unreadable } = parseJournal(good + damage.map((one) => `${one}\n`).join('') + good);
    expect(events).toEqual([iterationFinished(), iterationFinished()]);
    expect(unreadable).toEqual([2, 3, 4, 5, 6, 7]);
  });

  test('skips empty lines and counts them', () => {
    expect(parseJournal(`\n\n${line(iterationFinished())}\nx\n`)).toMatchObject({
      events: { length: 1 },
      unreadable: [5],
    });
    expect(parseJournal('')).toEqual({ events: [], unreadable: [] });
  });

  const hostile: readonly (readonly [string, Partial<IterationFinished>])[] = [
    ['an arm that climbs', { arm: '../x' }],
    ['an absolute arm', { arm: '/etc' }],
    ['an arm without a name', { arm: '' }],
    ['a lane that climbs', { lanes: [laneRecord('../x')] }],
    ['a lane in another folder', { lanes: [laneRecord('a'), laneRecord('b/c')] }],
    ['a lane that is the folder', { lanes: [laneRecord('..')] }],
    ['the warm-up as an iteration', { iteration: 0 }],
    ['half an iteration', { iteration: 1.5 }],
  ];
  test.for(hostile)('does not take %s', ([, more]) => {
    expect(parseJournal(line(iterationFinished(more)))).toEqual({ events: [], unreadable: [1] });
  });

  test('does not take an event of a newer version', () => {
    const newer = JSON.stringify({ ...iterationFinished(), schemaVersion: 2 });
    expect(parseJournal(newer)).toEqual({ events: [], unreadable: [1] });
  });

  test('says where it cannot be made', async ({ folder }) => {
    const opened = JournalWriter.open(folder.at('none/journal.jsonl'));
    await expect(opened).rejects.toThrow(
      `the journal ${folder.at('none/journal.jsonl')} cannot be written (no such file or directory)`,
    );
    await expect(opened).rejects.toBeInstanceOf(UserError);
  });

  test.runIf(existsSync('/dev/full'))('says when there is no space left', async () => {
    const journal = await JournalWriter.open('/dev/full');
    await expect(journal.append({ event: 'run-started' })).rejects.toThrow(
      'the journal /dev/full cannot be written (no space left on device); make space there; what was finished is kept',
    );
    await journal.close();
  });

  const broken = ['short write', 'sync'] as const;
  test.for(broken)('takes an event back that a %s kept from the disk', async (how, { folder }) => {
    const file = folder.at('journal.jsonl');
    const journal = await JournalWriter.open(file);
    await journal.append({ event: 'run-started' });
    const handle = await open(file);
    const shared = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const full = Object.assign(new Error('full'), { code: 'ENOSPC', errno: -28 });
    const spy =
      how === 'sync'
        ? vi.spyOn(shared, 'sync').mockRejectedValueOnce(full)
        : vi.spyOn(shared, 'appendFile').mockImplementationOnce(async function (this: FileHandle, text) {
            await this.write(String(text).slice(0, 25));
            throw full;
          });
    const appended = journal.append({ event: 'iteration-started', arm: 'main', iteration: 1 }, true);
    await expect(appended).rejects.toThrow('cannot be written (no space left on device)');
    spy.mockRestore();
    expect(parseJournal(await readFile(file, 'utf8'))).toMatchObject({
      events: [{ event: 'run-started' }],
      unreadable: [],
    });
    await journal.append({ event: 'run-finished' });
    await journal.close();
    expect(parseJournal(await readFile(file, 'utf8'))).toMatchObject({
      events: [{ event: 'run-started' }, { event: 'run-finished' }],
      unreadable: [],
    });
  });

  test('that cannot take half a line back begins the next one anew', async ({ folder }) => {
    const file = folder.at('journal.jsonl');
    const journal = await JournalWriter.open(file);
    const handle = await open(file);
    const shared = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const full = Object.assign(new Error('full'), { code: 'EIO', errno: -5 });
    vi.spyOn(shared, 'appendFile').mockImplementationOnce(async function (this: FileHandle, text) {
      await this.write(String(text).slice(0, 25));
      throw full;
    });
    vi.spyOn(shared, 'truncate').mockRejectedValueOnce(full);
    await expect(journal.append({ event: 'run-started' })).rejects.toThrow(UserError);
    vi.restoreAllMocks();
    await journal.append({ event: 'run-finished' });
    await journal.close();
    expect(parseJournal(await readFile(file, 'utf8'))).toMatchObject({
      events: [{ event: 'run-finished' }],
      unreadable: [1],
    });
  });

  test('is read as UTF-8 with line ends of Unix alone', async ({ folder }) => {
    const file = folder.at('journal.jsonl');
    const reason = 'ä\u2028\r\n\u0085x';
    await append(file, [{ event: 'run-stopped', reason }]);
    expect(parseJournal(await readFile(file, 'utf8')).events).toMatchObject([{ reason }]);
    await writeFile(file, '');
  });
});
