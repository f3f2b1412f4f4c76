import { describe, expect, it } from 'vitest';
import { historyTable, sparkline } from '../../src/reports/history-table.js';
import { columns } from '../../src/reports/width.js';
import type { History, HistoryMachine, HistoryRun, HistorySetup } from '../../src/results/history.js';

const point = (count: number, of: number, version: string | null = 'v1', daemonVersion = version) => ({
  run: 'r',
  startedAt: '2026-11-01T01:00:00.000Z',
  version,
  daemonVersion,
  count,
  of,
});

const machine: HistoryMachine = {
  os: 'Linux #1',
  kernel: '6.1',
  arch: 'x64',
  host: '1f2e3d4c5b6a',
  cpus: 2,
  cpuModel: 'AMD EPYC 7763',
};

const setup: HistorySetup = {
  builderName: null,
  lanes: 2,
  delaysMs: [],
  stopping: 'fixed',
  contentSha256: '3f2a00',
  machine,
};

function history(more: Partial<HistoryRun> = {}, arm = 'main'): History {
  const run: HistoryRun = {
    run: '2026-11-01T01-00-00-000Z-chaos-1506-buildctl-x',
    state: 'finished',
    scenario: 'chaos-1506',
    builder: { kind: 'buildctl', version: 'v1', daemonVersion: 'v2', simulated: false },
    startedAt: '2026-11-01T01:00:00.000Z',
    verdict: 'reproduced',
    stopped: null,
    part: null,
    leftOut: null,
    ...more,
  };
  const series = {
    scenario: 'chaos-1506',
    builder: 'buildctl',
    simulated: false,
    arm,
    signal: 'platform-drift',
    setup,
  };
  return { schemaVersion: 1, runs: [run], series: [{ ...series, points: [point(0, 5), point(5, 5)] }] };
}

describe('a line of marks', () => {
  it('has one for each run, and the version where it changes', () => {
    expect(sparkline([point(0, 5), point(5, 5), point(0, 0), point(1, 2, 'v2')])).toBe('v1 ▁█· v2 ▅');
    expect(sparkline([point(0, 5, null), point(0, 5, 'v1', 'd1')])).toBe('version unknown ▁ v1, daemon d1 ▁');
  });

  it('keeps the lowest mark for no sight at all', () => {
    expect(sparkline([point(1, 1_000)])).toBe('v1 ▂');
    expect(sparkline([point(999, 1_000)])).toBe('v1 █');
  });

  it('says that it does not go back to the first run', () => {
    const text = sparkline(Array.from({ length: 1_000 }, () => point(1, 1)));
    expect(text).toBe(`… v1 ${'█'.repeat(60)}`);
  });
});

describe('the table', () => {
  it('names runs and rates', () => {
    expect(historyTable(history())).toBe(`2026-11-01T01-00-00-000Z-chaos-1506-buildctl-x
  2026-11-01 01:00 chaos-1506 on buildctl v1, daemon v2: reproduced

chaos-1506 on buildctl
  main platform-drift: 5/5
    v1 ▁█

One mark a run: ▁ in no iteration, █ in each of them, · nothing to count.
`);
  });

  it('tells series of one name apart by what differs, and by that only', () => {
    const { runs, series } = history();
    const heads = (...setups: Partial<HistorySetup>[]) =>
      historyTable({
        schemaVersion: 1,
        runs,
        series: setups.flatMap((more) => series.map((one) => ({ ...one, setup: { ...setup, ...more } }))),
      })
        .split('\n')
        .flatMap((line) => /^ {2}main platform-drift(.*): 5\/5$/.exec(line)?.[1] ?? []);
    expect(heads({}, {})).toEqual(['', '']);
    expect(heads({}, { lanes: 4 })).toEqual([' (lanes 2)', ' (lanes 4)']);
    expect(heads({}, { delaysMs: [0, 50] })).toEqual([' (no delay)', ' (delays 0, 50 ms)']);
    expect(heads({}, { stopping: 'verdict' })).toEqual([' (fixed number)', ' (until verdict)']);
    expect(heads({ builderName: 'apple' }, { builderName: 'apple-fixed', lanes: 4 })).toEqual([
      ' (apple, lanes 2)',
      ' (apple-fixed, lanes 4)',
    ]);
    expect(heads({}, { contentSha256: '3f2a01' }, { contentSha256: null })).toEqual([
      ' (content 3f2a00)',
      ' (content 3f2a01)',
      ' (content unknown)',
    ]);
    const on = (...machines: Partial<HistoryMachine>[]) =>
      heads(...machines.map((more) => ({ machine: { ...machine, ...more } })));
    expect(on({}, {})).toEqual(['', '']);
    expect(on({}, { cpus: 1 }, { cpus: null })).toEqual([
      ' (2 CPUs)',
      ' (1 CPU)',
      ' (number of CPUs unknown)',
    ]);
    expect(on({}, { cpuModel: 'Apple M4', arch: 'arm64' })).toEqual([
      ' (AMD EPYC 7763, x64)',
      ' (Apple M4, arm64)',
    ]);
    expect(on({}, { host: 'mine' }, { host: null })).toEqual([
      ' (host 1f2e3d4c5b6a)',
      ' (host mine)',
      ' (host unknown)',
    ]);
    // The system's name goes with the kernel, and is told where that does not tell.
    expect(on({}, { kernel: '6.9', os: 'Linux #9' })).toEqual([' (kernel 6.1)', ' (kernel 6.9)']);
    expect(on({}, { os: 'Linux #2' }, { kernel: '6.9', os: 'Linux #9' })).toEqual([
      ' (kernel 6.1, Linux #1)',
      ' (kernel 6.1, Linux #2)',
      ' (kernel 6.9)',
    ]);
    expect(on({}, { kernel: null, os: null })).toEqual([' (kernel 6.1)', ' (kernel unknown)']);
  });

  it('says of a run what it is', () => {
    const builder = { kind: 'simulated', version: null, daemonVersion: null, simulated: true };
    const lines = (more: Partial<HistoryRun>) => historyTable(history(more)).split('\n')[1];
    expect(lines({ builder })).toContain('simulated (SIMULATED): reproduced');
    expect(lines({ state: 'unfinished', verdict: null })).toMatch(/: unfinished$/);
    expect(lines({ part: '1/2', verdict: null })).toMatch(/ part 1\/2: no verdict$/);
    expect(historyTable(history({ leftOut: 'stopped-at-first-sight' })).replaceAll(/\s+/g, ' ')).toContain(
      ': reproduced; it stopped at the first sight, and has no rate',
    );
    expect(historyTable(history({ leftOut: 'search' })).replaceAll(/\s+/g, ' ')).toContain(
      ': reproduced; it searched for an offset, and has no rate',
    );
    expect(historyTable(history({ leftOut: 'several-machines' })).replaceAll(/\s+/g, ' ')).toContain(
      ': reproduced; it ran on different machines, and has no rate',
    );
    expect(historyTable(history({ leftOut: 'several-builders' })).replaceAll(/\s+/g, ' ')).toContain(
      ': reproduced; its builder changed meanwhile, and it has no rate',
    );
    const none = { scenario: null, builder: null, startedAt: null, verdict: null };
    expect(lines({ ...none, state: 'unreadable' })).toBe('  unreadable');
  });

  it.each([80, 40])(
    'keeps within %i columns but for the names of runs, and lets no text of others act',
    (width) => {
      const evil = `\u001b[2J\u202e${'x'.repeat(100)}`;
      const builder = { kind: evil, version: evil, daemonVersion: evil, simulated: false };
      const text = historyTable(history({ run: evil, scenario: evil, builder, stopped: evil }, evil), width);
      const [name, ...lines] = text.split('\n');
      expect(name).toBe('x'.repeat(100));
      for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(width);
      expect(text).not.toMatch(/[\u001b\u202e]/);
    },
  );
});
