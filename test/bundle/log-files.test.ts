import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOf, fileText, grouped, linesLeftOut } from '../../src/bundle/log-files.js';
import { readLogText } from '../../src/details/log-reader.js';
import { parseLog } from '../../src/progress/parse.js';
import { cutLog, type LogText } from '../../src/results/log-text.js';
import { recordedLogs } from '../e2e/paths.js';
import { logText } from '../reports/sample-detail.js';

const textsOf = (log: LogText): string[] => filesOf(log).map((file) => [...fileText(file)].join(''));
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `line ${i + 1}`);
const cutTo = (log: LogText, budget: number): LogText => cutLog(log, budget, (line) => line.length + 1);

async function wholeLog(file: string): Promise<LogText> {
  const bytes = readFileSync(path.join(recordedLogs, file));
  async function* chunks(): AsyncGenerator<Buffer> {
    yield bytes;
  }
  const text = await readLogText(chunks(), 1e9, []);
  return { files: [{ file, firstLine: 1 }], bytes: bytes.length, ...text };
}

describe('the text of a log', () => {
  it('is the log, where nothing was left out', () => {
    expect(textsOf(logText(['a', '', 'b']))).toEqual(['a\n\nb\n']);
    expect(textsOf(logText([]))).toEqual(['']);
  });

  it('says at its place what was left out', () => {
    const log: LogText = {
      ...logText(numbered(14_000)),
      pieces: [
        { firstLine: 2, lines: ['line 2'] },
        { firstLine: 12_348, lines: ['line 12348'] },
      ],
    };
    expect(textsOf(log)).toEqual([
      [
        '[buildrace: 1 line left out here: line 1 of this file]',
        'line 2',
        '[buildrace: 12,345 lines left out here: lines 3 to 12347 of this file]',
        'line 12348',
        '[buildrace: 1,652 lines left out here: lines 12349 to 14000 of this file]',
        '',
      ].join('\n'),
    ]);
    expect(filesOf(log).map(linesLeftOut)).toEqual([13_998]);
  });

  it('stands in the files that it was read from, with their own line numbers', () => {
    const log: LogText = {
      files: [
        { file: 'a.stdout', firstLine: 1 },
        { file: 'a.stderr', firstLine: 4 },
      ],
      lines: 6,
      bytes: 60,
      pieces: [
        { firstLine: 1, lines: ['out 1'] },
        { firstLine: 3, lines: ['out 3', 'err 1'] },
        { firstLine: 6, lines: ['err 3'] },
      ],
    };
    expect(textsOf(log)).toEqual([
      'out 1\n[buildrace: 1 line left out here: line 2 of this file]\nout 3\n',
      'err 1\n[buildrace: 1 line left out here: line 2 of this file]\nerr 3\n',
    ]);
  });

  it('long logs are made in pieces', () => {
    const pieces = [...fileText(filesOf(logText(numbered(50_000)))[0] as never)];
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join('').split('\n')).toHaveLength(50_001);
  });
});

describe('what scan makes of a bundled log', () => {
  const recorded = readdirSync(recordedLogs).filter((name) => name.endsWith('.log'));

  it('there are logs to try it on', () => expect(recorded.length).toBeGreaterThan(50));

  it.each(recorded)('a whole one says the same: %s', async (file) => {
    const original = await parseLog([readFileSync(path.join(recordedLogs, file))]);
    const bundled = await parseLog(textsOf(await wholeLog(file)).map((text) => Buffer.from(text)));
    const gist = ({ format, steps, outcome }: typeof original) => ({
      format,
      outcome,
      steps: steps.map(({ index, name, status, line }) => ({ index, name, status, line })),
    });
    expect(gist(bundled)).toEqual(gist(original));
  });

  it.each(recorded.filter((name) => /plain|rawjson|tty/.test(name)))(
    'a cut one is known to be cut, and of the same format: %s',
    async (file) => {
      const log = await wholeLog(file);
      const cut = cutTo(log, log.bytes * 0.7);
      const bundled = await parseLog(textsOf(cut).map((text) => Buffer.from(text)));
      const original = await parseLog([readFileSync(path.join(recordedLogs, file))]);
      expect(cut.pieces).not.toEqual(log.pieces);
      expect(bundled.truncated).not.toBeNull();
      expect(bundled.format).toBe(original.format);
    },
  );
});

it('figures are grouped alike everywhere', () =>
  expect([0, 999, 1_000, 12_345, 1_234_567].map(grouped)).toEqual([
    '0',
    '999',
    '1,000',
    '12,345',
    '1,234,567',
  ]));
