import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { fitInto, type Part } from '../../src/bundle/fit-into.js';
import type { PackedLog } from '../../src/bundle/packed-logs.js';
import { type Entry, zipOf } from '../../src/bundle/zip.js';
import { logText } from '../reports/sample-detail.js';

/** Text that cannot be compressed by more than its alphabet: xorshift, so that it is the same each time. */
function noise(lines: number, seed: number): string[] {
  let state = seed;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return Array.from({ length: lines }, () =>
    Array.from({ length: 16 }, () => next().toString(36).padStart(7, '0')).join(''),
  );
}

const alike = (lines: number): string[] => Array.from({ length: lines }, () => 'the same line, again');
const packed = (name: string, lines: readonly string[], wanted: readonly number[] = []): PackedLog => ({
  names: [name],
  log: logText(lines, name),
  wanted,
});
const always = (name: string, content: string): Part => ({
  entries: [{ name, content }],
  without: '',
  spare: 0,
});
const readmeOf = ({ cut, leftOut }: { cut: readonly unknown[]; leftOut: readonly string[] }): Entry => ({
  name: 'README.md',
  content: JSON.stringify({ cut, leftOut }),
});
const into = (limit: number, parts: readonly Part[], logs: readonly PackedLog[]) => {
  const fitted = fitInto(parts, logs, readmeOf, { limit, folder: 'run' });
  return { ...fitted, zip: zipOf('run', fitted.entries) };
};

describe('fitInto', () => {
  it('leaves everything whole where there is room', () => {
    const { cut, leftOut, entries, zip } = into(
      1_000_000,
      [always('a', 'x')],
      [packed('one.log', alike(100)), packed('two.log', noise(100, 1))],
    );
    expect({ cut, leftOut }).toEqual({ cut: [], leftOut: [] });
    expect(entries.map(({ name }) => name)).toEqual(['README.md', 'a', 'one.log', 'two.log']);
    expect(zip.length).toBeLessThan(1_000_000);
  });

  it.each([200_000, 150_000, 120_000])('logs that cannot be compressed end up under %i bytes', (limit) => {
    const logs = [packed('big.log', noise(20_000, 1)), packed('small.log', noise(50, 2))];
    const { cut, zip } = into(limit, [always('a', 'x')], logs);
    expect(zip.length).toBeLessThanOrEqual(limit);
    // What room there is, is used.
    expect(zip.length).toBeGreaterThan(limit * 0.8);
    expect(cut.map(({ file }) => file)).toEqual(['big.log']);
    expect(cut[0]?.lines).toBeLessThan(20_000);
    expect(cut[0]?.bytes).toBe((cut[0]?.lines ?? 0) * 113);
  });

  it('what takes most room is cut, not what has most lines', () => {
    const logs = [packed('alike.log', alike(50_000)), packed('noise.log', noise(10_000, 3))];
    expect(into(200_000, [], logs).cut.map(({ file }) => file)).toEqual(['noise.log']);
  });

  it('evidence stays, wherever it is', () => {
    const lines = noise(20_000, 4);
    lines[9_999] = 'the evidence';
    const textOf = (wanted: readonly number[]): string => {
      const { zip } = into(150_000, [], [packed('big.log', lines, wanted)]);
      expect(zip.length).toBeLessThanOrEqual(150_000);
      return strFromU8(unzipSync(zip)['run/big.log'] ?? new Uint8Array());
    };
    expect(textOf([10_000])).toContain('\nthe evidence\n');
    expect(textOf([])).not.toContain('the evidence');
  });

  it('many logs share what there is', () => {
    const logs = Array.from({ length: 40 }, (_, i) => packed(`${i}.log`, noise(500, i + 1)));
    const { cut, zip } = into(500_000, [], logs);
    expect(zip.length).toBeLessThanOrEqual(500_000);
    expect(cut).toHaveLength(40);
  });

  it('where the parts are too much, they go in the order that they can be spared in', () => {
    const large = noise(2_000, 5).join('\n');
    const parts: Part[] = [
      always('a', 'x'),
      { entries: [{ name: 'b', content: large }], without: 'b', spare: 1 },
      {
        entries: [{ name: 'c', content: large }],
        instead: [{ name: 'c', content: 'short' }],
        without: 'most of c',
        spare: 2,
      },
    ];
    const most = into(300_000, parts, []);
    expect(most.leftOut).toEqual(['most of c']);
    expect(most.entries.map(({ name, bytes }) => [name, bytes > 100])).toEqual([
      ['README.md', false],
      ['a', false],
      ['b', true],
      ['c', false],
    ]);
    const least = into(110_000, parts, []);
    expect(least.leftOut).toEqual(['most of c', 'b']);
    expect(least.entries.map(({ name }) => name)).toEqual(['README.md', 'a', 'c']);
  });

  it('says so where nothing can be spared', () => {
    expect(() => into(110_000, [always('a', noise(2_000, 6).join('\n'))], [])).toThrow(
      /^the run cannot be bundled: what cannot be left out comes to 1\d\d\.\d kB, and /,
    );
  });
});
