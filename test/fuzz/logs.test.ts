import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectors } from '../../src/detectors/index.js';
import { createParser } from '../../src/progress/parse.js';
import type { Timeline } from '../../src/progress/timeline.js';
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
        const timeline = read(mutatedLog(new Random(number)));
        checkSteps(timeline);
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
