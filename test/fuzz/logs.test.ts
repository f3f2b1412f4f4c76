import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { detectors } from '../../src/detectors/index.js';
import { createParser } from '../../src/progress/parse.js';
import type { Timeline } from '../../src/progress/timeline.js';
import { printableJson } from '../../src/results/printable-json.js';
import { scanFile } from '../../src/scan.js';
import { scanDocument } from '../e2e/contract.js';
import { scanTimeline } from './detecting.js';
import { beginnings, longLines, manyLines } from './hostile-logs.js';
import { mutatedLog } from './mutate-log.js';
import { Random } from './random.js';
import { recordedLogs } from './recorded.js';
import { seed, sizeOf, times } from './settings.js';

/** The log in chunks of random sizes, many of them of one byte; each chunk is wiped when it was read. */
function readInChunks(log: Buffer, random: Random): Timeline {
  const parser = createParser();
  const most = random.pick([1, 2, 7, 80, 5000]);
  for (let start = 0; start < log.length; ) {
    const end = Math.min(log.length, start + 1 + random.below(most));
    const chunk = Buffer.from(log.subarray(start, end));
    parser.push(chunk);
    chunk.fill(0x23);
    start = end;
  }
  return parser.end();
}

function read(log: Buffer): Timeline {
  const parser = createParser();
  parser.push(log);
  return parser.end();
}

const settings = (usual: number) => ({ seed, numRuns: times(usual) });
const anySeed = fc.integer({ min: 0, max: 0x7fff_ffff });

describe('a recorded log that was changed', () => {
  it('reads the same in any chunks', () => {
    fc.assert(
      fc.property(anySeed, (number) => {
        const random = new Random(number);
        const log = mutatedLog(random);
        expect(readInChunks(log, random)).toEqual(read(log));
      }),
      settings(50),
    );
  });

  it('makes steps and findings that keep their promises', () => {
    fc.assert(
      fc.property(anySeed, (number) => {
        const log = mutatedLog(new Random(number));
        const timeline = read(log);
        checkSteps(timeline);
        checkIndices(timeline, log);
        checkFindings(timeline);
      }),
      settings(100),
    );
  });
});

function checkSteps({ steps, lines }: Timeline): void {
  let last = 1;
  for (const step of steps) {
    expect(Number.isSafeInteger(step.index)).toBe(true);
    expect(step.line).toBeGreaterThanOrEqual(last);
    expect(Math.max(step.line, step.endLine ?? 0)).toBeLessThanOrEqual(lines);
    expect(['done', 'cached', 'error', 'cancelled', 'unfinished']).toContain(step.status);
    expect(step.error === null || step.status === 'error').toBe(true);
    expect(step.durationMs === null || step.durationMs >= 0).toBe(true);
    last = step.line;
  }
}

/**
 * Each step has a number of its own. One that was printed may come again with a build that begins behind another one, at
 * `#0 ` or `#1 ` (classic: at step 1); the stages of a Buildah build count for themselves, side by side.
 */
function checkIndices({ format, steps }: Timeline, log: Buffer): void {
  if (format === 'buildah') return;
  const builds =
    format === 'plain'
      ? (log.toString('latin1').match(/#0*[01] /g)?.length ?? 0)
      : format === 'classic'
        ? steps.filter(({ index }) => index === 1).length
        : 1;
  const times = new Map<number, number>();
  for (const { index } of steps) times.set(index, (times.get(index) ?? 0) + 1);
  for (const [index, count] of times)
    expect(count, `steps ${index} in ${builds} builds`).toBeLessThanOrEqual(Math.max(1, builds));
}

/** As `checkIndices`, of a log that holds one build. */
function checkUnique({ format, steps }: Timeline, name: string): void {
  if (format !== 'buildah') expect(new Set(steps.map(({ index }) => index)).size, name).toBe(steps.length);
}

function checkFindings(timeline: Timeline): void {
  for (const { findings, blind } of scanTimeline(timeline).values()) {
    for (const { message, evidence } of findings) {
      expect(message).not.toBe('');
      expect(evidence.length).toBeGreaterThan(0);
      let last = 0;
      for (const { line } of evidence) {
        expect(line).toBeGreaterThan(last);
        expect(line).toBeLessThanOrEqual(timeline.lines);
        last = line;
      }
    }
    for (const { reason } of blind) expect(reason).not.toBe('');
  }
}

describe('what scan --json prints', () => {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'buildrace-fuzz-')), 'some.log');
  afterAll(() => rmSync(path.dirname(file), { recursive: true, force: true }));

  async function checkDocument(log: Buffer): Promise<void> {
    writeFileSync(file, log);
    const { scan } = await scanFile(file);
    const printed = JSON.parse(printableJson({ schemaVersion: 1, logs: [scan] }));
    expect(scanDocument.safeParse(printed).error).toBeUndefined();
  }

  it('keeps to its contract, of recorded logs', async () => {
    for (const { name, bytes } of recordedLogs) {
      await checkDocument(bytes);
      checkUnique(read(bytes), name);
    }
  });

  it('keeps to its contract, of changed logs and of any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(anySeed, (number) => checkDocument(mutatedLog(new Random(number)))),
      settings(60),
    );
  });
});

describe('evidence', () => {
  it('is text of its line', () => {
    for (const { name, bytes } of recordedLogs) {
      const timeline = read(bytes);
      // A terminal's row has its state in front of its name, and JSON has none of its own lines.
      if (timeline.format === 'rawjson' || timeline.format === 'tty') continue;
      const lines = bytes.toString('utf8').split('\n');
      for (const { findings } of scanTimeline(timeline).values())
        for (const { line, text } of findings.flatMap(({ evidence }) => evidence))
          expect(lines[line - 1], `${name}, line ${line}`).toContain(text.trim());
    }
  });
});

describe('a recorded log that was cut', () => {
  /** Behind these, all that was begun is whole: another stage may follow or not, and nothing tells. */
  const nothingTells = [{ log: 'buildctl-v0.10.4.printfail.single.plain.log', signal: 'build-failed' }];

  it('shows what it shows whole, or says that it is cut', () => {
    const random = new Random(seed);
    for (const { name, bytes } of recordedLogs) {
      const whole = scanTimeline(read(bytes));
      for (let tries = Math.min(15, times(2)); tries > 0; tries -= 1) {
        const end = random.chance(2)
          ? bytes.indexOf(10, random.below(bytes.length)) + 1
          : random.below(bytes.length);
        const cut = scanTimeline(read(bytes.subarray(0, end)));
        for (const [signal, { findings }] of whole) {
          if (findings.length === 0) continue;
          if (nothingTells.some((one) => one.log === name && one.signal === signal)) continue;
          const { findings: left = [], blind = [] } = cut.get(signal) ?? {};
          expect(left.length + blind.length, `${signal} in ${name} cut at ${end}`).toBeGreaterThan(0);
        }
      }
    }
  });

  it('has the steps that it has whole', () => {
    const random = new Random(seed);
    for (const { name, bytes } of recordedLogs) {
      const whole = read(bytes);
      for (let tries = Math.min(15, times(2)); tries > 0; tries -= 1) {
        const end = bytes.indexOf(10, random.below(bytes.length)) + 1;
        const cut = read(bytes.subarray(0, end));
        if (cut.format === 'unknown') continue;
        expect(cut.format, `${name} cut at ${end}`).toBe(whole.format);
        for (const { name: step, line } of cut.steps) {
          // A row of a terminal is cut where the display is narrow, and a name may come later than its first line.
          const same = whole.steps.some(
            (one) => one.line === line && (step === '' || one.name.startsWith(step)),
          );
          expect(same, `${step} of ${name} cut at ${end}`).toBe(true);
        }
      }
    }
  });
});

// What takes longer than its length takes the long ones for hours. At full size: `BUILDRACE_FUZZ_RUNS`.
describe('a log that was made to be slow', () => {
  it.each(manyLines)('ends: $name', ({ text }) => {
    const timeline = read(Buffer.from(text(sizeOf(1_500, 12_000))));
    for (const detector of detectors) scanTimeline(timeline, detector);
  });

  it('ends, with any line that is one pattern over and over', () => {
    const size = sizeOf(1_500, 9_000);
    for (const beginning of beginnings)
      for (const { name, text } of longLines) {
        const start = process.cpuUsage();
        read(Buffer.from(`${beginning}${text(size)}\n`));
        // A thousand times what it takes: only what grows with the cube of its length comes near.
        expect(process.cpuUsage(start).user, name).toBeLessThan(2_000_000);
      }
  });

  it.each([
    '',
    '[',
    '[a/',
    '=> [context ',
    '#1 [',
    '{"a":',
    '\x1b[',
    '\x1b]',
    '\uFFFD',
    ' ',
    "The command '",
    '/',
  ])('ends, with a line of nothing but %j', (piece) => {
    const times = Math.floor(sizeOf(500_000, 4_000_000) / Math.max(1, piece.length));
    for (const beginning of beginnings) read(Buffer.from(`${beginning}#1 ${piece.repeat(times)}\n`));
  });
});
