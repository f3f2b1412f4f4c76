import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { armOf, type RunDocument, runsDocument, signalOf } from './contract.js';
import { buildrace, type Ended, scratchFolder } from './program.js';

/** Two builds of one platform: `apple` spells it two ways in each of them, at any offset; `buildkit` shows nothing. */
const scenario = (signal: string): string => `title: Two builds
dockerfiles: files
build: { noCache: true, platforms: [linux/arm64/v8] }
arms:
  - { name: together, role: reproduce, expects: [${signal}] }
  - { name: plain, role: control, of: together, build: { platforms: [linux/arm64] } }
`;

interface Window {
  readonly phase: string;
  readonly bestMs: number | null;
  readonly searched: readonly { readonly offsetMs: number; readonly count: number; readonly of: number }[];
  readonly runs: readonly string[];
}
const windowOf = (run: RunDocument | undefined): Window => run?.window as Window;

function place(signal: string): string {
  const folder = scratchFolder();
  mkdirSync(path.join(folder, 'files'));
  writeFileSync(
    path.join(folder, 'files/Dockerfile'),
    'FROM alpine:3.20 AS builder\nRUN true\nFROM alpine:3.20\nCOPY --from=builder /etc /etc\n',
  );
  writeFileSync(path.join(folder, 'two.yaml'), scenario(signal));
  return folder;
}

const find = (folder: string, ...more: readonly string[]): Promise<Ended> =>
  buildrace(['run', 'two.yaml', '--find-window', '--window', '0ms..60ms', ...more], {
    cwd: folder,
    env: { BUILDRACE_SIMULATOR_STATE: path.join(folder, 'state') },
  });

describe('a fault that shows', () => {
  const folder = place('platform-drift');
  let ended: Ended;
  let run: RunDocument | undefined;

  beforeAll(async () => {
    ended = await find(
      folder,
      ...['--max-iterations', '6', '--iterations', '2', '--builder', 'simulated', '--json'],
    );
    run = runsDocument.parse(JSON.parse(ended.stdout)).runs[0];
  });

  it('is measured on iterations of its own, beside its control, at an offset that was looked at', () => {
    expect(ended.exitCode, ended.stderr).toBe(0);
    const { phase, bestMs, searched } = windowOf(run);
    expect(phase).toBe('confirm');
    expect(searched.reduce((sum, { of }) => sum + of, 0)).toBe(6);
    expect(searched.map(({ offsetMs }) => offsetMs)).toContain(bestMs);
    if (run === undefined) throw new Error('no run');
    expect(signalOf(armOf(run, 'together'), 'platform-drift').iterations).toMatchObject({ count: 2, of: 2 });
    expect(armOf(run, 'plain').iterations.planned).toBe(2);
    for (const { lanes } of run.arms) expect(lanes).toMatchObject({ delaysMs: [0, bestMs] });
    expect(run.again).toContain(`--delay 0ms,${bestMs}ms`);
  });

  it('leaves an ordinary run directory for each run of the search, without controls', async () => {
    const { runs, searched } = windowOf(run);
    expect(runs.length).toBeGreaterThanOrEqual(2);
    for (const name of runs) {
      const directory = path.join(folder, 'results', name);
      expect(existsSync(path.join(directory, 'result.json'))).toBe(true);
      const again = await buildrace(['analyze', directory, '--json']);
      const [one] = runsDocument.parse(JSON.parse(again.stdout)).runs;
      expect(one?.arms.every(({ role }) => role === 'reproduce')).toBe(true);
      expect(windowOf(one)).toMatchObject({ phase: 'search' });
      if (name === runs.at(-1)) expect(windowOf(one).searched).toEqual(searched);
    }
  });

  it('is drawn against the offset, by analyze and in the report', async () => {
    const directory = run?.directory ?? '';
    const table = (await buildrace(['analyze', directory])).stdout;
    const report = (await buildrace(['report', directory])).stdout;
    for (const text of [table, report]) {
      expect(text).toContain('← measured');
      expect(text).toContain(`Measured on fresh iterations ${windowOf(run).bestMs} ms apart`);
    }
    const lines = table.split('\n').filter((line) => line !== directory);
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
    expect(JSON.parse(readFileSync(path.join(directory, 'result.json'), 'utf8')).window).toEqual(run?.window);
  });
});

describe('a fault that does not', () => {
  it('is measured nowhere, and said to be no more frequent than it can be', async () => {
    const folder = place('build-failed');
    const ended = await find(folder, '--max-iterations', '5', '--builder', 'simulated:buildkit');
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('NOT REPRODUCED');
    expect(ended.stdout).toContain('It showed at no offset, in 5 iterations at 5 offsets (0 to 60 ms).');
    // Clopper and Pearson, one-sided: 1 - 0.05 for one iteration, 1 - 0.05^(1/5) for five.
    expect(ended.stdout.replaceAll('\n', ' ')).toContain('at most 95 % of the iterations');
    expect(ended.stdout.replaceAll('\n', ' ')).toContain('at most 45 % over all offsets together');
    expect(ended.stderr).not.toContain('fresh iteration');
  });
});

describe('what makes no sense together', () => {
  it.each([
    [['--until', 'first'], '--until'],
    [['--delay', '50ms'], '--delay'],
    [['--shard', '1/2'], '--shard'],
    [['--sweep', 'lanes=2,4'], '--sweep'],
    [['--window', '1s..0ms'], 'has to be below'],
  ])('%j ends with exit code 2 and one sentence', async (more, expected) => {
    const ended = await buildrace([
      ...['run', 'chaos-1506', '--find-window', '--builder', 'simulated'],
      ...more,
    ]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain(expected);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });
});
