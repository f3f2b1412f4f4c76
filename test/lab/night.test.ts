import { expect, it } from 'vitest';
import { nightOf } from './night/night.js';

/** The short form of `npm run lab:night`. */
it.each([
  { scenario: 'chaos-1506', seed: 11 },
  { scenario: 'no-cache-empties-mount', seed: 12 },
] as const)(
  '$scenario, with kills of tool, lanes and daemon, counts what the raw logs show',
  async ({ scenario, seed }) => {
    const told: string[] = [];
    const night = await nightOf(scenario, {
      iterations: 12,
      seed,
      pauseMs: { from: 500, to: 5_000 },
      mostKills: 6,
      tell: (sentence) => told.push(sentence),
    });
    expect(
      night.rows.filter(({ agrees }) => !agrees),
      told.join('\n'),
    ).toEqual([]);
    expect(night.rows).toHaveLength(2);
    expect(night.left).toEqual([]);
    expect(Object.values(night.kills).reduce((sum, one) => sum + one, 0)).toBeGreaterThan(0);
    // What a control is for: it was looked at, and is clean.
    expect(night.rows[1]?.told).toMatchObject({ count: 0 });
    expect(night.rows[1]?.told.of).toBeGreaterThan(0);
  },
);
